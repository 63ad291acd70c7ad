using Rmap.Model.Files;
using Rmap.Model.Rmap;
using Rmap.Model.Sched;
using Rmap.Model.Swap;

namespace Rmap.Model.Walks;

/// <summary>
/// <c>shrink_folio_list</c> of one page, its references ignored (<c>mm/vmscan.c</c>, 6.18), as MADV_PAGEOUT calls it. A write to swap
/// completes at once, or when the operation ends. Left out: that 32 pages in a row fill a queue; the choice of victims,
/// <c>folio_check_references</c>, demotion, a full swap area.
/// </summary>
internal static class Reclaim
{
    /// <summary>
    /// The operation: ENOENT, EINVAL, EFAULT as <see cref="RmapTarget"/> gives them, else how many pages were freed. 0 means
    /// that it is still there, although some entries may have become swap entries.
    /// </summary>
    internal static Outcome Execute(TaskStruct current, Operation.Reclaim reclaim) =>
        RmapTarget.Execute(current, reclaim.Page, page => Outcome.Of(ReclaimPage(current, page) ? 1 : 0));

    /// <summary><c>reclaim_pages</c> for one page that has just been isolated. That reference goes at the end.</summary>
    /// <returns>Whether it was freed.</returns>
    internal static bool ReclaimPage(TaskStruct current, Page page)
    {
        if (page.Has(PageFlags.Unevictable))
        {
            PageActivity.Putback(page);
            return false;
        }

        if (!current.TryLock(LockKind.Isolation, page, out HeldLock isolation))
            return false;

        current.Get(page);
        page.Clear(PageFlags.Active);
        current.Step("isolated");
        bool isReclaimed = current.TryLock(LockKind.Folio, page, out _) && Shrink(current, page);
        current.Unlock(LockKind.Folio, page);
        isolation.Dispose();
        current.LetGo(page);
        current.Machine.Frames.Put(page);
        return isReclaimed;
    }

    /// <summary>
    /// A page that somebody holds stays: one that is pinned is left mapped (<c>folio_maybe_dma_pinned</c>), any other is at the end neither
    /// written (<c>is_page_cache_freeable</c>) nor taken out of its cache (<c>folio_ref_freeze</c>).
    /// </summary>
    private static bool Shrink(TaskStruct current, Page page)
    {
        Rules rules = current.Rules;
        if (page.IsAnon && page.Has(PageFlags.SwapBacked) && page.SwapCache is null)
        {
            if (page.IsPinned)
                return false;

            SwapCache.Allocate(current, page);
            page.Set(PageFlags.Dirty);
            current.Step("added to the swap cache");
        }

        if (page.MapCount > 0)
            TryToUnmap.Execute(current, page);

        if (page.MapCount > 0 || page.IsPinned)
            return Activate(current, page);

        if (page.Has(PageFlags.Dirty))
        {
            if (!page.Has(PageFlags.SwapBacked))
            {
                page.Set(PageFlags.Reclaim);
                return Activate(current, page);
            }

            if (current.OthersHold(page))
                return false;

            WriteOut(current, page);
            if (rules.SwapOutIsQueued(page, current.Options) || (!current.IsAlone && !MayGoOn(current, page)))
                return false;
        }

        page.Clear(PageFlags.Private);
        if (current.OthersHold(page) || page.MapCount > 0)
            return false;

        RemoveMapping(current, page);
        return true;
    }

    /// <summary>
    /// A write gives up the folio's lock, which is then tried again; meanwhile the page may have been mapped, and written, again.
    /// </summary>
    private static bool MayGoOn(TaskStruct current, Page page)
    {
        current.Unlock(LockKind.Folio, page);
        current.Step("written");
        return current.TryLock(LockKind.Folio, page, out _)
            && (!page.Has(PageFlags.Dirty) || current.Rules.Skips(LinuxStep.ReclaimAsksDirtyAgain));
    }

    /// <summary>The page stays, on the active list unless it is mlocked (<c>activate_locked</c>).</summary>
    private static bool Activate(TaskStruct current, Page page)
    {
        if (page.Has(PageFlags.Mlocked))
            SwapCache.FreeSwap(current, page);
        else
            page.Set(PageFlags.Active);

        return false;
    }

    /// <summary><c>pageout</c>: to swap. Dirty pages of a disk file are left to the flusher and do not come here.</summary>
    private static void WriteOut(TaskStruct current, Page page)
    {
        if (page.Mapping is AddressSpace file)
            Shmem.WriteOut(current, file, page);
        else
            SwapCache.Write(page);
    }

    /// <summary><c>__remove_mapping</c>: out of the swap cache or the page cache.</summary>
    private static void RemoveMapping(TaskStruct current, Page page)
    {
        if (page.SwapCache is not null)
            SwapCache.Remove(current, page);
        else if (page.Mapping is AddressSpace file)
            file.Evict(page);
    }
}
