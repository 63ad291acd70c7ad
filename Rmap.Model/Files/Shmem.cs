namespace Rmap.Model;

/// <summary>
/// shmem's page cache (<c>mm/shmem.c</c>, 6.18): a page of tmpfs, of shared anonymous memory or of a SysV segment lies in the cache,
/// in swap, or nowhere yet. Left out: large folios, quotas and limits, seals, fallocate other than punching.
/// </summary>
internal static class Shmem
{
    /// <summary>
    /// <c>shmem_get_folio</c>: the page at an index, brought back from swap or made if need be.
    /// </summary>
    /// <param name="file">A shmem object.</param>
    /// <param name="index">Offset in pages, within the object's size.</param>
    /// <param name="forWrite">SGP_WRITE, which write(2) asks for; else SGP_CACHE, which a fault does.</param>
    internal static Page GetPage(AddressSpace file, long index, bool forWrite)
    {
        if (file.Swapped.TryGetValue(index, out SwapSlot? slot))
        {
            Page back = SwapIn(file, index, slot);
            if (forWrite)
            {
                PageActivity.MarkAccessed(back);
            }

            return back;
        }

        if (file.Cache.TryGetValue(index, out Page? cached))
        {
            if (forWrite)
            {
                PageActivity.MarkAccessed(cached);
            }

            return cached;
        }

        Page page = file.Machine.Frames.Allocate();
        page.Set(forWrite ? PageFlags.SwapBacked | PageFlags.Referenced : PageFlags.SwapBacked);
        file.Add(page, index);
        return page;
    }

    /// <summary>
    /// <c>shmem_swapin_folio</c>: the page leaves swap altogether. It is the only copy then, so it is dirty.
    /// </summary>
    internal static Page SwapIn(AddressSpace file, long index, SwapSlot slot)
    {
        SwapArea swap = file.Machine.Swap;
        Page page = slot.Cache ?? swap.Read(slot);
        file.Add(page, index);
        if (page.SwapCache is not null)
        {
            swap.RemoveFromCache(page);
        }

        page.MarkDirty();
        slot.Owner = null;
        swap.Put(slot);
        return page;
    }

    /// <summary>
    /// <c>shmem_writeout</c>, before it writes: an unmapped page moves from the page cache to the swap cache, and a swap value takes
    /// its place in the object.
    /// </summary>
    internal static SwapSlot MoveToSwapCache(Page page)
    {
        var file = (AddressSpace)page.Mapping!;
        SwapSlot slot = file.Machine.Swap.Allocate(page);
        slot.Owner = file;
        SwapArea.Duplicate(slot);
        file.Remove(page);
        file.Swapped.Add(page.Index, slot);
        return slot;
    }

    /// <summary><c>shmem_free_swap</c>: drops what lies in swap.</summary>
    internal static void FreeSwap(AddressSpace file, long index, SwapSlot slot)
    {
        file.Swapped.Remove(index);
        slot.Owner = null;
        file.Machine.Swap.PutAndFreeCache(slot);
    }

    /// <summary><c>shmem_unuse</c>: swapoff brings all pages of an object back.</summary>
    internal static void Unuse(AddressSpace file)
    {
        while (file.Swapped.Count > 0)
        {
            (long index, SwapSlot slot) = file.Swapped.First();
            SwapIn(file, index, slot);
        }
    }
}
