namespace Rmap.Model;

public partial class Rules
{
    /// <summary><c>__swap_cache_del_folio</c>: whether a slot goes with the page that leaves the swap cache: no entry names it.</summary>
    public virtual bool CacheRemovalFreesSlot(SwapSlot slot) => slot.IsFree;

    /// <summary>
    /// <c>swap_read_folio_zeromap</c>: whether the device is asked for a page full of zeroes. Since 6.12 the slot only notes that it is
    /// one.
    /// </summary>
    public virtual bool SwapReadsZeroPages => !Since(6, 12);

    /// <summary>
    /// <c>swap_add_folio</c>: whether a page that is written to swap is only queued, and still under way when reclaim asks, so that it
    /// stays in the swap cache until the next time. Since 7.3, unless the device is synchronous; a page of zeroes is not written at all.
    /// </summary>
    public virtual bool SwapOutIsQueued(Page page, MachineOptions options) => Since(7, 3) && !options.SwapSync && page.Value != 0;

    /// <summary><c>unuse_pte</c>: only a page that could be read is mapped at swapoff.</summary>
    public virtual bool SwapOffMayMap(Page page) => !page.Has(PageFlags.NotUptodate);

    /// <summary><c>unuse_mm</c>: whether swapoff looks into a VMA: one without an AV cannot hold swap entries.</summary>
    public virtual bool SwapOffVisits(VmArea vma) => vma.IsAnonPrepared;

    /// <summary><c>unuse_pte</c>: whether the page that takes this entry's place is AnonExclusive.</summary>
    public virtual bool SwapOffIsExclusive(Pte entry) => entry.IsExclusive;

    /// <summary><c>lru_lazyfree</c>: whether a page may become lazyfree: it goes to swap, and is neither there nor mlocked.</summary>
    public virtual bool MayBecomeLazyFree(Page page) =>
        page.IsAnon && page.Has(PageFlags.SwapBacked) && page.SwapCache is null && !page.Has(PageFlags.Unevictable);
}
