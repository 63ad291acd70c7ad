using Rmap.Model.Memory;
using Rmap.Model.Rmap;
using Rmap.Model.Sched;
using Rmap.Model.Swap;

namespace Rmap.Model.Walks;

/// <summary>
/// The advice of <c>madvise</c> that acts on pages (<c>mm/madvise.c</c>, 6.18, small folios): MADV_FREE, MADV_COLD, MADV_PAGEOUT.
/// The range lies in the VMA. Left out: that MADV_PAGEOUT spares files which the caller may not write, as everyone here may.
/// </summary>
internal static class PageAdvice
{
    /// <summary><c>madvise_free_pte_range</c>: the pages may be dropped when memory is short, unless they are written again.</summary>
    internal static Errno Free(TaskStruct current, VmArea vma, PageRange range)
    {
        foreach ((VirtualPage address, Pte pte) in vma.Mm.PageTable.Walk(range))
        {
            if (pte.Kind is PteKind.Swap or PteKind.Poisoned)
            {
                Zap.Clear(current, vma, address, pte);
            }
            else if (pte.IsPresent && TryClean(current, pte.Page))
            {
                vma.Mm.PageTable[address] = current.Rules.Does(LinuxStep.FreeMakesOldAndClean)
                    ? pte.Without(PteBits.Young | PteBits.Dirty)
                    : pte;
                PageActivity.MarkLazyFree(pte.Page, current.Rules);
            }

            current.Step("freed an entry");
        }

        return Errno.None;
    }

    /// <summary><c>madvise_cold_or_pageout_pte_range</c>: to the inactive list, or reclaimed at once.</summary>
    internal static Errno ColdOrPageOut(TaskStruct current, VmArea vma, PageRange range, bool pageOut)
    {
        foreach ((VirtualPage address, Pte pte) in vma.Mm.PageTable.Walk(range))
        {
            if (!pte.IsPresent || !current.Rules.AdviceActsOn(pte.Page))
                continue;

            pte.Page.Clear(PageFlags.Referenced);
            if (pageOut)
            {
                Reclaim.ReclaimPage(current, pte.Page);
            }
            else
            {
                vma.Mm.PageTable[address] = pte.Without(PteBits.Young);
                PageActivity.Deactivate(pte.Page);
            }
        }

        return Errno.None;
    }

    /// <summary>A page that has a copy in swap, or needs one, can only be let go by its one user.</summary>
    private static bool TryClean(TaskStruct current, Page page)
    {
        if (!current.Rules.FreeWantsPageAlone(page))
            return true;

        if (!current.Rules.FreeMayTake(page) || !current.TryLock(LockKind.Folio, page, out HeldLock folio))
            return false;

        using HeldLock _ = folio;
        if (page.SwapCache is not null && !SwapCache.FreeSwap(current, page))
            return false;

        page.Clear(PageFlags.Dirty);
        return true;
    }
}
