using Rmap.Model.Rmap;
using Rmap.Model.Swap;

namespace Rmap.Model.Memory;

/// <summary>
/// Clearing page-table entries (<c>zap_pte_range</c>, <c>mm/memory.c</c>, 6.18), each in a step of its own. Left out: gathering of
/// TLB flushes, uffd markers.
/// </summary>
internal static class Zap
{
    /// <summary><c>unmap_vmas</c>: clears all entries of neighbouring VMAs, in one go.</summary>
    internal static void Vmas(TaskStruct current, Mm mm, int from, int to)
    {
        for (int i = from; i < to; i++)
            Ptes(current, mm.Vmas[i], mm.Vmas[i].Range, evenCows: true, evenSwapped: true);

        Done(current);
    }

    /// <summary><c>zap_page_range_single</c>: clears the entries of part of a VMA.</summary>
    /// <param name="current">The task.</param>
    /// <param name="vma">The VMA.</param>
    /// <param name="range">The part of it.</param>
    /// <param name="evenCows">Whether private copies and what was swapped out of them go too; hole punching leaves them.</param>
    /// <param name="evenSwapped">Whether swap entries go too; taken as they are by whoever clears a VMA for good.</param>
    internal static void Range(TaskStruct current, VmArea vma, PageRange range, bool evenCows, bool evenSwapped = true)
    {
        Ptes(current, vma, range, evenCows, evenSwapped);
        Done(current);
    }

    private static void Done(TaskStruct current)
    {
        if (current.Rules.ZapDrainsMlockBatch)
            MlockBatch.Drain(current);
    }

    private static void Ptes(TaskStruct current, VmArea vma, PageRange range, bool evenCows, bool evenSwapped)
    {
        foreach ((VirtualPage address, Pte pte) in vma.Mm.PageTable.Walk(range))
        {
            if (current.Rules.ZapClears(pte) && (evenCows || !current.Rules.HoleSpares(pte)) && (evenSwapped || pte.Kind != PteKind.Swap))
            {
                Clear(current, vma, address, pte);
                current.Step("zapped an entry");
            }
        }
    }

    /// <summary>Clears an entry, with what follows for its page or slot.</summary>
    internal static void Clear(TaskStruct current, VmArea vma, VirtualPage address, Pte old)
    {
        vma.Mm.PageTable[address] = default;
        switch (old.Kind)
        {
            case PteKind.Present:
                if (!old.Page.IsAnon)
                    KeepFileBits(current, vma, old);

                if (current.Rules.ZapRemovesRmap(vma, old))
                    PageRmap.Remove(current, old.Page, vma);

                SwapCache.FreePageAndSwapCache(current, old.Page);
                break;
            case PteKind.ZeroPage:
                KsmZeroPages.MightUnmap(current, vma.Mm, old);
                break;
            case PteKind.Swap:
                SwapCache.PutAndFreeCache(current, old.Slot);
                break;
        }
    }

    /// <summary>A file's page learns what the entry knew: that it was written, and that it was used, if that counts here.</summary>
    private static void KeepFileBits(TaskStruct current, VmArea vma, Pte old)
    {
        if (old.IsDirty)
            old.Page.MarkDirty();

        if (old.IsYoung && current.Rules.HasRecency(vma))
            PageActivity.MarkAccessed(old.Page);
    }
}
