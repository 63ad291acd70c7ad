using Rmap.Model.Files;
using Rmap.Model.Memory;

namespace Rmap.Model.Calls;

/// <summary>
/// The files, segments and shared anonymous objects of a machine, and the system calls that name one. A file stays for good; a segment
/// goes when it is removed and detached, shared anonymous memory with its last VMA.
/// </summary>
public sealed partial class FileTable
{
    /// <summary>What a file system can hold of one file, in pages.</summary>
    private const long DevicePages = 1L << 20;

    private readonly Machine machine;
    private readonly List<AddressSpace> all = [];
    private int sharedAnonymousObjects;

    internal FileTable(Machine machine) => this.machine = machine;

    /// <summary>All files, segments and shared anonymous objects, in order of creation.</summary>
    public IReadOnlyList<AddressSpace> All => all;

    /// <summary>The file of this name, or null. Segments are found by <see cref="FindSegment"/>.</summary>
    public AddressSpace? Find(string name) => all.Find(file => file.Kind is FileKind.Tmpfs or FileKind.Ext4 && file.Name == name);

    /// <summary><c>shmem_zero_setup</c>: a new object for a <c>MAP_SHARED | MAP_ANONYMOUS</c> mapping of this length, opened.</summary>
    internal OpenFile CreateSharedAnonymous(long pages)
    {
        string name;
        do
        {
            name = "shmem" + (++sharedAnonymousObjects).ToString(CultureInfo.InvariantCulture);
        }
        while (IsTaken(name));

        return new OpenFile(Add(name, FileKind.SharedAnonymous, pages));
    }

    /// <summary>
    /// A VMA comes to hold the file: <c>get_file</c>, and <c>vm_ops->open</c>, where a segment counts its attachments. For every new
    /// VMA of a file, whether mapped, split off, copied or forked.
    /// </summary>
    internal static void Opened(VmArea vma) => vma.File!.Mapping.Attached++;

    /// <summary>A VMA lets go of the file: <c>vm_ops->close</c>, <c>fput</c>. After the VMA has left <c>i_mmap</c>.</summary>
    internal void Closed(VmArea vma)
    {
        AddressSpace file = vma.File!.Mapping;
        file.Attached--;
        DestroyIfUnused(file);
    }

    /// <summary>Creates a file and fills it by write(2).</summary>
    /// <param name="create">EEXIST if the name is taken, EINVAL, EFBIG or ENOSPC for a length that cannot be.</param>
    internal Outcome Create(Operation.FileCreate create)
    {
        FileKind kind = create.FileSystem == FileSystem.Ext4 ? FileKind.Ext4 : FileKind.Tmpfs;
        Errno errno = IsTaken(create.File) ? Errno.EEXIST
            : create.Fill is not null && create.Pages > DevicePages ? Errno.ENOSPC
            : CheckLength(kind, create.Pages);
        if (errno != Errno.None)
        {
            return Outcome.From(errno);
        }

        AddressSpace file = Add(create.File, kind, create.Pages);
        for (long index = 0; create.Fill is { } value && index < create.Pages; index++)
        {
            WritePage(file, index, value);
        }

        return Outcome.Ok;
    }

    /// <summary><c>ftruncate</c>.</summary>
    /// <param name="truncate">ENOENT without such a file, EINVAL or EFBIG for a length that cannot be.</param>
    internal Outcome Truncate(Operation.Truncate truncate)
    {
        if (Find(truncate.File) is not { } file)
        {
            return Outcome.From(Errno.ENOENT);
        }

        Errno errno = CheckLength(file.Kind, truncate.Pages);
        if (errno == Errno.None)
        {
            Truncation.SetSize(file, truncate.Pages);
        }

        return Outcome.From(errno);
    }

    /// <summary><c>fallocate(FALLOC_FL_PUNCH_HOLE)</c>.</summary>
    /// <param name="punch">ENOENT without such a file; see <see cref="PunchRange"/>.</param>
    internal Outcome Punch(Operation.Punch punch) =>
        Outcome.From(Find(punch.File) is { } file ? PunchRange(file, punch.Page, punch.Length) : Errno.ENOENT);

    /// <summary>
    /// <c>vfs_fallocate</c>: makes a hole, as MADV_REMOVE does too. EINVAL for no pages or an offset that cannot be, EFBIG for an end
    /// where the file system can have none.
    /// </summary>
    internal static Errno PunchRange(AddressSpace file, long index, long pages)
    {
        if (index is < 0 or > AddressSpace.MostPages || pages is <= 0 or > AddressSpace.MostPages)
        {
            return Errno.EINVAL;
        }

        if (index + pages > AddressSpace.MaxPages(file.Kind))
        {
            return Errno.EFBIG;
        }

        Truncation.Punch(file, index, index + pages - 1);
        return Errno.None;
    }

    /// <summary><c>pwrite</c> of a whole page; beyond the end it makes the file longer.</summary>
    /// <param name="write">ENOENT without such a file, EINVAL or EFBIG for an offset that cannot be.</param>
    internal Outcome Write(Operation.FileWrite write)
    {
        if (Find(write.File) is not { } file)
        {
            return Outcome.From(Errno.ENOENT);
        }

        Errno errno = write.Page < 0 ? Errno.EINVAL : CheckLength(file.Kind, write.Page + 1);
        if (errno == Errno.None)
        {
            file.Pages = Math.Max(file.Pages, write.Page + 1);
            WritePage(file, write.Page, write.Value);
        }

        return Outcome.From(errno);
    }

    /// <summary><c>fsync</c>: writes back what is dirty. shmem has nothing to write to.</summary>
    /// <param name="fsync">ENOENT without such a file.</param>
    internal Outcome Fsync(Operation.Fsync fsync)
    {
        if (Find(fsync.File) is not { } file)
        {
            return Outcome.From(Errno.ENOENT);
        }

        Sync(file, 0, long.MaxValue);
        return Outcome.Ok;
    }

    /// <summary>
    /// <c>msync(MS_SYNC)</c>: writes back what the shared mappings of the range cover. Goes on after a gap, but answers ENOMEM then.
    /// </summary>
    internal static Errno Msync(Mm mm, PageRange range)
    {
        Errno result = Errno.None;
        VirtualPage start = range.Start;
        while (start < range.End)
        {
            if (mm.First(start) is not { } vma || vma.Start >= range.End)
            {
                return Errno.ENOMEM;
            }

            if (start < vma.Start)
            {
                result = Errno.ENOMEM;
                start = vma.Start;
            }

            VirtualPage end = VirtualPage.Min(range.End, vma.End);
            if (vma.File is { } file && vma.Has(VmFlags.Shared))
            {
                Sync(file.Mapping, vma.LinearPageIndex(start), vma.LinearPageIndex(end - 1));
            }

            start = vma.End;
        }

        return result;
    }

    private static Errno CheckLength(FileKind kind, long pages) => pages is < 0 or > AddressSpace.MostPages ? Errno.EINVAL
        : pages > AddressSpace.MaxPages(kind) ? Errno.EFBIG
        : Errno.None;

    private static void Sync(AddressSpace file, long first, long last)
    {
        if (!file.IsShmem)
        {
            Filemap.WriteBack(file, first, last);
        }
    }

    /// <summary>
    /// <c>generic_perform_write</c> of a page: <c>shmem_write_end</c> marks it dirty like everybody, a file system on a disk by its
    /// buffers (<c>mark_buffer_dirty</c>), which leaves PG_reclaim as it is.
    /// </summary>
    private static void WritePage(AddressSpace file, long index, byte value)
    {
        Page page = file.IsShmem ? Shmem.GetPage(file, index, forWrite: true) : Filemap.WriteBegin(file, index);
        page.Value = value;
        if (file.IsShmem)
        {
            page.MarkDirty();
        }
        else
        {
            page.Set(PageFlags.Dirty);
        }
    }

    private bool IsTaken(string name) => all.Exists(file => file.Name == name);

    private AddressSpace Add(string name, FileKind kind, long pages)
    {
        var file = new AddressSpace(machine, name, kind, pages);
        all.Add(file);
        return file;
    }

    /// <summary><c>iput</c> of the last reference, <c>shm_may_destroy</c>.</summary>
    private void DestroyIfUnused(AddressSpace file)
    {
        if (file.Attached == 0 && (file.Kind == FileKind.SharedAnonymous || file.IsDestroyed))
        {
            Truncation.Evict(file);
            all.Remove(file);
        }
    }
}
