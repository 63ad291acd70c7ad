using Rmap.Model.Files;
using Rmap.Model.Rmap;

namespace Rmap.Model.Walks;

/// <summary>
/// <c>shrink_folio_list</c> of one page, its references ignored (<c>mm/vmscan.c</c>, 6.18), as MADV_PAGEOUT calls it. A write to swap
/// completes at once. Left out: the choice of victims, <c>folio_check_references</c>, demotion, a full swap area.
/// </summary>
internal static class Reclaim
{
    /// <summary>
    /// The operation: ENOENT, EINVAL, EFAULT as <see cref="RmapTarget"/> gives them, else how many pages were freed. 0 means
    /// that it is still there, although some entries may have become swap entries.
    /// </summary>
    internal static Outcome Execute(Mm mm, VirtualPage address) =>
        RmapTarget.Find(mm, address, out Errno errno) is { } page
            ? Outcome.Of(ReclaimPage(mm.Machine, page) ? 1 : 0)
            : Outcome.From(errno);

    /// <summary><c>reclaim_pages</c> for one page that has just been isolated. That reference goes at the end.</summary>
    /// <returns>Whether it was freed.</returns>
    internal static bool ReclaimPage(Machine machine, Page page)
    {
        if (page.Has(PageFlags.Unevictable))
        {
            PageActivity.Putback(page);
            return false;
        }

        page.Clear(PageFlags.Active);
        bool isReclaimed = Shrink(machine, page);
        machine.Swap.FreeIfUnreferenced(page);
        return isReclaimed;
    }

    /// <summary>
    /// A page that somebody holds stays: one that is pinned is left mapped (<c>folio_maybe_dma_pinned</c>), any other is at the end neither
    /// written (<c>is_page_cache_freeable</c>) nor taken out of its cache (<c>folio_ref_freeze</c>).
    /// </summary>
    private static bool Shrink(Machine machine, Page page)
    {
        if (page.IsAnon && page.Has(PageFlags.SwapBacked) && page.SwapCache is null)
        {
            if (page.IsPinned)
            {
                return false;
            }

            machine.Swap.Allocate(page);
            page.Set(PageFlags.Dirty);
        }

        if (page.MapCount > 0)
        {
            TryToUnmap.Execute(page, machine.Rules);
        }

        if (page.MapCount > 0 || page.IsPinned)
        {
            return Activate(machine, page);
        }

        if (page.Has(PageFlags.Dirty))
        {
            if (!page.Has(PageFlags.SwapBacked))
            {
                page.Set(PageFlags.Reclaim);
                return Activate(machine, page);
            }

            if (page.IsHeld)
            {
                return false;
            }

            WriteOut(machine, page);
        }

        page.Clear(PageFlags.Private);
        if (page.IsHeld)
        {
            return false;
        }

        RemoveMapping(machine, page);
        return true;
    }

    /// <summary>The page stays, on the active list unless it is mlocked (<c>activate_locked</c>).</summary>
    private static bool Activate(Machine machine, Page page)
    {
        if (page.Has(PageFlags.Mlocked))
        {
            machine.Swap.FreeSwap(page);
        }
        else
        {
            page.Set(PageFlags.Active);
        }

        return false;
    }

    /// <summary><c>pageout</c>: to swap. Dirty pages of a disk file are left to the flusher and do not come here.</summary>
    private static void WriteOut(Machine machine, Page page)
    {
        if (page.Mapping is AddressSpace file)
        {
            ShmemSwap.WriteOut(machine.Swap, file, page);
        }
        else
        {
            SwapArea.Write(page);
        }
    }

    /// <summary><c>__remove_mapping</c>: out of the swap cache or the page cache.</summary>
    private static void RemoveMapping(Machine machine, Page page)
    {
        if (page.SwapCache is not null)
        {
            machine.Swap.RemoveFromCache(page);
        }
        else if (page.Mapping is AddressSpace file)
        {
            if (page.Has(PageFlags.SwapBacked))
            {
                file.Remove(page);
            }
            else
            {
                file.Evict(page);
            }
        }
    }
}
