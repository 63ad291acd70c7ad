namespace Rmap.Properties.Defects;

/// <summary>The defects that are nothing but a step left out.</summary>
internal static class SkippingDefects
{
    internal static IReadOnlyList<SkippingDefect> All { get; } =
    [
        // 2015, fixed by 3fe89b3e2a7b; 3.19 to 4.0. When a clone ran out of memory halfway, the links made so far were taken away, and with
        // them the AV of the target counted one VMA less, although the target had not been counted yet.
        new("A06", "A06CloneFailDegreeUnderflow", "a clone that fails uncounts a VMA never counted", LinuxStep.FailedCloneForgetsAnonVma),

        // 2011, CVE-2011-2496, fixed by 982134ba6261. mmap checked that page offsets do not wrap, an mremap that grows did not. Then the
        // last page of a VMA has a smaller page offset than its first.
        new("A12", "A12PageOffsetWrap", "mremap lets the page offset wrap", LinuxStep.GrowChecksPageOffset),

        // 2009, fixed by 7103ad323b0a; 2.6.32. ksmd knows a page by its address, so a KSM page that is moved is lost to it. Since then a
        // range is taken apart before it moves.
        new("A17", "A17KsmMremapPoison", "mremap moves KSM pages as they are", LinuxStep.MoveUnmergesKsm),

        // 2010, fixed by db114b83ab60 and 76545066c852. An rmap_item keeps the AV of a process that may exit. Without a reference it points
        // to a freed one.
        new("A19", "A19KsmItemHoldsNoAnonVma", "an rmap_item holds no reference on its AV", LinuxStep.KsmItemHoldsAnonVma),

        // 2015, "mm: mark stable page dirty in KSM"; 4.5. KSM maps its page by clean entries only, and MADV_FREE lets reclaim drop a page
        // that nobody has written since. So a merged page was dropped and its content lost.
        new("A24", "A24KsmCleanStablePageLost", "a KSM page is not dirty", LinuxStep.KsmDirtiesStablePage, shortest: 7),

        // 2022, the rules that 6c287605fd56 made. Fork left the mark of exclusivity on a page that parent and child now share. Either of
        // them may write it in place, and the other sees it.
        new("A28", "A28ExclusiveNotClearedOnFork", "fork leaves a page exclusive", LinuxStep.ForkClearsAnonExclusive),

        // 2022, "mm: don't skip swap entry even if zap_details specified"; all kernels before. Truncating must drop private copies, too,
        // but those in swap were passed over. They came back when the file grew again.
        new("A30", "A30TruncateLeavesSwappedCow", "truncate leaves swapped copies", LinuxStep.UnmapZapsSwapEntries),

        // 2023, fixed by 4d6fc29f3634. fork copied the counters of ksmd's items, but not the items.
        new("A41", "A41KsmForkCopiesCounters", "fork copies ksmd's counters", LinuxStep.KsmForkResetsCounters),

        // 2023 to 2025, the other half of that history. The child of a mergeable process was not registered, so ksmd never came to it.
        new("A41b", "A41KsmForkForgetsChild", "fork does not register the child with ksmd", LinuxStep.KsmForkRegistersChild),

        // 2023 to 2025, one more part of the same history: the setting of process-wide KSM got lost on the way to the child.
        new("A41c", "A41MergeAnyIsNotInherited", "process-wide KSM ends with fork and exec", LinuxStep.MergeAnyIsInherited),

        // 2015, fixed by 51afb12ba809. Migration cleared the mlocked state of a page and did not give it to the new one.
        new("A42", "A42MigrateLosesMlocked", "a migrated page is not mlocked any more", LinuxStep.MigrationRestoresMlock),

        // 2014, fixed by 624483f3ea82; 3.x. An AV that was freed let go of its root first, and then looked at the lock in it. It shows when
        // something else, an rmap_item for instance, has kept the AV longer than all VMAs.
        new("A47", "A47PutAnonVmaRootFirst", "an AV lets go of its root before it is freed", LinuxStep.ChildIsFreedBeforeRoot),

        // 2023, fixed by 824135c46b00; 6.1 to 6.6. If a merge failed after the VMA that was to grow had been given its neighbour's AVs, it
        // kept them.
        new("A48", "A48DupAnonVmaErrorUnwind", "a merge that fails leaves the AVs it has handed over", LinuxStep.FailedMergeUnlinksAnonVma),

        // 2024 and 2025, around 985da552a98e. A fork that runs out of memory halfway leaves an mm with some of the VMAs, linked to their
        // AVs and files. What goes by these links, reclaim, KSM, swapoff, came upon it.
        new("A49", "A49HalfBuiltForkVisible", "a fork that fails leaves what it has copied", LinuxStep.FailedForkTakesDownCopy),

        // 2013, fixed by cbf86cfe04a6; from 4146d2d673e8. Whoever changed how KSM merges took the stable tree for empty once no page was
        // shared. But nodes stay in it until ksmd comes across them and finds their pages gone.
        new("A55", "A55KsmStaleStableNodes", "a change of mode leaves stable nodes", LinuxStep.KsmSweepsStableTree),

        // The new part of a split is linked to no AV.
        new("M05", "M05SplitForgetsChain", "a split does not copy the chain", LinuxStep.SplitClonesAnonVmas),

        // A VMA changes its bounds without leaving the interval trees, which have it under its old ones.
        new("M06", "M06StaleIntervalKey", "bounds change without the interval trees", LinuxStep.ChangeOfBoundsUpdatesTrees),

        // A child AV does not keep the root of its tree alive, whose lock it uses.
        new("M25", "M25RootNotPinned", "an AV holds no reference on its root", LinuxStep.AnonVmaHoldsRoot),

        // Fork write-protects the child's entries only, so that the parent writes into a page that the child reads.
        new("M27", "M27ForkLeavesParentWritable", "fork leaves the parent's entries writable", LinuxStep.ForkWriteProtectsParent),

        // A swap entry that said "exclusive" says so in both processes after a fork.
        new("M32", "M32ForkKeepsExclusiveSwapEntry", "fork leaves swap entries exclusive", LinuxStep.ForkClearsExclusiveSwapEntry),

        // A page that was written since it was read from swap is taken for clean, and the older content comes back.
        new("M41", "M41UnmapForgetsDirty", "reclaim forgets that a page was written", LinuxStep.UnmapMarksDirty),

        // A VMA that MREMAP_DONTUNMAP has emptied and unlinked still points to its AV.
        new("M52", "M52DontUnmapKeepsPointer", "an unlinked VMA keeps its AV", LinuxStep.UnlinkForgetsAnonVma),

        // The process whose page becomes the KSM page can still write it.
        new("M57", "M57KsmLeavesFirstMappingWritable", "a KSM page stays writable where it was first", LinuxStep.KsmProtectsFirstMapping),

        // Truncating leaves private copies of the pages that go.
        new("M65", "M65TruncateSparesCopies", "truncate spares private copies", LinuxStep.TruncateZapsPrivateCopies),

        // A hole takes private copies of its pages along.
        new("M66", "M66PunchTakesCopies", "a hole takes private copies", LinuxStep.PunchSparesPrivateCopies),

        // A process made by CLONE_VM is not counted in mm_users, as when copy_mm forgets its mmget. The address space goes with the first
        // of the two that exits. First seen by mm-users.
        new("N02", "N02CloneVmNotCounted", "a process that shares an address space is not counted", LinuxStep.CloneVmCountsUser),

        // The stable node of a page that is migrated does not go with it: folio_migrate_flags without folio_migrate_ksm. The node takes the
        // next user of the old frame for its page. First seen by ksm-node-live.
        new("N05", "N05KsmNodeStaysBehind", "a stable node does not follow migration", LinuxStep.KsmNodeFollowsMigration),

        // A migrated page is marked as being in the swap cache, but the slot's cache still is the old one, as after fc346d0a70a1's fault in
        // __folio_migrate_mapping for all but the first page of a folio. A swap-in then finds a page that has been freed. First seen by
        // swap-cache.
        new("N07", "N07MigrationForgetsSwapCache", "migration leaves the old page in the swap cache", LinuxStep.MigrationMovesSwapCache),

        // shmem_writeout does not count the swap value that it leaves in i_pages (swap_shmem_alloc). The slot is free as soon as the page
        // has been written, and another page gets it. First seen by shmem-slot.
        new("N08", "N08ShmemSwapNotCounted", "a swap value of shmem does not count", LinuxStep.ShmemSwapCounts),

        // ksmd leads the last PTE of a page to a KSM page, and forgets the reference that the PTE held (folio_put in replace_page). What
        // merging was to save is lost for good. First seen by page-leak.
        new("N10", "N10KsmLeaksReplacedPage", "ksmd does not free the page that it replaces", LinuxStep.KsmPutsReplacedPage),

        // A VMA that gets its AV by a split, a merge or mremap is not counted in num_active_vmas (anon_vma_clone). An AV is taken over
        // while VMAs have it, as in CVE-2022-42703. First seen by active-vmas.
        new("N15", "N15CloneDoesNotCount", "a split is not counted by its AV", LinuxStep.CloneCountsActiveVma),

        // An AV that knows no VMA any more still counts as a child (unlink_anon_vmas). Its parent is never taken over, and chains grow
        // again. First seen by children.
        new("N16", "N16UnlinkKeepsChild", "an AV without VMAs stays counted as a child", LinuxStep.UnlinkUncountsChild),

        // An entry of a child for a slot does not bring its mm onto the list that swapoff visits (copy_nonpresent_pte). swapoff looks for
        // ever. First seen by swapoff-list.
        new("N22", "N22ForkForgetsMmList", "swapoff does not know fork children", LinuxStep.ForkEnlistsChild),

        // An item gets an AV and a stable node while it still is in the unstable tree (try_to_merge_with_ksm_page, which removes it first
        // because both share memory). Removing it later takes it out of the wrong tree. First seen by ksm-item.
        new("N24", "N24KsmStaysInUnstableTree", "a merged item stays in the unstable tree", LinuxStep.KsmMergeLeavesUnstableTree),

        // A stable node that loses an item does not count one less (remove_rmap_item_from_tree). It looks full for ever. First seen by
        // ksm-length.
        new("N25", "N25KsmLengthOnlyGrows", "rmap_hlist_len is never lowered", LinuxStep.KsmRemovalShortensNode),

        // Migration forgets that a PTE was dirty (try_to_migrate_one without folio_mark_dirty). The page is taken for a copy of its slot,
        // and reclaim drops what was written. First seen by clean-swap-cache.
        new("N29", "N29MigrationForgetsDirtyPte", "migration forgets that a PTE was dirty", LinuxStep.MigrationMarksDirty),

        // Made up for what no check saw: an access leaves the entry as if nobody had used it.
        new("U09", "U09FaultLeavesOld", "a fault leaves its entry old", LinuxStep.FaultMakesYoung),

        // folio_referenced counts a use, and will count it again.
        new("U10", "U10ReferencedLeavesYoung", "folio_referenced leaves entries young", LinuxStep.ReferencedMakesOld),

        // mremap asks the copy whether it is locked once the source is unmapped. Where the two had merged, that may have freed it
        // (unmap_source_vma says so). Seen as a use after free.
        new("N42", "N42MoveAsksFreedCopy", "mremap looks at a copy that it has freed", LinuxStep.MoveRemembersLock),

        // Whoever is at the limit of what he may lock cannot lock again what is locked already.
        new("M88", "M88MlockCountsTwice", "mlock counts what is locked already", LinuxStep.MlockCountsOnce),

        // munmap does not count off what was locked, so that RLIMIT_MEMLOCK is used up in the end. Under 6.18, where MREMAP_DONTUNMAP does
        // the like, only an exact count sees it.
        new("N46", "N46UnmapKeepsLockedVm", "munmap leaves locked_vm as it was", LinuxStep.UnmapUncountsLocked),
    ];
}
