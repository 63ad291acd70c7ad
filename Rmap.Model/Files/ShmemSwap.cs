using Rmap.Model.Swap;

namespace Rmap.Model.Files;

/// <summary>Pages of shmem on their way to swap and back (<c>mm/shmem.c</c>, 6.18). Left out: zswap, large folios, sealed memory.</summary>
internal static class ShmemSwap
{
    /// <summary>
    /// <c>shmem_writeout</c>: an unmapped page moves from the page cache to the swap cache, a swap value takes its place, and it is
    /// written.
    /// </summary>
    internal static void WriteOut(TaskStruct current, AddressSpace file, Page page)
    {
        SwapSlot slot = SwapCache.Allocate(current, page);
        slot.Owner = file;
        slot.Count = current.Rules.Does(LinuxStep.ShmemSwapCounts) ? 1 : 0;
        file.Remove(page);
        file.Swapped.Add(page.Index, slot);
        SwapCache.Write(page);
    }

    /// <summary>
    /// <c>shmem_swapin_folio</c>: the page at a swap value's index comes back to the page cache, and the slot is given up.
    /// </summary>
    internal static Page SwapIn(TaskStruct current, AddressSpace file, long index)
    {
        SwapSlot slot = file.Swapped[index];
        Page page = slot.Cache ?? SwapCache.ReadInto(current, slot);
        file.Add(page, index);
        slot.Owner = null;
        slot.Count = 0;
        SwapCache.Remove(current, page);
        page.Set(PageFlags.Dirty);
        return page;
    }

    /// <summary><c>shmem_free_swap</c>: what lies in swap at an index is dropped.</summary>
    internal static void Free(TaskStruct current, AddressSpace file, long index)
    {
        SwapSlot slot = file.Swapped[index];
        file.Swapped.Remove(index);
        slot.Owner = null;
        SwapCache.PutAndFreeCache(current, slot);
    }
}
