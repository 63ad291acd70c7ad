namespace Rmap.Properties.Generating;

/// <summary>
/// Where the pages that a case uses lie: most often at the beginning of the address space; now and then across the border of two page
/// tables, or on islands far from each other, the last of them at the end of the address space.
/// </summary>
internal sealed class Layout
{
    private readonly VirtualPage[] islands;
    private readonly int pages;

    private Layout(int pages, params VirtualPage[] islands)
    {
        this.pages = pages;
        this.islands = islands;
    }

    /// <summary>Whether there is room between the pages for mappings of any length.</summary>
    internal bool IsSparse => islands.Length > 1;

    /// <summary>The page after the last one of the first island.</summary>
    internal VirtualPage End => islands[0] + pages;

    internal static Layout Draw(ref SplitMix random, Limits limits)
    {
        int draw = limits.IsPlain ? 0 : random.Below(100);
        if (draw < 86)
            return new Layout(limits.Pages, new VirtualPage(0));

        if (draw < 93)
            return new Layout(limits.Pages, Before(PageTable.EntriesPerTable * (1L + random.Below(1 << 20)), limits.Pages / 2));

        int part = Math.Max(1, limits.Pages / 3);
        long upper = 1L << (9 * (2 + random.Below(2)));
        return new Layout(part, new VirtualPage(0), Before(upper * (1 + random.Below(100)), part / 2), Before(PageTable.Pages, part));
    }

    /// <summary>Any of the pages.</summary>
    internal VirtualPage Any(ref SplitMix random) => islands[random.Below(islands.Length)] + random.Below(pages);

    /// <summary>Any range of so many of the pages, or of all of an island.</summary>
    internal PageRange Any(ref SplitMix random, int length)
    {
        length = Math.Min(length, pages);
        return PageRange.Of(islands[random.Below(islands.Length)] + random.Below(pages - length + 1), length);
    }

    /// <summary>Whether all pages of the range are among them.</summary>
    internal bool Contains(PageRange range)
    {
        foreach (VirtualPage island in islands)
        {
            if (range.Start >= island && range.End <= island + pages)
                return true;
        }

        return false;
    }

    private static VirtualPage Before(long page, int pages) => new(page - pages);
}
