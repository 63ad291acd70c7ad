namespace Rmap.Model.Space;

/// <summary>
/// <c>get_unmapped_area</c> (<c>mm/mmap.c</c>, 6.18, top-down): where a mapping goes. Left out: randomisation, guard gaps of stacks,
/// alignment of large mappings to huge pages.
/// </summary>
internal static class UnmappedArea
{
    /// <summary>
    /// <c>TASK_SIZE_MAX</c>, in pages: the user half of the address space without its last page, which stays empty on x86-64.
    /// </summary>
    internal const long TaskSize = PageTable.Pages - 1;

    /// <summary>All addresses of 64 bits, in pages.</summary>
    private const long AllPages = 1L << 52;

    internal static Errno Place(TaskStruct current, Operation.Mmap mmap, out PageRange range)
    {
        range = mmap.Range;
        if (range.Pages > TaskSize || (mmap.Placement != Placement.Hint && !IsInUserSpace(range)))
            return Errno.ENOMEM;

        if (mmap.Placement == Placement.NoReplace)
            return current.Mm.Intersecting(range) is null ? Errno.None : Errno.EEXIST;

        return mmap.Placement == Placement.Fixed ? Errno.None : Find(current, range.Start, range.Pages, out range);
    }

    /// <summary>
    /// The hinted place if it is free; else the top of the highest gap below <c>mmap_base</c> that is large enough; else the lowest
    /// gap that is, which may lie across the base.
    /// </summary>
    internal static Errno Find(TaskStruct current, VirtualPage hint, long pages, out PageRange range)
    {
        Mm mm = current.Mm;
        range = PageRange.Of(hint, pages);
        if (hint.Number != 0 && IsInUserSpace(range) && mm.Intersecting(range) is null)
            return Errno.None;

        var mmapBase = new VirtualPage(Math.Clamp(current.Options.MmapBase, 0, TaskSize));
        int above = mm.IndexOf(mmapBase);
        VirtualPage top = above < mm.Vmas.Count ? VirtualPage.Min(mmapBase, mm.Vmas[above].Start) : mmapBase;
        for (int i = above - 1; i >= -1; i--)
        {
            VirtualPage floor = i >= 0 ? mm.Vmas[i].End : default;
            if (top - floor >= pages)
            {
                range = new PageRange(top - pages, top);
                return Errno.None;
            }

            top = i >= 0 ? mm.Vmas[i].Start : top;
        }

        return FindFrom(mm, above > 0 ? mm.Vmas[above - 1].End : default, pages, out range);
    }

    internal static bool IsInUserSpace(PageRange range) =>
        range.Start.Number >= 0 && range.Start.Number <= TaskSize - range.Pages;

    /// <summary>
    /// Whether start + length overflows. mprotect, madvise, mlock and mbind refuse nothing else: beyond TASK_SIZE, they find a hole.
    /// </summary>
    internal static bool Wraps(PageRange range) =>
        range.Start.Number < 0 || range.Pages < 0 || range.Start.Number >= AllPages - range.Pages;

    private static Errno FindFrom(Mm mm, VirtualPage bottom, long pages, out PageRange range)
    {
        for (int i = mm.IndexOf(bottom); i < mm.Vmas.Count && mm.Vmas[i].Start - bottom < pages; i++)
            bottom = VirtualPage.Max(bottom, mm.Vmas[i].End);

        range = PageRange.Of(bottom, pages);
        return IsInUserSpace(range) ? Errno.None : Errno.ENOMEM;
    }
}
