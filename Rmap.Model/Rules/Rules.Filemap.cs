namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>filemap_map_pages</c>: whether faulting around may make a page table to map this page of the file, the first of the window.
    /// Not for the last page of a file on a disk: what looks there for a huge page must not map beyond the end, and leaves out, with
    /// the huge page, the page table.
    /// </summary>
    public virtual bool FaultAroundMakesTable(AddressSpace file, Page page) => file.IsShmem || page.Index + 1 < file.Pages;

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
}
