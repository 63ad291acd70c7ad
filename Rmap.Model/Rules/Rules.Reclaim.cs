namespace Rmap.Model;

public partial class Rules
{
    /// <summary><c>try_to_unmap</c>: when the walk may stop: nothing maps the page any more (<c>folio_not_mapped</c>).</summary>
    public virtual bool UnmapIsDone(Page page) => page.MapCount == 0;

    /// <summary><c>try_to_unmap_one</c>: whether a page must stay in this VMA: mlock promises that.</summary>
    public virtual bool RefusesUnmap(VmArea vma) => vma.Has(VmFlags.Locked);

    /// <summary>
    /// <c>try_to_unmap_one</c>: whether the swap entry says that its page was exclusive (<c>pte_swp_mkexclusive</c>), so that it may
    /// be mapped writable again at swap-in.
    /// </summary>
    /// <param name="exclusive">Whether the page was AnonExclusive.</param>
    public virtual bool SwapEntryIsExclusive(bool exclusive) => exclusive;

    /// <summary>
    /// <c>try_to_unmap_one</c>: whether a lazyfree page may be dropped: not written since MADV_FREE, and no reference but the mappings.
    /// </summary>
    public virtual bool MayDropLazyFree(Page page) => !page.Has(PageFlags.Dirty) && page.RefCount == page.MapCount;

    /// <summary>
    /// <c>try_to_unmap_one</c>: whether a lazyfree page that had to stay becomes an ordinary one again: only if it was written. On 6.12 any.
    /// </summary>
    public virtual bool KeptLazyFreeIsSwapBacked(Page page) => !Since(6, 18) || page.Has(PageFlags.Dirty);

    /// <summary>
    /// <c>madvise_cold_or_pageout_pte_range</c>: whether MADV_COLD and MADV_PAGEOUT touch a page: not if another process maps it, too.
    /// </summary>
    public virtual bool AdviceActsOn(Page page) => page.MapCount == 1;

    /// <summary>
    /// <c>__munlock_folio</c>: whether a page stays mlocked that one VM_LOCKED VMA has let go of: as long as others are counted.
    /// </summary>
    public virtual bool StaysMlocked(Page page) => page.Has(PageFlags.Unevictable) && page.MlockCount > 0;

    /// <summary>
    /// <c>unmap_region</c>, <c>exit_mmap</c>, <c>zap_page_range_single</c>: whether the batch of mlock is drained when page tables have
    /// been cleared, so that what follows in the same operation finds the pages munlocked. Seen on 6.12, not on 6.18.
    /// </summary>
    public virtual bool ZapDrainsMlockBatch => !Since(6, 18);

    /// <summary><c>folio_referenced_one</c>: whether a mapping in this VMA settles it: the page is mlocked.</summary>
    public virtual bool ReferencedStopsAtLocked(VmArea vma) => vma.Has(VmFlags.Locked);

    /// <summary>
    /// <c>madvise_free_pte_range</c>: whether MADV_FREE acts on a page only if it is mapped once and can leave the swap cache: there is a
    /// copy of it in swap, or it needs one.
    /// </summary>
    public virtual bool FreeWantsPageAlone(Page page) => page.SwapCache is not null || page.Has(PageFlags.Dirty);

    /// <summary><c>lru_lazyfree</c>: whether a page may become lazyfree: it goes to swap, and is neither there nor mlocked.</summary>
    public virtual bool MayBecomeLazyFree(Page page) =>
        page.IsAnon && page.Has(PageFlags.SwapBacked) && page.SwapCache is null && !page.Has(PageFlags.Unevictable);
}
