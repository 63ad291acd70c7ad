using Rmap.Model.Files;
using Rmap.Model.Sched;

namespace Rmap.Model.Memory;

/// <summary>
/// Pages leave a file: truncate, hole punching, eviction (<c>mm/truncate.c</c>, <c>mm/shmem.c</c>, <c>unmap_mapping_range</c> of
/// <c>mm/memory.c</c>, 6.18). Whole pages only.
/// </summary>
internal static class Truncation
{
    /// <summary><c>truncate_pagecache</c>, <c>shmem_setattr</c>: gives the file a new size.</summary>
    internal static void SetSize(TaskStruct current, AddressSpace file, long pages)
    {
        long old = file.Pages;
        file.Pages = pages;
        if (pages < old)
        {
            Rules rules = current.Rules;
            using HeldLock _ = current.LockInvalidate(file, write: true);
            bool evenCows = rules.Does(LinuxStep.TruncateZapsPrivateCopies);
            current.Step("set i_size");
            UnmapMappingRange(current, file, rules.TruncateUnmapsFrom(pages), long.MaxValue, evenCows);
            RemovePages(current, file, pages, long.MaxValue);
            if (!current.IsAlone)
                UnmapMappingRange(current, file, pages, long.MaxValue, evenCows);
        }
    }

    /// <summary>
    /// <c>vfs_fallocate</c>, <c>truncate_pagecache_range</c>: makes a hole, as MADV_REMOVE does too. Private copies stay. EINVAL for no
    /// pages or an offset that cannot be, EFBIG for an end where the file system can have none.
    /// </summary>
    internal static Errno Fallocate(TaskStruct current, AddressSpace file, long index, long pages)
    {
        if (index is < 0 or > AddressSpace.MostPages || pages is <= 0 or > AddressSpace.MostPages)
            return Errno.EINVAL;

        if (index + pages > AddressSpace.MaxPages(file.Kind))
            return Errno.EFBIG;

        Rules rules = current.Rules;
        long last = index + pages - 1;
        using HeldLock _ = current.LockInvalidate(file, write: true);
        UnmapMappingRange(current, file, index, rules.PunchUnmapsUpTo(last), rules.Skips(LinuxStep.PunchSparesPrivateCopies));
        RemovePages(current, file, index, last);
        return Errno.None;
    }

    /// <summary>
    /// <c>iput</c> of the last reference, <c>shm_may_destroy</c>, <c>evict_inode</c>: an object that nobody maps or names any more goes.
    /// </summary>
    internal static void EvictIfUnused(TaskStruct current, AddressSpace file)
    {
        if (current.Rules.MayEvict(file))
        {
            RemovePages(current, file, 0, long.MaxValue);
            current.Machine.Files.Remove(file);
        }
    }

    /// <summary>
    /// <c>unmap_mapping_range</c>: takes the pages from one index to another (inclusive) out of every VMA that maps them, private copies
    /// as well if <paramref name="evenCows"/> says so.
    /// </summary>
    private static void UnmapMappingRange(TaskStruct current, AddressSpace file, long first, long last, bool evenCows)
    {
        using HeldLock _ = current.LockIMmap(file, write: false);
        for (IntervalNode<VmArea>? node = file.IMmap.First(first, last); node is not null; node = node.Next(first, last))
        {
            VmArea vma = node.Value;
            VirtualPage start = vma.Start + (Math.Max(first, vma.PageOffset) - vma.PageOffset);
            VirtualPage end = vma.Start + (Math.Min(last, vma.LastPageOffset) - vma.PageOffset + 1);
            Zap.Range(current, vma, new PageRange(start, end), evenCows, current.Rules.Does(LinuxStep.UnmapZapsSwapEntries));
        }
    }

    /// <summary><c>truncate_inode_pages_range</c>, <c>shmem_undo_range</c>: cached pages, swapped ones, shadows, and the disk's.</summary>
    private static void RemovePages(TaskStruct current, AddressSpace file, long first, long last)
    {
        foreach (long index in Within(file.Cache.Keys, first, last))
        {
            if (LockedPage(current, file, index) is not { } page)
                continue;

            file.Remove(page, current.Rules.Does(LinuxStep.TruncateClearsMapping));
            page.Clear(PageFlags.Dirty);
            Filemap.Unlock(current, page);
            current.Machine.Frames.Put(page);
        }

        foreach (long index in Within(file.Swapped.Keys, first, last))
            Shmem.FreeSwap(current, file, index);

        if (!current.IsAlone && file.Cache.Keys.Any(index => index >= first && index <= last))
            RemovePages(current, file, first, last);

        file.Shadows.RemoveWhere(index => index >= first && index <= last);
        foreach (long index in Within(file.Disk.Keys, first, last))
            file.Disk.Remove(index);
    }

    /// <summary>
    /// <c>truncate_cleanup_folio</c>: the page at an index, locked, and unmapped again if a fault has mapped it meanwhile; null if it has
    /// gone.
    /// </summary>
    private static Page? LockedPage(TaskStruct current, AddressSpace file, long index)
    {
        while (file.Cache.TryGetValue(index, out Page? page))
        {
            if (!Filemap.TryLock(current, file, index, page))
                continue;

            if (!current.IsAlone && page.MapCount > 0 && current.Rules.Does(LinuxStep.TruncateUnmapsAgain))
                UnmapMappingRange(current, file, index, index, evenCows: false);

            return page;
        }

        return null;
    }

    private static List<long> Within(IEnumerable<long> indices, long first, long last) =>
        [.. indices.Where(index => index >= first && index <= last)];
}
