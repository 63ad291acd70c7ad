using Rmap.Model.Rmap;

namespace Rmap.Model.Ksm;

/// <summary>
/// A pass of ksmd over all registered mms (<c>scan_get_next_rmap_item</c>, 6.18). Left out: pauses between pages, so the
/// cursor is where the loops are; smart scan.
/// </summary>
internal static class KsmScan
{
    internal static void Pass(TaskStruct current)
    {
        KsmState ksm = current.Machine.Ksm;
        MlockBatch.Drain(current);
        UnstableTree.Begin(ksm, ksm.FullScans + 1);
        foreach (KsmMmSlot slot in ksm.Slots.ToArray())
        {
            if (!ScanMm(current, slot))
                ksm.Unregister(slot);
        }
    }

    /// <summary>Every present anonymous page of a mergeable VMA, by address; items beyond the last one go.</summary>
    /// <returns>False if the mm has exited or has no mergeable VMA: it is unregistered.</returns>
    private static bool ScanMm(TaskStruct current, KsmMmSlot slot)
    {
        bool mergeable = false;
        int next = 0;
        for (int i = 0; slot.Mm.At(i) is { } vma; i++)
        {
            mergeable |= vma.Has(VmFlags.Mergeable);
            if (vma.IsMergeable)
                ScanVma(current, slot, vma, ref next);
        }

        Discard(current, slot, next, slot.Items.Count);
        return mergeable;
    }

    private static void ScanVma(TaskStruct current, KsmMmSlot slot, VmArea vma, ref int next)
    {
        foreach ((VirtualPage address, Pte pte) in vma.Mm.PageTable.Walk(vma.Range))
        {
            if (pte.IsPresent && pte.Page.IsAnon)
                KsmMerge.CompareAndMerge(current, pte.Page, ItemFor(current, slot, address, ref next));
        }
    }

    /// <summary>
    /// <c>get_next_rmap_item</c>: the item of an address, a new one if there is none. Items below it that the scan did not come by
    /// have no page any more and go.
    /// </summary>
    private static RmapItem ItemFor(TaskStruct current, KsmMmSlot slot, VirtualPage address, ref int next)
    {
        int end = next;
        while (end < slot.Items.Count && slot.Items[end].Address < address)
            end++;

        Discard(current, slot, next, end);
        if (next < slot.Items.Count && slot.Items[next].Address == address)
            return slot.Items[next++];

        var item = new RmapItem(slot, address);
        slot.Items.Insert(current.Rules.KsmPlaceOfNewItem(next++), item);
        slot.Mm.KsmRmapItems++;
        current.Machine.Ksm.RmapItems++;
        return item;
    }

    /// <summary><c>remove_trailing_rmap_items</c>: removes items from their trees and frees them.</summary>
    internal static void Discard(TaskStruct current, KsmMmSlot slot, int from, int to)
    {
        for (int i = from; i < to && current.Rules.Does(LinuxStep.KsmDiscardLeavesTree); i++)
            KsmMerge.RemoveFromTree(current, slot.Items[i]);

        for (int i = from; i < to; i++)
            slot.Items[i].IsFreed = true;

        slot.Items.RemoveRange(from, to - from);
        slot.Mm.KsmRmapItems -= to - from;
        current.Machine.Ksm.RmapItems -= to - from;
    }
}
