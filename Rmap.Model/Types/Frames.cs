namespace Rmap.Model.Types;

/// <summary>The physical memory: from a frame number to its page. Free frames are handed out lowest first.</summary>
public sealed class Frames
{
    private readonly List<Page?> pages = [null];
    private readonly FreeNumbers numbers = new();

    /// <summary>Pages in use.</summary>
    public int InUse => numbers.InUse;

    /// <summary>The page in a frame, or null if the frame is free (<c>pfn_to_page</c>).</summary>
    public Page? this[Pfn pfn] => pfn.Number < pages.Count ? pages[pfn.Number] : null;

    /// <summary>The pages in use, by frame number.</summary>
    public IEnumerable<Page> All => pages.OfType<Page>();

    /// <summary>One more than the highest frame number ever used.</summary>
    public int End => pages.Count;

    /// <summary>A new page with this content in the lowest free frame. The model's memory has no end.</summary>
    internal Page Allocate(byte value = 0)
    {
        int number = numbers.Take();
        if (number == pages.Count)
            pages.Add(null);

        var page = new Page(new Pfn(number)) { Value = value };
        pages[number] = page;
        return page;
    }

    /// <summary><c>folio_put</c>: frees a page that nothing holds any more.</summary>
    internal void Put(Page page)
    {
        if (page.RefCount == 0 && !page.IsFreed)
            Free(page);
    }

    /// <summary>Gives the frame back. The page keeps its mapping, so that whoever still points at it can be found out.</summary>
    internal void Free(Page page)
    {
        page.IsFreed = true;
        pages[page.Pfn.Number] = null;
        numbers.Return(page.Pfn.Number);
    }
}
