namespace Rmap.Model.Types;

/// <summary>The physical memory: from a frame number to its page. Free frames are handed out lowest first.</summary>
public sealed class Frames : Numbered<Page>
{
    /// <summary>The pte tables of all mms, which take a frame each. They have no numbers.</summary>
    internal int PageTables { get; set; }

    /// <summary>The page in a frame, or null if the frame is free (<c>pfn_to_page</c>).</summary>
    public Page? this[Pfn pfn] => this[pfn.Number];

    /// <summary>A new page with this content in the lowest free frame. Whoever must not have it has asked before.</summary>
    internal Page Allocate(byte value = 0)
    {
        Page page = Add(number => new Page(new Pfn(number)));
        page.Value = value;
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
        Remove(page.Pfn.Number);
    }
}
