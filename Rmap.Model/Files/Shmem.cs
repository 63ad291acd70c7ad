using Rmap.Model.Rmap;
using Rmap.Model.Swap;

namespace Rmap.Model.Files;

/// <summary>
/// shmem's page cache (<c>mm/shmem.c</c>, 6.18): a page of tmpfs, of shared anonymous memory or of a SysV segment lies in the cache,
/// in swap, or nowhere yet. Left out: large folios, quotas and limits, seals, fallocate other than punching, zswap.
/// </summary>
internal static class Shmem
{
    /// <summary><c>shmem_get_folio</c>: the page at an index, brought back from swap or made if need be.</summary>
    /// <param name="current">The task.</param>
    /// <param name="file">A shmem object.</param>
    /// <param name="index">Offset in pages, within the object's size.</param>
    /// <param name="forWrite">SGP_WRITE, which write(2) asks for; else SGP_CACHE, which a fault does.</param>
    internal static Page GetPage(TaskStruct current, AddressSpace file, long index, bool forWrite)
    {
        Page page = file.Swapped.ContainsKey(index)
            ? SwapIn(current, file, index)
            : Filemap.GetPage(current, file, index, PageFlags.SwapBacked);
        if (forWrite)
            PageActivity.MarkAccessed(page);

        return page;
    }

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
    internal static void FreeSwap(TaskStruct current, AddressSpace file, long index)
    {
        SwapSlot slot = file.Swapped[index];
        file.Swapped.Remove(index);
        slot.Owner = null;
        SwapCache.PutAndFreeCache(current, slot);
    }
}
