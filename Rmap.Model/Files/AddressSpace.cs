namespace Rmap.Model;

/// <summary>What a file is, as far as memory management asks.</summary>
public enum FileKind
{
    /// <summary>A file on tmpfs.</summary>
    Tmpfs,

    /// <summary>A file on ext4.</summary>
    Ext4,

    /// <summary>The object behind a <c>MAP_SHARED | MAP_ANONYMOUS</c> mapping: shmem that only fork hands on.</summary>
    SharedAnonymous,

    /// <summary>A SysV shared memory segment.</summary>
    SysV,
}

/// <summary>
/// <c>struct address_space</c> with its inode: the page cache of a file, and all VMAs that map it.
/// </summary>
public sealed class AddressSpace : PageMapping
{
    internal AddressSpace(string name, FileKind kind, long pages)
    {
        Name = name;
        Kind = kind;
        Pages = pages;
    }

    /// <summary>The scenario's name for it; shared anonymous memory is <c>shmem1</c>, <c>shmem2</c> in order of creation.</summary>
    public string Name { get; }

    /// <summary>What kind of file.</summary>
    public FileKind Kind { get; }

    /// <summary><c>i_size</c>, in pages. Sizes in bytes are left out.</summary>
    public long Pages { get; internal set; }

    /// <summary><c>i_mmap</c>: every VMA that maps it, private and shared alike, by page offset.</summary>
    public IntervalTree<VmArea> IMmap { get; } = new();

    /// <summary><c>i_pages</c>: the cached pages, by index.</summary>
    public SortedDictionary<long, Page> Cache { get; } = [];

    /// <summary>The swap values of <c>i_pages</c>: where shmem's pages lie that were swapped out, by index.</summary>
    public SortedDictionary<long, SwapSlot> Swapped { get; } = [];

    /// <summary>What the disk holds, by index (ext4 only); a page that is absent reads 0.</summary>
    internal Dictionary<long, byte> Disk { get; } = [];

    /// <summary>SysV: VMAs attached (<c>shm_nattch</c>).</summary>
    public int Attached { get; internal set; }

    /// <summary>SysV: IPC_RMID was called; it goes with the last detach (SHM_DEST).</summary>
    public bool IsDestroyed { get; internal set; }

    /// <summary>Whether its pages go to swap (<c>shmem_mapping</c>).</summary>
    public bool IsShmem => Kind != FileKind.Ext4;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>
/// <c>struct file</c>: one opening of a file. Two openings of one file never let VMAs merge. A process opens each file once;
/// its children inherit the descriptor. Every shmat and every shared anonymous mapping has an opening of its own.
/// </summary>
/// <param name="mapping">The file.</param>
public sealed class OpenFile(AddressSpace mapping)
{
    /// <summary>The file (<c>f_mapping</c>).</summary>
    public AddressSpace Mapping { get; } = mapping;

    /// <summary><c>vm_ops->close</c> exists: a merge may not remove such a VMA. Only SysV attachments have it here.</summary>
    public bool HasClose => Mapping.Kind == FileKind.SysV;

    /// <summary><c>vm_ops->map_pages</c> exists: reads fault around. All but SysV attachments have it.</summary>
    public bool HasMapPages => Mapping.Kind != FileKind.SysV;
}
