using Rmap.Model.Rmap;

namespace Rmap.Model.Walks;

/// <summary>
/// <c>try_to_unmap</c> (<c>mm/rmap.c</c>, 6.18, small folios): takes a page out of every page table. Anonymous pages leave swap
/// entries behind; the caller has put the page into the swap cache. Left out: hwpoison, userfaultfd markers, deferred TLB flushes.
/// </summary>
internal static class TryToUnmap
{
    /// <summary>
    /// Unmaps the page. It may stay mapped in part: entries that were swapped out before the walk had to stop remain so.
    /// </summary>
    internal static void Execute(Page page, Rules rules)
    {
        foreach (RmapVisit visit in RmapWalk.Visits(page))
        {
            if ((visit.Maps(page) && !One(page, visit, rules)) || rules.UnmapIsDone(page))
            {
                return;
            }
        }
    }

    /// <summary><c>try_to_unmap_one</c>.</summary>
    /// <returns>False if the page has to stay mapped here: the walk stops.</returns>
    private static bool One(Page page, RmapVisit visit, Rules rules)
    {
        Pte pte = visit.Pte;
        if (rules.RefusesUnmap(visit.Vma))
        {
            visit.Vma.Mm.Machine.MlockBatch.Mlock(page);
            return false;
        }

        if (pte.IsDirty && rules.UnmapMarksDirty)
        {
            page.MarkDirty();
        }

        Pte left = default;
        if (page.IsAnon && !(page.Has(PageFlags.SwapBacked) ? TrySwapEntry(page, rules, out left) : TryDropLazyFree(page, rules)))
        {
            return false;
        }

        visit.Store(left);
        PageRmap.Remove(page, visit.Vma);
        MlockBatch.DrainIfLocked(visit.Vma);
        if (left.Kind == PteKind.Swap)
        {
            visit.Vma.Mm.Machine.Swap.Enlist(visit.Vma.Mm);
        }

        return true;
    }

    /// <summary>The swap entry that takes the page's place. It remembers whether the page was exclusive.</summary>
    private static bool TrySwapEntry(Page page, Rules rules, out Pte entry)
    {
        entry = default;
        bool exclusive = page.IsAnonExclusive;
        if (page.SwapCache is not { } slot || (exclusive && !PageRmap.TryShareAnon(page, rules)))
        {
            return false;
        }

        SwapArea.Duplicate(slot);
        entry = Pte.Swap(slot, rules.SwapEntryIsExclusive(exclusive));
        return true;
    }

    /// <summary>A page after MADV_FREE is dropped if nobody has written or pinned it since.</summary>
    private static bool TryDropLazyFree(Page page, Rules rules)
    {
        if (rules.MayDropLazyFree(page))
        {
            return true;
        }

        if (rules.KeptLazyFreeIsSwapBacked(page))
        {
            page.Set(PageFlags.SwapBacked);
        }

        return false;
    }
}
