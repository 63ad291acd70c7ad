namespace Rmap.Model;

/// <summary>
/// <c>mlock_folio</c> and <c>munlock_folio</c> (<c>mm/mlock.c</c>, 6.18): a page that some VM_LOCKED VMA maps is unevictable.
/// Left out: the batches per CPU in which Linux does this, so the count is exact here.
/// </summary>
internal static class PageMlock
{
    internal static void Mlock(Page page)
    {
        page.Set(PageFlags.Mlocked);
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
