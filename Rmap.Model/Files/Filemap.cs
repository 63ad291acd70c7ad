using Rmap.Model.Rmap;

namespace Rmap.Model.Files;

/// <summary>
/// The page cache of a file with a disk behind it (<c>mm/filemap.c</c>, <c>mm/readahead.c</c>, 6.18, as ext4 uses it). Left out: I/O
/// under way, errors, large folios, reading ahead of what read(2) asks for.
/// </summary>
internal static class Filemap
{
    /// <summary>
    /// <c>filemap_fault</c>: the page at an index, within the file's size. If it is missing, its surroundings are read as well; if it
    /// is marked, what follows. Whoever reads lets go of the lock on the address space, so the fault is retried, and reads no more then.
    /// </summary>
    internal static VmFault Fault(VmArea vma, long index, bool tried, out Page? page)
    {
        OpenFile opened = vma.File!;
        if (!opened.Mapping.Cache.TryGetValue(index, out page))
        {
            opened.ReadAhead.Missing(vma, index);
            return VmFault.Retry;
        }

        if (page.Has(PageFlags.Reclaim) && !tried)
        {
            opened.ReadAhead.Marked(opened.Mapping, page);
            return VmFault.Retry;
        }

        return VmFault.None;
    }

    /// <summary>
    /// <c>ext4_write_begin</c> of a whole page: the cached page or a new one, which is not read, with buffers.
    /// </summary>
    internal static Page WriteBegin(AddressSpace file, long index)
    {
        if (!file.Cache.TryGetValue(index, out Page? page))
        {
            page = file.Machine.Frames.Allocate();
            file.Add(page, index);
        }

        page.Set(PageFlags.Private);
        return page;
    }

    /// <summary><c>ext4_page_mkwrite</c>: a shared mapping is about to become writable, so there will be something to write back.</summary>
    internal static void PageMkwrite(Page page)
    {
        page.Set(PageFlags.Private);
        page.MarkDirty();
    }

    /// <summary>
    /// <c>filemap_fdatawrite_range</c>, waited for: writes back the dirty pages of a range of indices.
    /// </summary>
    internal static void WriteBack(AddressSpace file, long first, long last)
    {
        foreach ((long index, Page page) in file.Cache)
        {
            if (index >= first && index <= last && page.Has(PageFlags.Dirty))
            {
                WriteBack(file, page);
            }
        }
    }

    /// <summary>
    /// <c>folio_clear_dirty_for_io</c> to <c>folio_end_writeback</c>: the PTEs are cleaned first, so that the next store is noticed. A
    /// page that reclaim wanted goes to the end of the inactive list.
    /// </summary>
    private static void WriteBack(AddressSpace file, Page page)
    {
        MakeClean(page);
        page.Clear(PageFlags.Dirty);
        file.Disk[page.Index] = page.Value;
        if (page.Has(PageFlags.Reclaim))
        {
            page.Clear(page.Has(PageFlags.Unevictable) ? PageFlags.Reclaim : PageFlags.Reclaim | PageFlags.Active);
        }
    }

    /// <summary><c>folio_mkclean</c>: every PTE of a shared mapping becomes clean and read-only.</summary>
    private static void MakeClean(Page page)
    {
        foreach (RmapVisit visit in RmapWalk.Visits(page))
        {
            if (visit.Vma.Has(VmFlags.Shared) && visit.Maps(page))
            {
                Pte pte = visit.Vma.Mm.PageTable[visit.Address];
                visit.Vma.Mm.PageTable[visit.Address] = pte.Without(PteBits.Dirty | PteBits.Writable);
            }
        }
    }

    /// <summary><c>page_cache_ra_unbounded</c> for one page. Where reclaim took a page away, it is a refault.</summary>
    internal static Page Read(AddressSpace file, long index)
    {
        Page page = file.Machine.Frames.Allocate();
        page.Value = file.Disk.GetValueOrDefault(index);
        if (file.Shadows.Contains(index))
        {
            PageActivity.Refault(page);
        }

        file.Add(page, index);
        return page;
    }
}
