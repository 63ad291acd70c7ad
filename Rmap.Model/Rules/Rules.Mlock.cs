namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>__munlock_folio</c>: whether a page stays mlocked that one VM_LOCKED VMA has let go of: as long as others are counted.
    /// </summary>
    public virtual bool StaysMlocked(Page page) => page.Has(PageFlags.Unevictable) && page.MlockCount > 0;

    /// <summary><c>mlock_fixup</c>: what is added to <c>locked_vm</c> when a range is locked or unlocked.</summary>
    public virtual long PagesCountedByMlock(PageRange range, bool locks) => locks ? range.Pages : -range.Pages;
}
