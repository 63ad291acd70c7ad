namespace Rmap.Model;

/// <summary>
/// <c>mlock_folio</c> and <c>munlock_folio</c> (<c>mm/mlock.c</c>, 6.18): a page that some VM_LOCKED VMA maps is unevictable.
/// Left out, but for KSM's passes, which do much at once: the batches per CPU in which Linux does this, so the count is exact here.
/// </summary>
internal static class PageMlock
{
    internal static void Mlock(Page page)
    {
        page.Set(PageFlags.Mlocked);
        Cull(page);
    }

    /// <summary>
    /// <c>__mlock_folio</c>: what is left to do when the batch is drained. Nothing if PG_mlocked has been cleared since, by an munlock
    /// that was in the batch before: then the page is evictable, though a VM_LOCKED VMA maps it.
    /// </summary>
    internal static void Cull(Page page)
    {
        if (!page.Has(PageFlags.Mlocked))
        {
            return;
        }

        if (page.Has(PageFlags.Unevictable))
        {
            page.MlockCount++;
            return;
        }

        page.WasActive = page.Has(PageFlags.Active);
        page.Clear(PageFlags.Active);
        page.Set(PageFlags.Unevictable);
        page.MlockCount = 1;
    }

    internal static void Munlock(Page page, Rules rules)
    {
        if (page.Has(PageFlags.Unevictable) && page.MlockCount > 0)
        {
            page.MlockCount--;
        }

        if (!rules.StaysMlocked(page))
        {
            page.Clear(PageFlags.Mlocked | PageFlags.Unevictable);
        }
    }
}
