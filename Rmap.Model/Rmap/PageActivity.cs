namespace Rmap.Model.Rmap;

/// <summary>
/// What Linux remembers of a page's use (<c>mm/swap.c</c>, <c>mm/workingset.c</c>, 6.18, classic LRU): PG_referenced and PG_active.
/// Left out: the lists themselves and the batches per CPU on the way to them, so a page is always on its list; the distance of a
/// refault, so every refault counts as recent.
/// </summary>
internal static class PageActivity
{
    /// <summary>
    /// <c>folio_mark_accessed</c>: unreferenced becomes referenced, referenced becomes active and unreferenced, active becomes
    /// referenced again. An unevictable page is only marked.
    /// </summary>
    internal static void MarkAccessed(Page page)
    {
        if (!page.Has(PageFlags.Referenced))
        {
            page.Set(PageFlags.Referenced);
        }
        else if ((page.Flags & (PageFlags.Unevictable | PageFlags.Active)) == 0)
        {
            page.Set(PageFlags.Active);
            page.Clear(PageFlags.Referenced);
        }
    }

    /// <summary><c>folio_deactivate</c>: MADV_COLD's.</summary>
    internal static void Deactivate(Page page)
    {
        if ((page.Flags & (PageFlags.Unevictable | PageFlags.Active)) == PageFlags.Active)
            page.Clear(PageFlags.Active | PageFlags.Referenced);
    }

    /// <summary><c>folio_mark_lazyfree</c>: MADV_FREE's.</summary>
    internal static void MarkLazyFree(Page page, Rules rules)
    {
        if (rules.MayBecomeLazyFree(page))
            page.Clear(PageFlags.SwapBacked | PageFlags.Active | PageFlags.Referenced);
    }

    /// <summary><c>workingset_refault</c>: a page that reclaim had evicted comes back, to the active list.</summary>
    internal static void Refault(Page page) => page.Set(PageFlags.Active);

    /// <summary>
    /// <c>folio_putback_lru</c> of a page that was isolated: the list that it goes to follows from PG_mlocked, and the count of mlocks
    /// starts at nothing, as Linux has lost it with the list link.
    /// </summary>
    internal static void Putback(Page page)
    {
        if (page.Has(PageFlags.Mlocked))
        {
            page.Clear(PageFlags.Active);
            page.Set(PageFlags.Unevictable);
            page.MlockCount = 0;
        }
        else
        {
            page.Clear(PageFlags.Unevictable);
        }
    }
}
