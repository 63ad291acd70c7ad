using Rmap.Model.Rmap;

namespace Rmap.Model.Files;

/// <summary>
/// shmem's page cache (<c>mm/shmem.c</c>, 6.18): a page of tmpfs, of shared anonymous memory or of a SysV segment lies in the cache,
/// in swap, or nowhere yet. Left out: large folios, quotas and limits, seals, fallocate other than punching.
/// </summary>
internal static class Shmem
{
    /// <summary>
    /// <c>shmem_get_folio</c>: the page at an index, brought back from swap or made if need be.
    /// </summary>
    /// <param name="current">The task.</param>
    /// <param name="file">A shmem object.</param>
    /// <param name="index">Offset in pages, within the object's size.</param>
    /// <param name="forWrite">SGP_WRITE, which write(2) asks for; else SGP_CACHE, which a fault does.</param>
    internal static Page GetPage(TaskStruct current, AddressSpace file, long index, bool forWrite)
    {
        Page page = Find(current, file, index) ?? Make(current, file, index);
        if (forWrite)
            PageActivity.MarkAccessed(page);

        return page;
    }

    private static Page? Find(TaskStruct current, AddressSpace file, long index) =>
        file.Swapped.ContainsKey(index) ? ShmemSwap.SwapIn(current, file, index) : file.Cache.GetValueOrDefault(index);

    /// <summary><c>shmem_alloc_and_add_folio</c>.</summary>
    private static Page Make(TaskStruct current, AddressSpace file, long index)
    {
        Page page = current.Machine.Frames.Allocate();
        page.Set(PageFlags.SwapBacked);
        file.Add(page, index);
        return page;
    }
}
