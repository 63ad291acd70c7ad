using Rmap.Model.Files;

namespace Rmap.Model.Memory;

/// <summary>
/// Pages leave a file: truncate, hole punching, eviction (<c>mm/truncate.c</c>, <c>mm/shmem.c</c>, <c>unmap_mapping_range</c> of
/// <c>mm/memory.c</c>, 6.18). Whole pages only. Left out: what Linux repeats because pages may be faulted in meanwhile.
/// </summary>
internal static class Truncation
{
    /// <summary><c>truncate_pagecache</c>, <c>shmem_setattr</c>: gives the file a new size.</summary>
    internal static void SetSize(AddressSpace file, long pages)
    {
        long old = file.Pages;
        file.Pages = pages;
        if (pages < old)
        {
            Rules rules = file.Machine.Rules;
            UnmapMappingRange(file, rules.TruncateUnmapsFrom(pages), long.MaxValue, rules.TruncateZapsPrivateCopies);
            RemovePages(file, pages, long.MaxValue);
        }
    }

    /// <summary><c>truncate_pagecache_range</c>, <c>shmem_fallocate</c>: makes a hole. Private copies stay.</summary>
    internal static void Punch(AddressSpace file, long first, long last)
    {
        Rules rules = file.Machine.Rules;
        UnmapMappingRange(file, first, rules.PunchUnmapsUpTo(last), rules.PunchZapsPrivateCopies);
        RemovePages(file, first, last);
    }

    /// <summary><c>evict_inode</c>: nobody maps or names the object any more.</summary>
    internal static void Evict(AddressSpace file) => RemovePages(file, 0, long.MaxValue);

    /// <summary>
    /// <c>unmap_mapping_range</c>: takes the pages of a range of indices out of every VMA that maps them.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="first">First index.</param>
    /// <param name="last">Last index (inclusive).</param>
    /// <param name="evenCows">Private copies too.</param>
    private static void UnmapMappingRange(AddressSpace file, long first, long last, bool evenCows)
    {
        for (IntervalNode<VmArea>? node = file.IMmap.First(first, last); node is not null; node = node.Next(first, last))
        {
            VmArea vma = node.Value;
            VirtualPage start = vma.Start + (Math.Max(first, vma.PageOffset) - vma.PageOffset);
            VirtualPage end = vma.Start + (Math.Min(last, vma.LastPageOffset) - vma.PageOffset + 1);
            Zap.Range(vma, new PageRange(start, end), evenCows, file.Machine.Rules.UnmapZapsSwapEntries);
        }
    }

    /// <summary><c>truncate_inode_pages_range</c>, <c>shmem_undo_range</c>: cached pages, swapped ones, shadows, and the disk's.</summary>
    private static void RemovePages(AddressSpace file, long first, long last)
    {
        SwapArea swap = file.Machine.Swap;
        foreach (long index in Within(file.Cache.Keys, first, last))
        {
            Page page = file.Cache[index];
            file.Remove(page);
            page.Clear(PageFlags.Dirty);
            swap.FreeIfUnreferenced(page);
        }

        foreach (long index in Within(file.Swapped.Keys, first, last))
        {
            ShmemSwap.Free(swap, file, index);
        }

        foreach (long index in Within(file.Shadows, first, last))
        {
            file.Shadows.Remove(index);
        }

        foreach (long index in Within(file.Disk.Keys, first, last))
        {
            file.Disk.Remove(index);
        }
    }

    private static List<long> Within(IReadOnlyCollection<long> indices, long first, long last)
    {
        List<long> within = [];
        foreach (long index in indices)
        {
            if (index >= first && index <= last)
            {
                within.Add(index);
            }
        }

        return within;
    }
}
