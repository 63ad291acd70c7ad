using Rmap.Model.Files;
using Rmap.Model.Memory;
using Rmap.Model.Sched;
using Rmap.Model.Space;

namespace Rmap.Model.Calls;

/// <summary>The system calls that name a file.</summary>
internal static class FileCalls
{
    /// <summary>What a file system can hold of one file, in pages.</summary>
    private const long DevicePages = 1L << 20;

    /// <summary>
    /// Creates a file and fills it by write(2). EEXIST if the name is taken; EINVAL, EFBIG or ENOSPC for a length that cannot be.
    /// </summary>
    internal static Outcome Execute(TaskStruct current, Operation.FileCreate create)
    {
        FileKind kind = create.FileSystem == FileSystem.Ext4 ? FileKind.Ext4 : FileKind.Tmpfs;
        Errno errno = current.Machine.Files.IsTaken(create.File) ? Errno.EEXIST
            : create.Fill is not null && create.Pages > Math.Min(DevicePages, FreeFrames(current)) ? Errno.ENOSPC
            : CheckLength(kind, create.Pages);
        if (errno != Errno.None)
            return errno;

        AddressSpace file = current.Machine.Files.Add(create.File, kind, create.Pages);
        for (long index = 0; create.Fill is { } value && index < create.Pages; index++)
            WritePage(current, file, index, value);

        return Errno.None;
    }

    /// <summary><c>ftruncate</c>. EINVAL or EFBIG for a length that cannot be.</summary>
    internal static Outcome Execute(TaskStruct current, Operation.Truncate truncate) => OnFile(current, truncate.File, file =>
    {
        using HeldLock _ = current.LockInode(file);
        Errno errno = CheckLength(file.Kind, truncate.Pages);
        if (errno == Errno.None)
            Truncation.SetSize(current, file, truncate.Pages);

        return errno;
    });

    /// <summary><c>fallocate(FALLOC_FL_PUNCH_HOLE)</c>; see <see cref="Truncation.Fallocate"/>.</summary>
    internal static Outcome Execute(TaskStruct current, Operation.Punch punch) =>
        OnFile(current, punch.File, file =>
        {
            using HeldLock _ = current.LockInode(file);
            return Truncation.Fallocate(current, file, punch.Page, punch.Length);
        });

    /// <summary>
    /// <c>pwrite</c> of a whole page; beyond the end it makes the file longer. EINVAL or EFBIG for an offset that cannot be.
    /// </summary>
    internal static Outcome Execute(TaskStruct current, Operation.FileWrite write) => OnFile(current, write.File, file =>
    {
        using HeldLock _ = current.LockInode(file);
        Errno errno = write.Page < 0 ? Errno.EINVAL : CheckLength(file.Kind, write.Page + 1);
        if (errno == Errno.None && FreeFrames(current) == 0 && !file.Cache.ContainsKey(write.Page))
            errno = Errno.ENOSPC;

        if (errno == Errno.None)
        {
            WritePage(current, file, write.Page, write.Value);
            file.Pages = Math.Max(file.Pages, write.Page + 1);
        }

        return errno;
    });

    /// <summary><c>fsync</c>: writes back what is dirty. shmem has nothing to write to.</summary>
    internal static Outcome Execute(TaskStruct current, Operation.Fsync fsync) =>
        OnFile(current, fsync.File, file => Sync(current, file, 0, long.MaxValue));

    /// <summary>
    /// <c>msync(MS_SYNC)</c>: writes back what the shared mappings of the range cover. Goes on after a gap, but answers ENOMEM then, as it
    /// does to a range that wraps.
    /// </summary>
    internal static Outcome Execute(TaskStruct current, Operation.Msync msync)
    {
        if (UnmappedArea.Wraps(msync.Range))
            return Errno.ENOMEM;

        foreach ((VmArea vma, PageRange part) in current.Mm.Walk(msync.Range))
        {
            if (vma.File is { } file && vma.Has(VmFlags.Shared))
                Sync(current, file.Mapping, vma.LinearPageIndex(part.Start), vma.LinearPageIndex(part.End - 1));
        }

        return current.Mm.HasHole(msync.Range) ? Errno.ENOMEM : Errno.None;
    }

    /// <summary>What a file may still take. Nothing is written back or swapped out to make room.</summary>
    private static long FreeFrames(TaskStruct current) =>
        Math.Max(0, current.Options.Frames - current.Machine.Frames.InUse - current.Machine.Frames.PageTables);

    /// <summary>ENOENT without such a file.</summary>
    private static Errno OnFile(TaskStruct current, string name, Func<AddressSpace, Errno> call) =>
        current.Machine.Files.Find(name) is { } file ? call(file) : Errno.ENOENT;

    private static Errno CheckLength(FileKind kind, long pages) => pages is < 0 or > AddressSpace.MostPages ? Errno.EINVAL
        : pages > AddressSpace.MaxPages(kind) ? Errno.EFBIG
        : Errno.None;

    private static Errno Sync(TaskStruct current, AddressSpace file, long first, long last)
    {
        if (!file.IsShmem)
            Filemap.WriteBack(current, file, first, last);

        return Errno.None;
    }

    /// <summary>
    /// <c>generic_perform_write</c> of a page: <c>shmem_write_end</c> marks it dirty like everybody, a file system on a disk by its
    /// buffers (<c>mark_buffer_dirty</c>), which leaves PG_reclaim as it is.
    /// </summary>
    private static void WritePage(TaskStruct current, AddressSpace file, long index, byte value)
    {
        Page page;
        do
        {
            page = file.IsShmem
                ? Shmem.GetPage(current, file, index, forWrite: true)
                : Filemap.GetPage(current, file, index, PageFlags.Private | PageFlags.Dirty);
        }
        while (!Filemap.TryLock(current, file, index, page));
        page.Value = value;
        if (file.IsShmem)
            page.MarkDirty();
        else if (!current.IsAlone)
            page.Set(PageFlags.Private | PageFlags.Dirty);

        Filemap.Unlock(current, page);
    }
}
