namespace Rmap.Model;

/// <summary>
/// What Linux does without asking anything, step by step, as far as one would want to leave it out: rules say by
/// <see cref="Rules.Skips"/> which they skip. Each says in which function of the kernel it is, and what comes of it.
/// </summary>
public enum LinuxStep
{
    // mm/rmap.c
    /// <summary><c>__anon_vma_prepare</c>: a VMA that gets its first AV, a new one, is counted in its <c>num_active_vmas</c>.</summary>
    PrepareCountsActiveVma,
    /// <summary><c>__anon_vma_prepare</c>: a VMA that borrows a neighbour's AV is counted there.</summary>
    PrepareCountsBorrower,
    /// <summary><c>anon_vma_fork</c>: a child's VMA is counted in its own AV, a new one or one that it takes over.</summary>
    ForkCountsActiveVma,
    /// <summary><c>unlink_anon_vmas</c>: a VMA that lets go of its own AV is counted off.</summary>
    UnlinkUncountsActiveVma,
    /// <summary><c>anon_vma_clone</c>: a VMA that gets another's AV is counted in its <c>num_active_vmas</c>.</summary>
    CloneCountsActiveVma,
    /// <summary><c>anon_vma_clone</c> that fails: the target's AV, not counted yet, is forgotten before its links go.</summary>
    FailedCloneForgetsAnonVma,
    /// <summary><c>anon_vma_fork</c>: an AV holds a reference on the root of its tree, whose lock it uses.</summary>
    AnonVmaHoldsRoot,
    /// <summary><c>unlink_anon_vmas</c>: an AV that knows no VMA any more stops counting in its parent's <c>num_children</c>.</summary>
    UnlinkUncountsChild,
    /// <summary><c>unlink_anon_vmas</c>: a VMA without links forgets its own AV, as it may live on (MREMAP_DONTUNMAP).</summary>
    UnlinkForgetsAnonVma,
    /// <summary><c>__put_anon_vma</c>: an AV is freed before it lets go of its root, whose lock <c>anon_vma_free</c> looks at.</summary>
    ChildIsFreedBeforeRoot,
    /// <summary><c>__folio_try_dup_anon_rmap</c>: fork takes the AnonExclusive mark from a page that both now map.</summary>
    ForkClearsAnonExclusive,
    /// <summary><c>folio_referenced_one</c>: the accessed bit of a PTE that is asked is cleared.</summary>
    ReferencedMakesOld,
    /// <summary><c>try_to_unmap_one</c>: a dirty PTE makes its page dirty before it goes.</summary>
    UnmapMarksDirty,
    /// <summary><c>try_to_migrate_one</c>: a dirty PTE makes its page dirty before it goes.</summary>
    MigrationMarksDirty,

    /// <summary><c>__anon_vma_prepare</c>: under the lock it is asked again whether another fault has given the VMA an AV.</summary>
    PrepareAsksAgain,
    /// <summary><c>folio_lock_anon_vma_read</c>: under the lock it is asked again whether the page is mapped.</summary>
    WalkAsksMappedAgain,

    // mm/memory.c
    /// <summary><c>do_anonymous_page</c>: under the pte lock it is asked again whether the entry is still none.</summary>
    AnonymousComparesEntry,
    /// <summary><c>handle_pte_fault</c>: under the pte lock the entry is compared with the one that was looked at.</summary>
    WpComparesEntry,
    /// <summary><c>wp_page_copy</c>: under the pte lock the entry is compared with the one whose page was copied.</summary>
    CopyComparesEntry,
    /// <summary><c>finish_fault</c>: under the pte lock it is asked again whether the entry is still none.</summary>
    FileFaultComparesEntry,
    /// <summary><c>__do_fault</c>: the page of a file stays locked from the question whether it is one to the entry that maps it.</summary>
    FaultHoldsFolioLock,
    /// <summary><c>do_swap_page</c>: a slot that is read past the swap cache is claimed: nobody else reads or frees it.</summary>
    SwapInClaimsSlot,
    /// <summary><c>do_swap_page</c>: once the page is locked it is asked whether it is still the cache of the slot.</summary>
    SwapInAsksCacheAgain,
    /// <summary><c>do_swap_page</c>: under the pte lock the entry is compared with the one whose slot was read.</summary>
    SwapInComparesEntry,
    /// <summary><c>handle_pte_fault</c>: an entry that was found to do gets the accessed bit.</summary>
    FaultMakesYoung,
    /// <summary><c>do_page_mkwrite</c>: the file system is told of a store to a page that others see.</summary>
    SharedWriteIsNotified,
    /// <summary><c>fault_dirty_shared_page</c>: a store to a page that others see marks it dirty.</summary>
    SharedWriteMarksDirty,
    /// <summary><c>__copy_present_ptes</c>: the child's entry has not been accessed yet.</summary>
    ForkMakesChildOld,
    /// <summary><c>__copy_present_ptes</c>: the parent's entry loses its write bit, too.</summary>
    ForkWriteProtectsParent,
    /// <summary><c>copy_nonpresent_pte</c>: neither the parent's nor the child's swap entry is exclusive any more.</summary>
    ForkClearsExclusiveSwapEntry,
    /// <summary><c>copy_nonpresent_pte</c>: a child that gets swap entries joins the list of mms that swapoff visits.</summary>
    ForkEnlistsChild,
    /// <summary><c>zap_nonpresent_ptes</c>: private copies of a file that were swapped out go with the others.</summary>
    UnmapZapsSwapEntries,

    // mm/mprotect.c
    /// <summary><c>change_pte_range</c>: a migration entry that would be restored writable is made a reading one.</summary>
    MprotectChangesMigrationEntry,

    // mm/gup.c
    /// <summary><c>faultin_page</c>: a page that is to be written is asked for as such until it is handed out.</summary>
    GupKeepsAskingForWrite,

    // mm/madvise.c, mm/mlock.c
    /// <summary><c>madvise_free_pte_range</c>: the entry of a page that may go gets old and clean.</summary>
    FreeMakesOldAndClean,
    /// <summary><c>do_mlock</c>: what is locked already does not count twice against RLIMIT_MEMLOCK.</summary>
    MlockCountsOnce,

    // kernel/fork.c
    /// <summary><c>copy_mm</c>: who shares an address space (CLONE_VM) is counted in <c>mm_users</c>.</summary>
    CloneVmCountsUser,
    /// <summary><c>dup_mm</c>: a copy that ran out of memory halfway is taken down, so that nothing leads to it.</summary>
    FailedForkTakesDownCopy,
    /// <summary><c>mmf_init_legacy_flags</c>: process-wide KSM is inherited by fork and kept by exec.</summary>
    MergeAnyIsInherited,

    // mm/vma.c
    /// <summary><c>__split_vma</c>: the new part is linked to all AVs of the old one.</summary>
    SplitClonesAnonVmas,
    /// <summary><c>vma_prepare</c>: a VMA leaves the interval trees before its bounds change, and comes back after.</summary>
    ChangeOfBoundsUpdatesTrees,
    /// <summary><c>__split_vma</c>: what can fail, linking the new part to AVs, comes before the bounds change.</summary>
    SplitClonesBeforeBounds,
    /// <summary><c>vma_complete</c>: a VMA that a merge swallows leaves its file's <c>i_mmap</c>.</summary>
    MergeUnlinksRemovedFile,
    /// <summary><c>vma_complete</c>: a VMA that a merge swallows leaves its AVs.</summary>
    MergeUnlinksRemovedAnonVmas,
    /// <summary><c>vma_complete</c>: a VMA that a merge swallows lets go of its file, which counts it.</summary>
    MergeClosesRemoved,
    /// <summary><c>vma_complete</c>: that comes after the VMA that has grown is back in the trees of its AVs.</summary>
    MergeRemovesLast,
    /// <summary><c>vma_expand</c>: a target that was given AVs for a merge lets go of them if there is no memory for it.</summary>
    FailedMergeUnlinksAnonVma,
    /// <summary><c>vms_complete_munmap_vmas</c>: the pages of a VM_LOCKED VMA that goes are counted off <c>locked_vm</c>.</summary>
    UnmapUncountsLocked,

    // mm/mremap.c
    /// <summary><c>check_prep_vma</c>: an mremap that grows may not let the page offset wrap.</summary>
    GrowChecksPageOffset,
    /// <summary><c>mremap_to</c>: what lies at a fixed target is unmapped.</summary>
    MremapUnmapsTarget,
    /// <summary><c>prep_move_vma</c>: KSM pages are taken apart before they move, as an rmap_item names an address.</summary>
    MoveUnmergesKsm,
    /// <summary><c>move_vma</c>: the source is unmapped once its entries have gone over.</summary>
    MoveUnmapsSource,
    /// <summary><c>vrm_stat_account</c>: whether the copy is locked is asked before the source is unmapped, which may free it.</summary>
    MoveRemembersLock,
    /// <summary><c>unmap_source_vma</c>: what stays of a source that was unmapped in part has its VM_ACCOUNT back.</summary>
    MoveRestoresAccount,
    /// <summary><c>dontunmap_complete</c>: an emptied VMA that stays behind lets go of its AVs.</summary>
    DontUnmapUnlinksAnonVmas,

    // mm/ksm.c
    /// <summary><c>write_protect_page</c>: the PTE of the page that becomes the KSM page is made read-only, too.</summary>
    KsmProtectsFirstMapping,
    /// <summary><c>try_to_merge_one_page</c>: what becomes a KSM page is marked dirty, as reclaim drops clean ones.</summary>
    KsmDirtiesStablePage,
    /// <summary><c>try_to_merge_with_ksm_page</c>: an item leaves the unstable tree before it records an AV.</summary>
    KsmMergeLeavesUnstableTree,
    /// <summary><c>try_to_merge_with_ksm_page</c>: an item holds a reference on its AV.</summary>
    KsmItemHoldsAnonVma,
    /// <summary><c>replace_page</c>: the page that a KSM page has replaced loses the reference of that mapping.</summary>
    KsmPutsReplacedPage,
    /// <summary><c>remove_rmap_item_from_tree</c>: the node that loses an item counts one less (<c>rmap_hlist_len</c>).</summary>
    KsmRemovalShortensNode,
    /// <summary><c>remove_all_stable_nodes</c>: nodes without a mapped page go when KSM is unmerged or set otherwise.</summary>
    KsmSweepsStableTree,
    /// <summary><c>remove_trailing_rmap_items</c>: an item leaves its tree before it is freed.</summary>
    KsmDiscardLeavesTree,
    /// <summary><c>ksm_map_zero_page</c>: a zero page that KSM places is counted.</summary>
    KsmCountsZeroPage,
    /// <summary><c>ksm_might_unmap_zero_page</c>: a zero page that KSM placed and that goes is counted off.</summary>
    UnmapUncountsKsmZeroPage,
    /// <summary><c>folio_migrate_ksm</c>: the stable node of a page that has been migrated goes with it to the new frame.</summary>
    KsmNodeFollowsMigration,
    /// <summary><c>ksm_fork</c>: the child of a registered mm is registered.</summary>
    KsmForkRegistersChild,
    /// <summary><c>ksm_fork</c>: the child has no <c>ksm_merging_pages</c> and <c>ksm_rmap_items</c>: items are not copied.</summary>
    KsmForkResetsCounters,
    /// <summary><c>ksm_fork</c>: a registered parent's child has its zero pages added to those of all.</summary>
    ForkCountsKsmZeroPages,

    // mm/vmscan.c
    /// <summary><c>shrink_folio_list</c>: after a write, which gives up the folio's lock, a dirty page stays.</summary>
    ReclaimAsksDirtyAgain,

    // mm/migrate.c
    /// <summary><c>__folio_migrate_mapping</c>: the new page takes the old one's place in the swap cache.</summary>
    MigrationMovesSwapCache,
    /// <summary><c>remove_migration_pte</c>: the new page is mlocked where it is mapped into a VM_LOCKED VMA.</summary>
    MigrationRestoresMlock,

    // mm/swapfile.c, mm/shmem.c, mm/truncate.c
    /// <summary><c>swap_free</c>: a slot has one reference less.</summary>
    SwapFreeUncounts,
    /// <summary><c>swap_shmem_alloc</c>: a swap value in i_pages counts as a reference to its slot.</summary>
    ShmemSwapCounts,
    /// <summary><c>truncate_pagecache</c>: private copies beyond the new end go, too (<c>even_cows</c>).</summary>
    TruncateZapsPrivateCopies,
    /// <summary><c>page_cache_delete</c>: a page that leaves its file by truncation points to the file no more.</summary>
    TruncateClearsMapping,
    /// <summary><c>truncate_cleanup_folio</c>: a page that a fault has mapped again meanwhile is unmapped under its lock.</summary>
    TruncateUnmapsAgain,
    /// <summary><c>truncate_pagecache_range</c>: private copies of a hole stay.</summary>
    PunchSparesPrivateCopies,
}
