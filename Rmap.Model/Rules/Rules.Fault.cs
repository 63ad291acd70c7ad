namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>handle_page_fault</c>, <c>access_error</c>: whether a load from a VMA that allows some access may fault a page in. User-Mode Linux
    /// refuses where memory may only be written.
    /// </summary>
    public virtual bool LoadMayFault(VmArea vma, MachineOptions options) =>
        !options.UserModeLinux || vma.Has(VmFlags.Read | VmFlags.Exec);

    /// <summary>
    /// <c>wp_can_reuse_anon_folio</c>: whether a store may go to a page that is not known to be exclusive, because nothing else holds
    /// it: no other mapping, no swap entry, no reference. A KSM page never.
    /// </summary>
    public virtual bool MayReuse(Page page) =>
        !page.IsKsm && page.MapCount == 1 && !page.IsHeld && page.SwapCache is null or { Count: 0 };

    /// <summary>
    /// <c>do_swap_page</c>: whether a page is read in without entering the swap cache: the device is as fast as memory and nobody
    /// else has an entry for the slot. Since the swap table, seen on 7.2, never.
    /// </summary>
    public virtual bool SwapInBypassesCache(SwapSlot slot, MachineOptions options) =>
        !Since(7, 2) && options.SwapSync && slot.Count == 1;

    /// <summary><c>pte_swp_exclusive</c>: an exclusive entry gives an exclusive page.</summary>
    public virtual bool SwapInTrustsExclusiveEntry(Pte entry) => entry.IsExclusive;

    /// <summary>
    /// <c>do_swap_page</c>: a page that only this fault holds is exclusive, whatever the entry says.
    /// </summary>
    /// <param name="page">The page, not mapped by this fault yet.</param>
    public virtual bool SwapInMayTakeOver(Page page) => page.RefCount == 0;

    /// <summary>
    /// <c>do_swap_page</c>: whether the slot is given up before the page is mapped. 7.2 does it after, so that racing faults find the page
    /// in the swap cache.
    /// </summary>
    public virtual bool SwapInFreesSlotBeforeMapping => !Since(7, 2);

    /// <summary>
    /// <c>do_swap_page</c>: whether a write fault drains the batches first, so that they hold no reference on a page that is new: not
    /// on one that bypassed the swap cache. 7.2 does it for every new page, also a copy of KSM's.
    /// </summary>
    public virtual bool SwapInDrainsBatches(bool wasRead, bool isInCache) => Since(7, 2) ? wasRead || !isInCache : wasRead && isInCache;

    /// <summary>
    /// <c>swap_read_folio_zeromap</c>: whether the device is asked for a page full of zeroes. Since 6.12 the slot only notes that it is
    /// one.
    /// </summary>
    public virtual bool SwapReadsZeroPages => !Since(6, 12);

    /// <summary><c>unuse_pte</c>: only a page that could be read is mapped at swapoff.</summary>
    public virtual bool SwapOffMayMap(Page page) => !page.Has(PageFlags.NotUptodate);

    /// <summary>
    /// <c>should_try_to_free_swap</c>: whether the swap-in tries to leave the swap cache. 7.2 always does with a synchronous device.
    /// </summary>
    /// <param name="page">The page, in the swap cache.</param>
    /// <param name="vma">Where it is mapped.</param>
    /// <param name="isWrite">Whether the store is still to be done.</param>
    /// <param name="ownMapping">1 if this fault's mapping is counted already, else 0.</param>
    /// <param name="options">The machine's settings.</param>
    public virtual bool SwapInShouldFreeSlot(Page page, VmArea vma, bool isWrite, int ownMapping, MachineOptions options) =>
        (Since(7, 2) && options.SwapSync) || vma.Has(VmFlags.Locked) || page.Has(PageFlags.Mlocked)
        || (isWrite && !page.IsKsm && page.MapCount == ownMapping && !page.IsHeld);
}
