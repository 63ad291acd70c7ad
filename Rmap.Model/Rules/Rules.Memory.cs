namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>vma_is_anonymous</c>, as <c>do_pte_missing</c> asks it: whether a missing page is new anonymous memory, or comes from a
    /// file.
    /// </summary>
    public virtual bool MissingPageIsAnonymous(VmArea vma) => vma.IsAnonymous;

    /// <summary><c>do_fault_around</c>, <c>filemap_map_pages</c>: which page of the file belongs to a page of the window.</summary>
    /// <param name="vma">The VMA.</param>
    /// <param name="address">A page of the window, within the VMA.</param>
    /// <param name="window">Its length; it begins at a multiple of it, or with the VMA.</param>
    public virtual long FaultAroundIndex(VmArea vma, VirtualPage address, long window) => vma.LinearPageIndex(address);

    /// <summary>
    /// <c>set_pte_range</c>: whether a read fault that maps a dirty page writable marks the PTE dirty as well. Since 6.18.
    /// </summary>
    public virtual bool ReadFaultMayMapDirty => Since(6, 18);

    /// <summary>
    /// <c>wp_can_reuse_anon_folio</c>: whether a store may go to a page that is not known to be exclusive, because nothing else holds
    /// it: no other mapping, no swap entry, no reference. A KSM page never.
    /// </summary>
    public virtual bool MayReuse(Page page) =>
        !page.IsKsm && page.MapCount == 1 && !page.IsHeld && page.SwapCache is null or { Count: 0 };

    /// <summary><c>do_wp_page</c>: whether a store through a read-only entry goes to the page behind the mapping, not to a copy.</summary>
    public virtual bool StoreIsShared(VmArea vma) => vma.Has(VmFlags.Shared | VmFlags.MayShare);

    /// <summary>
    /// <c>do_swap_page</c>: whether a page is read in without entering the swap cache: the device is as fast as memory and nobody
    /// else has an entry for the slot. Since the swap table, seen on 7.2, never.
    /// </summary>
    public virtual bool SwapInBypassesCache(SwapSlot slot, MachineOptions options) =>
        !Since(7, 2) && options.SwapSync && slot.Count == 1;

    /// <summary><c>pte_swp_exclusive</c>: an exclusive entry gives an exclusive page.</summary>
    public virtual bool SwapInTrustsExclusiveEntry(Pte entry) => entry.IsExclusive;

    /// <summary>
    /// <c>do_swap_page</c>: a page that only this fault holds is exclusive, whatever the entry says. Since 7.3 the entry alone says it.
    /// </summary>
    /// <param name="page">The page, not mapped by this fault yet.</param>
    public virtual bool SwapInMayTakeOver(Page page) => page.RefCount == 0 && !Since(7, 3);

    /// <summary>
    /// <c>do_swap_page</c>: whether the slot is given up before the page is mapped. 7.2 does it after, so that racing faults find the page
    /// in the swap cache.
    /// </summary>
    public virtual bool SwapInFreesSlotBeforeMapping => !Since(7, 2);

    /// <summary>
    /// <c>do_swap_page</c>: whether a write fault drains the batches first, so that they hold no reference on a page that is new: not
    /// on one that bypassed the swap cache. 7.2 does it for every new page, also a copy of KSM's, and 7.3 not at all.
    /// </summary>
    public virtual bool SwapInDrainsBatches(bool wasRead, bool isInCache) =>
        Since(7, 2) ? !Since(7, 3) && (wasRead || !isInCache) : wasRead && isInCache;

    /// <summary>
    /// <c>should_try_to_free_swap</c>: whether the swap-in tries to leave the swap cache. 7.2 always does with a synchronous device; with
    /// another it does for a store that is not done yet, so not for one to an exclusive page, and 7.3 only for such a one.
    /// </summary>
    /// <param name="page">The page, in the swap cache.</param>
    /// <param name="vma">Where it is mapped.</param>
    /// <param name="isWrite">Whether a store asked for it.</param>
    /// <param name="exclusive">Whether it was mapped as exclusive; false before it is mapped.</param>
    /// <param name="options">The machine's settings.</param>
    public virtual bool SwapInShouldFreeSlot(Page page, VmArea vma, bool isWrite, bool exclusive, MachineOptions options) =>
        (Since(7, 2) && options.SwapSync) || vma.Has(VmFlags.Locked) || page.Has(PageFlags.Mlocked)
        || (isWrite && (Since(7, 3) ? exclusive
            : !exclusive && !page.IsKsm && page.MapCount == (SwapInFreesSlotBeforeMapping ? 0 : 1) && !page.IsHeld));

    /// <summary>
    /// <c>vma_needs_copy</c>: whether fork copies the entries of a VMA: of one with an AV; the rest can be faulted in again.
    /// </summary>
    public virtual bool ForkCopiesPageTables(VmArea parent) => parent.AnonVma is not null;

    /// <summary><c>copy_nonpresent_pte</c>, <c>swap_duplicate</c>: the child's swap entry counts, however many there are.</summary>
    public virtual bool ForkCountsSwapEntry(SwapSlot slot) => true;

    /// <summary><c>zap_pte_range</c>: whether an entry goes when its range is unmapped or discarded. Any that is not none.</summary>
    public virtual bool ZapClears(Pte pte) => true;

    /// <summary>
    /// <c>zap_present_folio_ptes</c>, <c>tlb_flush_rmaps</c>: whether the page that an entry mapped has one mapping less, be it at once or,
    /// for what was written through a shared mapping, after the TLB flush.
    /// </summary>
    public virtual bool ZapRemovesRmap(VmArea vma, Pte pte) => true;

    /// <summary>
    /// <c>unmap_region</c>, <c>exit_mmap</c>, <c>zap_page_range_single</c>: whether the batch of mlock is drained when page tables have
    /// been cleared, so that what follows in the same operation finds the pages munlocked. Seen on 6.12, not on 6.18.
    /// </summary>
    public virtual bool ZapDrainsMlockBatch => !Since(6, 18);
}
