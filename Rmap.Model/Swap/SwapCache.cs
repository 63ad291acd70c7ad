using Rmap.Model.Rmap;
using Rmap.Model.Sched;

namespace Rmap.Model.Swap;

/// <summary>
/// The swap cache and the counts of slots (<c>mm/swapfile.c</c>, <c>mm/swap_state.c</c>, 6.18). Left out: readahead, writeback in
/// flight (a write has completed when the operation returns).
/// </summary>
internal static class SwapCache
{
    /// <summary><c>folio_alloc_swap</c>: the lowest free slot, with this page as its cache and no entry yet.</summary>
    internal static SwapSlot Allocate(TaskStruct current, Page page)
    {
        SwapSlot slot = current.Machine.Swap.Allocate();
        Add(slot, page);
        return slot;
    }

    /// <summary>
    /// <c>read_swap_cache_async</c>: a new page with the slot's content, in the swap cache. It belongs to no one until it is mapped.
    /// </summary>
    internal static Page ReadInto(TaskStruct current, SwapSlot slot)
    {
        Page page = Read(current, slot);
        Add(slot, page);
        return page;
    }

    /// <summary>
    /// Reads a slot into a new page outside the swap cache, as a synchronous device may. Only reclaim empties the cache of a slot
    /// that is still needed, and it leaves a shadow there: so this is a refault. If the device fails, the page is not up to date.
    /// </summary>
    internal static Page Read(TaskStruct current, SwapSlot slot)
    {
        Page page = current.Machine.Frames.Allocate();
        page.Set(PageFlags.SwapBacked);
        if ((slot.Value != 0 || current.Rules.SwapReadsZeroPages) && current.Machine.Faults.ShouldFailRead(slot))
            page.Set(PageFlags.NotUptodate);
        else
            page.Value = slot.Value;

        PageActivity.Refault(page);
        return page;
    }

    /// <summary><c>swap_writeout</c>: writes the page to its slot. The write completes at once.</summary>
    internal static void Write(Page page)
    {
        page.SwapCache!.Value = page.Value;
        page.Clear(PageFlags.Dirty);
    }

    /// <summary><c>swap_duplicate</c>: one more swap entry names the slot.</summary>
    internal static void Duplicate(SwapSlot slot) => slot.Count++;

    /// <summary><c>swap_free</c>: one swap entry less.</summary>
    internal static void Put(TaskStruct current, SwapSlot slot)
    {
        slot.Count -= current.Rules.Does(LinuxStep.SwapFreeUncounts) ? 1 : 0;
        if (slot.IsFree && !current.IsLocked(LockKind.SwapClaim, slot))
            current.Machine.Swap.Free(slot);
    }

    /// <summary><c>swapcache_clear</c>: who has read a slot past the cache no longer keeps it.</summary>
    internal static void Unclaim(TaskStruct current, SwapSlot slot)
    {
        current.Unlock(LockKind.SwapClaim, slot);
        if (slot.IsFree && current.Machine.Swap[slot.Number] == slot)
            current.Machine.Swap.Free(slot);
    }

    /// <summary>Takes the page out of the swap cache (<c>swap_cache_del_folio</c>). The page itself stays.</summary>
    internal static void Remove(TaskStruct current, Page page)
    {
        SwapSlot slot = page.SwapCache!;
        page.SwapCache = null;
        slot.Cache = null;
        if (current.Rules.CacheRemovalFreesSlot(slot))
            current.Machine.Swap.Free(slot);
    }

    /// <summary>
    /// <c>folio_free_swap</c>: leaves the swap cache if no swap entry needs it. The page is then the only copy, so it is dirty.
    /// </summary>
    /// <returns>Whether it left.</returns>
    internal static bool FreeSwap(TaskStruct current, Page page)
    {
        if (page.SwapCache is not { Count: 0 })
            return false;

        Remove(current, page);
        page.Set(PageFlags.Dirty);
        return true;
    }

    /// <summary>
    /// <c>free_swap_cache</c>, <c>folio_put</c>: what a zap or a COW copy does with a page that it leaves behind. If only the swap cache
    /// holds it, its slot goes; and the page, if nobody does.
    /// </summary>
    internal static void FreePageAndSwapCache(TaskStruct current, Page page)
    {
        if (page.SwapCache is not null && page.MapCount == 0 && !current.IsLocked(LockKind.Folio, page))
            FreeSwap(current, page);

        current.Machine.Frames.Put(page);
    }

    /// <summary><c>free_swap_and_cache</c>: drops a swap entry, and the cached page with it if that was the last one.</summary>
    internal static void PutAndFreeCache(TaskStruct current, SwapSlot slot)
    {
        Put(current, slot);
        if (slot.Cache is { MapCount: 0 } page)
            FreePageAndSwapCache(current, page);
    }

    /// <summary><c>swap_cache_add_folio</c>.</summary>
    private static void Add(SwapSlot slot, Page page)
    {
        slot.Cache = page;
        page.SwapCache = slot;
    }
}
