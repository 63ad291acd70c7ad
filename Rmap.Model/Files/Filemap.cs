using Rmap.Model.Rmap;
using Rmap.Model.Sched;

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
    internal static VmFault Fault(TaskStruct current, in Vmf vmf, out Page? page)
    {
        OpenFile opened = vmf.Vma.File!;
        if (!opened.Mapping.Cache.TryGetValue(vmf.PageOffset, out page))
        {
            ReadAhead.Missing(current, vmf);
            return VmFault.Retry;
        }

        if (page.Has(PageFlags.Reclaim) && !vmf.Tried && !vmf.Vma.Has(VmFlags.RandRead))
        {
            ReadAhead.Marked(current, opened, page);
            return VmFault.Retry;
        }

        return VmFault.None;
    }

    /// <summary>
    /// <c>__filemap_get_folio</c>: the cached page or a new one, which is not read, with these flags; <c>ext4_write_begin</c> wants
    /// buffers.
    /// </summary>
    internal static Page GetPage(TaskStruct current, AddressSpace file, long index, PageFlags flags)
    {
        if (!file.Cache.TryGetValue(index, out Page? page))
        {
            page = current.Machine.Frames.Allocate();
            file.Add(page, index);
        }

        page.Set(flags);
        return page;
    }

    /// <summary>
    /// <c>folio_lock</c>, and the question whether what was found in the cache is still this page of the file; else it is let go again.
    /// At rest it is.
    /// </summary>
    internal static bool TryLock(TaskStruct current, AddressSpace file, long index, Page page)
    {
        if (current.IsAlone)
            return true;

        current.Get(page);
        current.LockFolio(page);
        bool isStill = file.Cache.GetValueOrDefault(index) == page;
        if (!isStill)
            Unlock(current, page);

        return isStill;
    }

    /// <summary><c>folio_unlock</c>, <c>folio_put</c>.</summary>
    internal static void Unlock(TaskStruct current, Page page)
    {
        current.Unlock(LockKind.Folio, page);
        current.Put(page);
    }

    /// <summary><c>ext4_page_mkwrite</c>: a shared mapping is about to become writable, so there will be something to write back.</summary>
    internal static void PageMkwrite(Page page)
    {
        page.Set(PageFlags.Private);
        page.MarkDirty();
    }

    /// <summary><c>filemap_fdatawrite_range</c>, waited for: writes back the dirty pages of a range of indices.</summary>
    internal static void WriteBack(TaskStruct current, AddressSpace file, long first, long last)
    {
        foreach ((long index, Page page) in file.Cache)
        {
            if (index >= first && index <= last && page.Has(PageFlags.Dirty))
                WriteBack(current, file, page);
        }
    }

    /// <summary>
    /// <c>folio_clear_dirty_for_io</c> to <c>folio_end_writeback</c>: the PTEs are cleaned first, so that the next store is noticed. A
    /// page that reclaim wanted goes to the end of the inactive list.
    /// </summary>
    private static void WriteBack(TaskStruct current, AddressSpace file, Page page)
    {
        MakeClean(page, current.Rules);
        page.Clear(PageFlags.Dirty);
        file.Disk[page.Index] = page.Value;
        if (page.Has(PageFlags.Reclaim))
            page.Clear(page.Has(PageFlags.Unevictable) ? PageFlags.Reclaim : PageFlags.Reclaim | PageFlags.Active);
    }

    /// <summary><c>folio_mkclean</c>: every PTE of a shared mapping becomes clean and read-only.</summary>
    private static void MakeClean(Page page, Rules rules)
    {
        foreach (RmapVisit visit in RmapWalk.Visits(page, rules))
        {
            if (visit.Vma.Has(VmFlags.Shared) && visit.Maps(page, rules))
                visit.Store(visit.Pte.Without(PteBits.Dirty | PteBits.Writable));
        }
    }
}
