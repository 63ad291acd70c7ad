using Rmap.Model.Rmap;
using Rmap.Model.Swap;

namespace Rmap.Model.Walks;

/// <summary>
/// <c>try_to_unmap</c> (<c>mm/rmap.c</c>, 6.18, small folios): takes a page out of every page table. Anonymous pages leave swap
/// entries behind; the caller has put the page into the swap cache. Left out: hwpoison, userfaultfd markers, deferred TLB flushes.
/// </summary>
internal static class TryToUnmap
{
    /// <summary>Unmaps the page. It may stay mapped in part: entries that were swapped out before the walk had to stop remain so.</summary>
    internal static void Execute(TaskStruct current, Page page) => Walk(current, page, visit => One(current, page, visit));

    /// <summary>Takes the page out of one page table after the other, until one keeps it, or it is mapped nowhere.</summary>
    internal static void Walk(TaskStruct current, Page page, Func<RmapVisit, bool> tryOne)
    {
        foreach (RmapVisit visit in new LockedWalk(current, page))
        {
            if ((visit.Maps(page, current.Rules) && !tryOne(visit)) || current.Rules.UnmapIsDone(page))
                return;
        }
    }

    /// <summary>Another entry takes the place of the page's mapping.</summary>
    internal static void Replace(TaskStruct current, Page page, RmapVisit visit, Pte by)
    {
        visit.Store(by);
        PageRmap.Remove(current, page, visit.Vma);
        MlockBatch.DrainIfLocked(current, visit.Vma);
    }

    /// <summary><c>try_to_unmap_one</c>.</summary>
    /// <returns>False if the page has to stay mapped here: the walk stops.</returns>
    private static bool One(TaskStruct current, Page page, RmapVisit visit)
    {
        Pte pte = visit.Pte;
        if (current.Rules.RefusesUnmap(visit.Vma))
        {
            MlockBatch.Mlock(current, page);
            return false;
        }

        if (pte.IsDirty && current.Rules.Does(LinuxStep.UnmapMarksDirty))
            page.MarkDirty();

        Pte left = default;
        if (page.IsAnon && !(page.Has(PageFlags.SwapBacked) ? TrySwapEntry(current, page, out left) : TryDropLazyFree(current, page)))
            return false;

        Replace(current, page, visit, left);
        if (left.Kind == PteKind.Swap)
            current.Machine.Swap.Enlist(visit.Vma.Mm);

        return true;
    }

    /// <summary>The swap entry that takes the page's place. It remembers whether the page was exclusive.</summary>
    private static bool TrySwapEntry(TaskStruct current, Page page, out Pte entry)
    {
        entry = default;
        bool exclusive = page.IsAnonExclusive;
        if (page.SwapCache is not { } slot || (exclusive && !PageRmap.TryShareAnon(page, current.Rules)))
            return false;

        SwapCache.Duplicate(slot);
        entry = Pte.Swap(slot, current.Rules.SwapEntryIsExclusive(exclusive));
        return true;
    }

    /// <summary>A page after MADV_FREE is dropped if nobody has written or pinned it since.</summary>
    private static bool TryDropLazyFree(TaskStruct current, Page page)
    {
        bool isOwn = current.LetGo(page);
        bool mayDrop = current.Rules.MayDropLazyFree(page);
        if (isOwn)
            current.Get(page);

        if (mayDrop)
            return true;

        if (current.Rules.KeptLazyFreeIsSwapBacked(page))
            page.Set(PageFlags.SwapBacked);

        return false;
    }
}
