namespace Rmap.Model.Files;

/// <summary>
/// <c>struct file_ra_state</c>: what an opening of a file remembers of reading ahead of faults (<c>mm/filemap.c</c>,
/// <c>mm/readahead.c</c>, 6.18). Left out: large folios, and that it stops where misses are many.
/// </summary>
internal sealed class ReadAhead
{
    /// <summary><c>ra_pages</c>.</summary>
    private const long Window = 32;

    private long start, size, asyncSize;

    /// <summary><c>start</c>, <c>size</c> and <c>async_size</c>: what it remembers.</summary>
    internal (long Start, long Size, long AsyncSize) State => (start, size, asyncSize);

    /// <summary><c>do_sync_mmap_readahead</c>: a missing page brings in what is around it.</summary>
    internal void Missing(VmArea vma, long index)
    {
        if (vma.Mm.Machine.Rules.ReadAroundStaysInVma(vma))
        {
            start = index;
            size = Math.Min(Window, vma.LastPageOffset + 1 - index);
            asyncSize = 0;
        }
        else
        {
            start = Math.Max(0, index - (Window / 2));
            size = Window;
            asyncSize = Window / 4;
        }

        Read(vma.File!.Mapping);
    }

    /// <summary>
    /// <c>page_cache_async_ra</c>: the page at an index bears PG_readahead, or PG_reclaim, which is the same bit: the file is read on
    /// behind it.
    /// </summary>
    internal void Marked(AddressSpace file, Page page)
    {
        page.Clear(PageFlags.Reclaim);
        if (page.Index == start + size - asyncSize)
        {
            start += size;
            size = Math.Max(size, Next(size));
        }
        else
        {
            long gap = page.Index + 1;
            while (file.Cache.ContainsKey(gap))
            {
                gap++;
            }

            if (gap - page.Index > Window)
            {
                return;
            }

            start = gap;
            size = Next(gap - page.Index + Window);
        }

        long end = start + size;
        long aligned = end - (end % file.Machine.Rules.ReadAheadAlignment);
        size = aligned > start ? aligned - start : size;
        asyncSize = size;
        Read(file);
    }

    /// <summary><c>get_next_ra_size</c>.</summary>
    private static long Next(long size) => size < Window / 16 ? 4 * size : size <= Window / 2 ? 2 * size : Window;

    /// <summary>
    /// <c>do_page_cache_ra</c>: reads what is missing in the window, up to the end of the file, and marks the page at which to go on.
    /// </summary>
    private void Read(AddressSpace file)
    {
        long end = Math.Min(start + size, file.Pages);
        bool marks = start + size < file.Pages || file.Machine.Rules.ReadAheadMarksAtEnd;
        for (long i = start; i < end; i++)
        {
            if (!file.Cache.ContainsKey(i))
            {
                Page page = Filemap.Read(file, i);
                if (marks && i == end - asyncSize)
                {
                    page.Set(PageFlags.Reclaim);
                }
            }
        }
    }
}
