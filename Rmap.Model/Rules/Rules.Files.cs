namespace Rmap.Model;

public partial class Rules
{
    /// <summary><c>vma_start_pgoff</c>: the key under which a VMA stands in <c>i_mmap</c>; it ends a VMA's length later.</summary>
    public virtual long IMmapStart(VmArea vma) => vma.PageOffset;

    /// <summary>
    /// <c>do_mmap</c>: what the mode of the opening leaves of the flags that a shared mapping asks for. Without FMODE_WRITE it is
    /// never writable: VM_MAYWRITE goes, so that mprotect cannot add VM_WRITE later, and VM_SHARED with it.
    /// </summary>
    public virtual VmFlags SharedFlagsForOpening(VmFlags flags, OpenFile file) =>
        file.IsReadOnly ? flags & ~(VmFlags.MayWrite | VmFlags.Shared) : flags;

    /// <summary><c>vma_is_shared_maywrite</c>: whether MADV_REMOVE may punch a hole through this VMA, else EACCES.</summary>
    public virtual bool MayRemoveThrough(VmArea vma) =>
        (vma.Flags & (VmFlags.Shared | VmFlags.MayWrite)) == (VmFlags.Shared | VmFlags.MayWrite);

    /// <summary>
    /// <c>vma_is_anonymous</c>, as <c>do_pte_missing</c> asks it: whether a missing page is new anonymous memory, or comes from a
    /// file.
    /// </summary>
    public virtual bool MissingPageIsAnonymous(VmArea vma) => vma.IsAnonymous;

    /// <summary>
    /// <c>set_pte_range</c>: whether a read fault that maps a dirty page writable marks the PTE dirty as well. Since 6.18.
    /// </summary>
    public virtual bool ReadFaultMayMapDirty => Since(6, 18);

    /// <summary>
    /// <c>do_sync_mmap_readahead</c>: whether a missing page brings in what follows in the VMA, not what is around it in the file: for
    /// executable memory. Seen on 6.18, not on 6.12.
    /// </summary>
    public virtual bool ReadAroundStaysInVma(VmArea vma) => Since(6, 18) && vma.Has(VmFlags.Exec);

    /// <summary>
    /// <c>do_page_cache_ra</c>: whether a window that reaches the end of the file, too, has a page marked at which to read on.
    /// On 7.2 not: behind the end there is nothing.
    /// </summary>
    public virtual bool ReadAheadMarksAtEnd => !Since(7, 2);

    /// <summary>
    /// <c>page_cache_async_ra</c>: the pages to a multiple of which a window is cut back, if that leaves any. Seen on 6.18, not on 6.12.
    /// </summary>
    public virtual long ReadAheadAlignment => Since(6, 18) ? 4 : 1;

    /// <summary><c>truncate_pagecache</c>: the first index that is unmapped when a file shrinks to this many pages.</summary>
    public virtual long TruncateUnmapsFrom(long pages) => pages;

    /// <summary><c>truncate_pagecache_range</c>: the last index that is unmapped when a hole ends there (inclusive).</summary>
    public virtual long PunchUnmapsUpTo(long last) => last;

    /// <summary>Whether there is a UFFDIO_MOVE; without it EINVAL. Since 6.8.</summary>
    public virtual bool HasUffdMove => Since(6, 8);

    /// <summary>
    /// <c>move_pages_pte</c>: whether UFFDIO_MOVE may take a page or a swap entry: it belongs to this process alone, else EBUSY.
    /// </summary>
    public virtual bool UffdMoveMayTake(Pte pte) => pte.IsPresent ? pte.Page.IsAnonExclusive && !pte.Page.IsPinned : pte.IsExclusive;

    /// <summary><c>move_present_ptes</c>, <c>move_swap_pte</c>: the index of a page that UFFDIO_MOVE has moved.</summary>
    public virtual long IndexAfterUffdMove(Page page, VmArea vma, VirtualPage address) => vma.LinearPageIndex(address);

    /// <summary>
    /// <c>move_present_ptes</c>, <c>move_swap_pte</c>: the AV of a page that UFFDIO_MOVE has moved into this VMA.
    /// </summary>
    public virtual AnonVma? AnonVmaAfterUffdMove(Page page, VmArea vma) => vma.AnonVma;

    /// <summary><c>do_fault_around</c>, <c>filemap_map_pages</c>: which page of the file belongs to a page of the window.</summary>
    /// <param name="vma">The VMA.</param>
    /// <param name="address">A page of the window, within the VMA.</param>
    /// <param name="window">Its length; it begins at a multiple of it, or with the VMA.</param>
    public virtual long FaultAroundIndex(VmArea vma, VirtualPage address, long window) => vma.LinearPageIndex(address);

    /// <summary>
    /// <c>filemap_map_pages</c>: whether faulting around may make a page table to map this page of the file, the first of the window.
    /// Not for the last page of a file on a disk: what looks there for a huge page must not map beyond the end, and leaves out, with
    /// the huge page, the page table.
    /// </summary>
    public virtual bool FaultAroundMakesTable(AddressSpace file, Page page) => file.IsShmem || page.Index + 1 < file.Pages;
}
