namespace Rmap.Properties.Defects;

/// <summary>
/// Pages that were written through a shared mapping keep their mapcount when they are unmapped: <c>zap_present_folio_ptes</c> puts it off
/// until the TLB is flushed (5df397dec7c4), and <c>tlb_flush_rmaps</c> never comes. Such a page looks mapped for ever. First seen by
/// mapcount.
/// </summary>
public sealed class N06DelayedRmapForgotten() : Defect("N06", "a page written through a shared mapping stays counted as mapped")
{
    public override bool ZapRemovesRmap(VmArea vma, Pte pte) => !(vma.Has(VmFlags.Shared) && pte.IsDirty);
}

/// <summary>
/// A page of shmem is migrated, but i_pages still has the old one: the store that 60cf233b585c put right, which went by PG_swapbacked and
/// took such pages for pages in the swap cache. Whoever faults next maps a page that has been freed. First seen by page-cache.
/// </summary>
public sealed class N09MigrationForgetsPageCache() : Defect("N09", "migration leaves the old page of shmem in i_pages")
{
    public override bool MigrationMovesPageCache(Page from) => !from.Has(PageFlags.SwapBacked);
}

/// <summary>
/// A page leaves the swap cache after the last swap entry has gone, and its slot is not freed, as when <c>__swap_cache_del_folio</c> takes
/// the page out without looking at the count. Swap fills up with slots that nobody names. First seen by slot-leak.
/// </summary>
public sealed class N11CacheRemovalLeaksSlot() : Defect("N11", "a slot that leaves the swap cache last is not freed")
{
    public override bool CacheRemovalFreesSlot(SwapSlot slot) => false;
}

/// <summary>
/// A segment does not count a VMA that is split off: <c>__split_vma</c> without <c>vm_ops->open</c>. After IPC_RMID the first detach of a
/// part destroys what the other still maps. First seen by attached.
/// </summary>
public sealed class N18SplitDoesNotOpen() : Defect("N18", "a split is not counted by its segment")
{
    public override bool SplitOpensFile(VmArea part) => part.File is not { Mapping.Kind: FileKind.SysV };
}

/// <summary>
/// What <c>pin_user_pages</c> handed out is given back by <c>put_page</c>, which lowers the refcount by 1 and not by 1024. The page passes
/// for pinned ever after: fork copies it, reclaim leaves it. First seen by pin-count.
/// </summary>
public sealed class N31PutPageOfPinned() : Defect("N31", "a pinned page is given back by put_page")
{
    public override bool ReleaseUnpins(Pin pin) => false;
}
