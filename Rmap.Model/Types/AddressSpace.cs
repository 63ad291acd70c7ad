namespace Rmap.Model.Types;

/// <summary><c>struct address_space</c> with its inode: the page cache of a file, and all VMAs that map it.</summary>
public sealed class AddressSpace : PageMapping
{
    /// <summary>Whole pages that an offset in bytes, a <c>loff_t</c>, can tell of: no file has more (<c>MAX_LFS_FILESIZE</c>).</summary>
    internal const long MostPages = long.MaxValue / 4096;

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
    public long Pages { get => IsFreed ? Freed().Pages : field; internal set; }

    /// <summary><c>i_mmap</c>: every VMA that maps it, private and shared alike, by page offset.</summary>
    public IntervalTree<VmArea> IMmap { get => IsFreed ? Freed().IMmap : field; } = new();

    /// <summary><c>i_pages</c>: the cached pages, by index.</summary>
    public SortedDictionary<long, Page> Cache { get => IsFreed ? Freed().Cache : field; } = [];

    /// <summary>The swap values of <c>i_pages</c>: where shmem's pages lie that were swapped out, by index.</summary>
    public SortedDictionary<long, SwapSlot> Swapped { get; } = [];

    /// <summary>
    /// The shadow values of <c>i_pages</c>: pages that reclaim took away, by index. A page read in again there is active.
    /// </summary>
    public SortedSet<long> Shadows { get; } = [];

    /// <summary>
    /// VMAs that hold a reference on the object: <c>shm_nattch</c> of a segment; without one, shared anonymous memory goes.
    /// </summary>
    public int Attached { get; internal set; }

    /// <summary>SysV: IPC_RMID was called; it goes with the last detach (SHM_DEST).</summary>
    public bool IsDestroyed { get; internal set; }

    /// <summary>Whether it has been freed. Then nothing of it but its name may be asked.</summary>
    public bool IsFreed { get; internal set; }

    /// <summary>Whether its pages go to swap (<c>shmem_mapping</c>).</summary>
    public bool IsShmem => Kind != FileKind.Ext4;

    /// <summary>What the disk holds, by index (ext4 only); a page that is absent reads 0.</summary>
    internal SortedDictionary<long, byte> Disk { get; } = [];

    /// <summary>How long a file may become, in pages (<c>s_maxbytes</c>). On ext4, logical blocks have 32 bits.</summary>
    internal static long MaxPages(FileKind kind) => kind == FileKind.Ext4 ? uint.MaxValue : MostPages;

    /// <summary><c>vma_link_file</c>: the VMA joins <see cref="IMmap"/>, behind those with the same offset.</summary>
    internal void Link(VmArea vma, long start) => IMmap.Insert(vma.Shared, start, start + vma.Pages - 1);

    /// <summary><c>dup_mmap</c>: a fork child's VMA joins right behind its parent's, so that a walk meets the parent first.</summary>
    internal void LinkAfter(VmArea vma, VmArea parent) =>
        IMmap.InsertAfter(vma.Shared, parent.Shared, parent.Shared.Start + vma.Pages - 1);

    /// <summary><c>unlink_file_vma</c>.</summary>
    internal void Unlink(VmArea vma) => IMmap.Remove(vma.Shared);

    /// <summary><c>filemap_add_folio</c>, <c>shmem_add_to_page_cache</c>: the page becomes the cached one at this index.</summary>
    internal void Add(Page page, long index)
    {
        page.Mapping = this;
        page.Index = index;
        Cache.Add(index, page);
        Swapped.Remove(index);
        Shadows.Remove(index);
    }

    /// <summary><c>filemap_remove_folio</c>, with what the file system keeps for the page. The caller drops the reference.</summary>
    internal void Remove(Page page, bool clearsMapping = true)
    {
        Cache.Remove(page.Index);
        page.Mapping = clearsMapping ? null : this;
        page.Clear(PageFlags.Private);
    }

    /// <summary>
    /// <c>__remove_mapping</c> of a clean page: reclaim takes it out and leaves a shadow, unless it is shmem's. The caller drops the
    /// reference.
    /// </summary>
    internal void Evict(Page page)
    {
        Remove(page);
        if (!page.Has(PageFlags.SwapBacked))
            Shadows.Add(page.Index);
    }

    /// <summary><c>__folio_migrate_mapping</c>: another page takes the page's place. The caller copies flags and content.</summary>
    internal void Replace(Page page, Page by, bool moves)
    {
        Cache[page.Index] = moves ? by : page;
        by.Mapping = this;
        by.Index = page.Index;
        page.Mapping = null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private AddressSpace Freed() => throw KernelBug.UseAfterFree("file", this);
}
