using Rmap.Model.Rmap;

namespace Rmap.Model.Walks;

/// <summary>
/// The advice of <c>madvise</c> that acts on pages (<c>mm/madvise.c</c>, 6.18, small folios): MADV_FREE, MADV_COLD, MADV_PAGEOUT.
/// The range lies in the VMA. Left out: that MADV_PAGEOUT spares files which the caller may not write, as everyone here may.
/// </summary>
internal static class PageAdvice
{
    /// <summary><c>madvise_free_single_vma</c>: the pages may be dropped when memory is short, unless they are written again.</summary>
    internal static void Free(VmArea vma, PageRange range) => ForEach(vma, range, FreePte);

    /// <summary><c>madvise_cold</c>: to the inactive list.</summary>
    internal static void Cold(VmArea vma, PageRange range) => ForEach(vma, range, ColdPte);

    /// <summary><c>madvise_pageout</c>: reclaims the pages.</summary>
    internal static void PageOut(VmArea vma, PageRange range) => ForEach(vma, range, PageOutPte);

    private static void ForEach(VmArea vma, PageRange range, Action<VmArea, VirtualPage, Pte> action)
    {
        long span;
        for (VirtualPage page = range.Start; page < range.End; page += span)
        {
            ReadOnlySpan<Pte> ptes = vma.Mm.PageTable.From(page, range.End, out span);
            for (int i = 0; i < ptes.Length; i++)
            {
                action(vma, page + i, ptes[i]);
            }
        }
    }

    /// <summary>One step of <c>madvise_free_pte_range</c>.</summary>
    private static void FreePte(VmArea vma, VirtualPage address, Pte pte)
    {
        Machine machine = vma.Mm.Machine;
        if (pte.Kind == PteKind.Swap)
        {
            vma.Mm.PageTable[address] = default;
            machine.Swap.PutAndFreeCache(pte.Slot);
        }
        else if (pte.Kind == PteKind.Poisoned)
        {
            vma.Mm.PageTable[address] = default;
        }
        else if (pte.IsPresent && TryClean(machine, pte.Page))
        {
            vma.Mm.PageTable[address] = pte.Without(PteBits.Young | PteBits.Dirty);
            PageActivity.MarkLazyFree(pte.Page, machine.Rules);
        }
    }

    /// <summary>A page that has a copy in swap, or needs one, can only be let go by its one user.</summary>
    private static bool TryClean(Machine machine, Page page)
    {
        if (!machine.Rules.FreeWantsPageAlone(page))
        {
            return true;
        }

        if (page.MapCount != 1 || (page.SwapCache is not null && !machine.Swap.FreeSwap(page)))
        {
            return false;
        }

        page.Clear(PageFlags.Dirty);
        return true;
    }

    /// <summary>One step of <c>madvise_cold_or_pageout_pte_range</c> for MADV_COLD.</summary>
    private static void ColdPte(VmArea vma, VirtualPage address, Pte pte)
    {
        if (pte.IsPresent && vma.Mm.Machine.Rules.AdviceActsOn(pte.Page))
        {
            vma.Mm.PageTable[address] = pte.Without(PteBits.Young);
            pte.Page.Clear(PageFlags.Referenced);
            PageActivity.Deactivate(pte.Page);
        }
    }

    /// <summary>The same for MADV_PAGEOUT.</summary>
    private static void PageOutPte(VmArea vma, VirtualPage address, Pte pte)
    {
        if (pte.IsPresent && vma.Mm.Machine.Rules.AdviceActsOn(pte.Page))
        {
            pte.Page.Clear(PageFlags.Referenced);
            Reclaim.ReclaimPage(vma.Mm.Machine, pte.Page);
        }
    }
}
