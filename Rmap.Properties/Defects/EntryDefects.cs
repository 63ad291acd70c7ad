namespace Rmap.Properties.Defects;

/// <summary>
/// An mremap that grows asks only whether the page behind the VMA is free (<c>vma_expandable</c>, like MAP_FIXED_NOREPLACE before
/// 7aa867dd8952). The VMA then lies over its neighbour. First seen by vma-order.
/// </summary>
public sealed class N01GrowthOverNeighbour() : Defect("N01", "mremap grows a VMA over the next one")
{
    public override bool MayExpand(VmArea vma, PageRange growth) => vma.Mm.Lookup(growth.Start) is null;
}

/// <summary>
/// munmap leaves entries for the zero page, as no page belongs to them: <c>zap_pte_range</c> goes on when <c>vm_normal_page</c> gives none.
/// The page table is freed with entries in it, or lends them to the next mapping. First seen by pte-in-vma.
/// </summary>
public sealed class N03ZapSkipsZeroPage() : Defect("N03", "unmapping leaves entries for the zero page")
{
    public override bool ZapClears(Pte pte) => pte.Kind != PteKind.ZeroPage;
}

/// <summary>
/// A page that leaves the swap cache takes its slot along, whatever its count: <c>__swap_cache_del_folio</c> as if it were
/// <c>folio_free_swap</c>. The swap entries then name a slot that is free for others. First seen by pte-live.
/// </summary>
public sealed class N04CacheRemovalFreesAnySlot() : Defect("N04", "a slot goes with its page although entries name it")
{
    public override bool CacheRemovalFreesSlot(SwapSlot slot) => true;
}

/// <summary>
/// mprotect sets the write bit for exclusive pages without asking whether the VMA may be written (the first test of
/// <c>can_change_pte_writable</c>). Read-only memory can be written. First seen by pte-permission.
/// </summary>
public sealed class N19MprotectIgnoresVmWrite() : Defect("N19", "mprotect leaves exclusive pages writable")
{
    public override bool MprotectMayMakeWritable(VmArea vma, Pte pte) => vma.Has(VmFlags.Shared)
        ? base.MprotectMayMakeWritable(vma, pte)
        : pte.Page.IsAnon && pte.Page.IsAnonExclusive;
}

/// <summary>
/// vm_page_prot of a private VMA has the write bit, as if <c>protection_map</c> had one line for private and shared mappings. A page of the
/// file that is mapped for a load can be written at once, and the store reaches the file. First seen by private-read-only.
/// </summary>
public sealed class N20PrivatePageProtWritable() : Defect("N20", "a private VMA maps pages of its file writable")
{
    public override bool IsPageProtWritable(VmArea vma) => vma.Has(VmFlags.Write) && vma.File is { Mapping.IsShmem: true };
}

/// <summary>
/// MADV_FREE forgets the swap cache, in <c>madvise_free_pte_range</c> and in <c>lru_lazyfree</c>. A page that is there becomes lazyfree,
/// and reclaim neither drops it nor writes it. First seen by lazyfree.
/// </summary>
public sealed class N21FreeIgnoresSwapCache() : Defect("N21", "a page in the swap cache becomes lazyfree")
{
    public override bool FreeWantsPageAlone(Page page) => page.Has(PageFlags.Dirty);

    public override bool MayBecomeLazyFree(Page page) =>
        page.IsAnon && page.Has(PageFlags.SwapBacked) && !page.Has(PageFlags.Unevictable);
}

/// <summary>
/// Fault-around takes the page at the start of the VMA for the one at the start of its window (<c>do_fault_around</c> without the part of
/// the window that lies before the VMA). Neighbours map each other's pages. First seen by file-reach.
/// </summary>
public sealed class N28FaultAroundFromWindow() : Defect("N28", "fault-around counts from the start of its window")
{
    public override long FaultAroundIndex(VmArea vma, VirtualPage address, long window) => vma.PageOffset + (address.Number % window);
}

/// <summary>
/// Migration of a page with buffers forgets PG_dirty (<c>__buffer_migrate_folio</c> without what <c>__folio_migrate_mapping</c> does for
/// others). The page is never written back. First seen by clean-file-page.
/// </summary>
public sealed class N30MigrationForgetsDirtyPage() : Defect("N30", "migration forgets that a page with buffers was dirty")
{
    public override bool MigrationKeepsDirty(Page from) => !from.Has(PageFlags.Private);
}
