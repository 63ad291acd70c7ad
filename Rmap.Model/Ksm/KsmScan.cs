namespace Rmap.Model.Ksm;

/// <summary>
/// A pass of ksmd over all registered mms (<c>scan_get_next_rmap_item</c>, 6.18). Left out: pauses between pages, so the
/// cursor is where the loops are; smart scan.
/// </summary>
internal sealed class KsmScan
{
    private readonly KsmMerge merge;
    private readonly List<KsmMmSlot> slots;

    internal KsmScan(KsmMerge merge, List<KsmMmSlot> slots)
    {
        this.merge = merge;
        this.slots = slots;
    }

    /// <summary><c>ksm_rmap_items</c>: items of all mms.</summary>
    internal int RmapItems { get; private set; }

    internal void Pass()
    {
        merge.StartPass();
        for (int i = 0; i < slots.Count;)
        {
            if (ScanMm(slots[i]))
            {
                i++;
            }
            else
            {
                slots[i].Mm.KsmSlot = null;
                slots.RemoveAt(i);
            }
        }
    }

    /// <summary>Every present anonymous page of a mergeable VMA, by address; items beyond the last one go.</summary>
    /// <returns>False if the mm has exited or has no mergeable VMA: it is unregistered.</returns>
    private bool ScanMm(KsmMmSlot slot)
    {
        bool mergeable = false;
        int next = 0;
        for (int i = 0; !slot.Mm.HasExited && i < slot.Mm.Vmas.Count; i++)
        {
            VmArea vma = slot.Mm.Vmas[i];
            if (!vma.Has(VmFlags.Mergeable))
            {
                continue;
            }

            mergeable = true;
            if (vma.AnonVma is not null)
            {
                ScanVma(slot, vma, ref next);
            }
        }

        Discard(slot, next, slot.Items.Count);
        return mergeable;
    }

    private void ScanVma(KsmMmSlot slot, VmArea vma, ref int next)
    {
        VirtualPage page = vma.Start;
        while (page < vma.End)
        {
            ReadOnlySpan<Pte> ptes = vma.Mm.PageTable.From(page, vma.End, out long span);
            for (int i = 0; i < ptes.Length; i++)
            {
                if (ptes[i].IsPresent && ptes[i].Page.IsAnon)
                {
                    merge.CompareAndMerge(ptes[i].Page, ItemFor(slot, page + i, ref next));
                }
            }

            page += span;
        }
    }

    /// <summary>
    /// <c>get_next_rmap_item</c>: the item of an address, a new one if there is none. Items below it that the scan did not come by
    /// have no page any more and go.
    /// </summary>
    private RmapItem ItemFor(KsmMmSlot slot, VirtualPage address, ref int next)
    {
        int end = next;
        while (end < slot.Items.Count && slot.Items[end].Address < address)
        {
            end++;
        }

        Discard(slot, next, end);
        if (next < slot.Items.Count && slot.Items[next].Address == address)
        {
            return slot.Items[next++];
        }

        var item = new RmapItem(slot, address);
        slot.Items.Insert(merge.Rules.KsmPlaceOfNewItem(next++), item);
        slot.Mm.KsmRmapItems++;
        RmapItems++;
        return item;
    }

    /// <summary>All items of an mm go.</summary>
    internal void DiscardAll(KsmMmSlot slot) => Discard(slot, 0, slot.Items.Count);

    /// <summary><c>remove_trailing_rmap_items</c>: removes items from their trees and frees them.</summary>
    private void Discard(KsmMmSlot slot, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            merge.RemoveFromTree(slot.Items[i]);
        }

        slot.Items.RemoveRange(from, to - from);
        slot.Mm.KsmRmapItems -= to - from;
        RmapItems -= to - from;
    }
}
