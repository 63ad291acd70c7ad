using Rmap.Model.Rmap;

namespace Rmap.Model.Files;

/// <summary>
/// What an opening of a file remembers of reading ahead of faults, and what follows from it (<c>mm/filemap.c</c>, <c>mm/readahead.c</c>,
/// 6.18). Left out: large folios, that it stops where misses are many, and that MADV_SEQUENTIAL reads on, not around.
/// </summary>
internal static class ReadAhead
{
    /// <summary><c>ra_pages</c>.</summary>
    private const long Window = 32;

    /// <summary>
    /// <c>do_sync_mmap_readahead</c>: a missing page brings in what is around it. After MADV_RANDOM it comes alone, and nothing is noted.
    /// </summary>
    internal static void Missing(TaskStruct current, in Vmf vmf)
    {
        long index = vmf.PageOffset;
        if (vmf.Vma.Has(VmFlags.RandRead))
        {
            ReadAheadWindow noted = vmf.Vma.File!.ReadAhead;
            Read(current, vmf.Vma.File, new(index, Size: 1, AsyncSize: 0));
            vmf.Vma.File.ReadAhead = noted;
            return;
        }

        ReadAheadWindow window = current.Rules.ReadAroundStaysInVma(vmf.Vma)
            ? new(index, Math.Min(Window, vmf.Vma.LastPageOffset + 1 - index), AsyncSize: 0)
            : new(Math.Max(0, index - (Window / 2)), Window, Window / 4);
        Read(current, vmf.Vma.File!, window);
    }

    /// <summary>
    /// <c>page_cache_async_ra</c>: the page at an index bears PG_readahead, or PG_reclaim, which is the same bit: the file is read on
    /// behind it.
    /// </summary>
    internal static void Marked(TaskStruct current, OpenFile opened, Page page)
    {
        page.Clear(PageFlags.Reclaim);
        (long start, long size, long asyncSize) = opened.ReadAhead;
        if (page.Index == start + size - asyncSize)
        {
            start += size;
            size = Math.Max(size, Next(size));
        }
        else
        {
            long gap = page.Index + 1;
            while (opened.Mapping.Cache.ContainsKey(gap))
                gap++;

            if (gap - page.Index > Window)
                return;

            start = gap;
            size = Next(gap - page.Index + Window);
        }

        long end = start + size;
        long aligned = end - (end % current.Rules.ReadAheadAlignment);
        size = aligned > start ? aligned - start : size;
        Read(current, opened, new(start, size, size));
    }

    /// <summary><c>get_next_ra_size</c>.</summary>
    private static long Next(long size) => size < Window / 16 ? 4 * size : size <= Window / 2 ? 2 * size : Window;

    /// <summary>
    /// <c>do_page_cache_ra</c>: reads what is missing in the window, up to the end of the file, and marks the page at which to go on.
    /// Where reclaim took a page away, it is a refault.
    /// </summary>
    private static void Read(TaskStruct current, OpenFile opened, ReadAheadWindow window)
    {
        opened.ReadAhead = window;
        AddressSpace file = opened.Mapping;
        long end = Math.Min(window.Start + window.Size, file.Pages);
        bool marks = window.Start + window.Size < file.Pages || current.Rules.ReadAheadMarksAtEnd;
        for (long i = window.Start; i < end && current.HasFrame; i++)
        {
            if (file.Cache.ContainsKey(i))
                continue;

            Page page = current.Machine.Frames.Allocate(file.Disk.GetValueOrDefault(i));
            if (file.Shadows.Contains(i))
                PageActivity.Refault(page);

            if (marks && i == end - window.AsyncSize)
                page.Set(PageFlags.Reclaim);

            file.Add(page, i);
        }
    }
}
