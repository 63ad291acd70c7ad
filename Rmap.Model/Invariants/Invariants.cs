namespace Rmap.Model.Invariants;

/// <summary>What must hold after every operation, whatever it was.</summary>
public static class Invariants
{
    /// <summary>
    /// All invariants, from the most basic to the most derived: a check may rely on those before it, and a report names the first
    /// that does not hold.
    /// </summary>
    public static IReadOnlyList<Invariant> All { get; } =
    [
        // Address spaces.
        new("vma-order", "The VMAs of an address space have pages, whose offsets do not wrap, do not overlap and stand in order.",
            "validate_mm(); BUG_ON in exit_mmap()", AddressSpaceInvariants.VmasAreInOrder),
        new("mm-users", "An address space is there as long as processes use it, and counts them.",
            "mm_users: mmput() takes it down at zero", AddressSpaceInvariants.UsersAreCounted),
        new("pte-in-vma", "Every page-table entry lies inside a VMA.",
            "free_pgtables() after the zap; check_mm(): non-zero pgtables_bytes", AddressSpaceInvariants.EntriesLieInVmas),
        new("no-migration-entry", "At rest no page table holds a migration entry.",
            "remove_migration_ptes() must find all: a fault waits for ever", AddressSpaceInvariants.NothingMigrates),

        // Nothing leads to what has been freed.
        new("pte-live", "A page-table entry names a page or a slot that is in use.",
            "print_bad_pte(); _swap_info_get(): \"Unused swap offset entry\"", Life.EntriesNameLivePagesAndSlots),
        new("mapped-owner", "A mapped page belongs to an AV, a stable node or a file.",
            "VM_BUG_ON_FOLIO(folio_mapped) in filemap_unaccount_folio()", Life.MappedPagesHaveAnOwner),
        new("av-live", "No VMA, mapped page, rmap_item or AV with VMAs leads to an AV that has been freed.",
            "VM_WARN in __folio_rmap_sanity_checks(); folio_get_anon_vma()", Life.AnonVmasAreLive),
        new("ksm-node-live", "The stable node of a mapped KSM page is in use and knows the page's frame.",
            "ksm_get_folio()", Life.KsmPagesAndNodesBelongTogether),

        // Counters.
        new("mapcount", "The mapcount of a page is the number of present entries that map it.",
            "folio_mapcount(); \"bad page map\" of a zap; BUG_ON in migration and reclaim", Counts.MapCounts),
        new("pin-count", "A page that get_user_pages has handed out is in use, and counts those who hold it.",
            "try_grab_folio(), gup_put_folio(); GUP_PIN_COUNTING_BIAS", Counts.PinsAreCounted),
        new("swap-count", "The count of a slot is the number of swap entries that name it.",
            "swap_duplicate(), swap_free(): the slot goes at zero", Counts.SwapCounts),
        new("swap-cache", "A slot's cache is the page that is in the swap cache for it.",
            "WARN_ON_ONCE in __swap_cache_del_folio()", Counts.SwapCacheIsMutual),
        new("shmem-slot", "A slot of shmem is held by exactly one swap value in i_pages and named by no entry.",
            "swap_shmem_alloc(), SWAP_MAP_SHMEM is never counted up", Counts.ShmemSlotsAreOwnedOnce),
        new("page-cache", "A page of a file is the one that the file caches at its index.",
            "folio->mapping and folio->index checked after every lookup", Counts.PageCacheIsMutual),
        new("page-leak", "A page that is neither mapped nor cached nor pinned has been freed.",
            "folio_put()", Life.PagesInUseAreNeeded),
        new("slot-leak", "A slot that no entry names and no cache holds has been freed.",
            "swap_entries_free(); folio_free_swap()", Life.SlotsInUseAreNeeded),

        // AVs, VMAs and their links.
        new("own-av", "A VMA's own AV is in its chain; it has none if the chain is empty.",
            "check_anon_vma_clone(), unlink_anon_vmas() of 7.2", AnonTopology.OwnAnonVmaIsInChain),
        new("link", "A link is in the chain of its VMA and in the tree of its AV, and there is one at most for each pair.",
            "anon_vma_chain_link(); unlink_anon_vmas()", AnonTopology.LinksAreOnBothSides),
        new("interval-key", "The trees of AVs have each VMA under the page offsets that it has now.",
            "anon_vma_interval_tree_verify(); pre and post update in vma_prepare(), vma_complete()", AnonTopology.KeysAreCurrent),
        new("one-root", "All AVs of a chain have the same root.",
            "WARN_ON in lock_anon_vma_root()", AnonTopology.ChainHasOneRoot),
        new("root-last", "A chain ends with the root (up to 6.18).",
            "unlink_anon_vmas(): the root is freed last", AnonTopology.ChainEndsWithRoot),
        new("root-alone", "A VMA whose own AV is a root has inherited nothing: its chain is this AV alone.",
            "reusable_anon_vma(), vma_is_fork_child()", AnonTopology.RootIsAlone),
        new("ancestors", "A VMA that an AV knows is known to the AV's parent, too.",
            "anon_vma_fork(): a child is attached to all AVs of its parent", AnonTopology.ChainHasParents),
        new("equal-chains", "VMAs with the same own AV have the same AVs in their chains.",
            "is_mergeable_anon_vma(): a merge keeps one chain (CVE-2022-42703)", AnonTopology.EqualAnonVmasHaveEqualChains),
        new("active-vmas", "num_active_vmas of an AV is the number of VMAs whose own it is.",
            "VM_WARN_ON in unlink_anon_vmas()", AnonTopology.ActiveVmasAreCounted),
        new("children", "num_children of an AV is the number of AVs with VMAs whose parent it is; a root counts itself.",
            "VM_WARN_ON in unlink_anon_vmas()", AnonTopology.ChildrenAreCounted),
        new("av-refcount",
            "The refcount of an AV is 1 while it has VMAs, plus 1 per rmap_item, for a root plus 1 per other AV of its tree.",
            "get_anon_vma(), put_anon_vma()", AnonTopology.ReferencesAreCounted),
        new("av-leak", "An AV to which nothing leads has been freed.",
            "put_anon_vma()", Life.AnonVmasInUseAreNeeded),
        new("i-mmap", "i_mmap of a file knows exactly the VMAs that map it, under the page offsets that they have now.",
            "vma_link_file(), unlink_file_vma(); truncate relies on it", AnonTopology.IMmapKnowsItsVmas),
        new("attached", "A segment, or shared anonymous memory, counts the VMAs that map it.",
            "shm_nattch: the last detach frees what IPC_RMID marked", Counts.AttachmentsAreCounted),
        new("anon-needs-av", "A VMA with an anonymous page or a swap entry has an AV.",
            "do_swap_page(), vma_needs_copy(), unuse_mm() skip those without", AnonTopology.AnonPagesNeedAnAnonVma),
        new("shared-has-no-av", "A shared VMA has no AV.",
            "vmf_anon_prepare() is for private mappings", AnonTopology.SharedVmasHaveNoAnonPages),

        // What an entry permits.
        new("pte-permission", "No entry is writable in a VMA that is not.",
            "maybe_mkwrite(); remove_migration_pte()", AddressSpaceInvariants.EntriesPermitNoMoreThanTheirVma),
        new("writable-exclusive", "An anonymous page is mapped writable only if it is AnonExclusive.",
            "VM_BUG_ON in do_swap_page(), wp_page_reuse()", Exclusivity.WritableAnonPagesAreExclusive),
        new("exclusive-once", "An AnonExclusive page is mapped exactly once, or held by get_user_pages since it was unmapped.",
            "VM_WARN in __folio_add_anon_rmap()", Exclusivity.ExclusivePagesAreMappedOnce),
        new("pinned-exclusive", "A pinned anonymous page is AnonExclusive.",
            "VM_WARN in follow_page_pte(), sanity_check_pinned_pages()", Exclusivity.PinnedPagesAreExclusive),
        new("ksm-read-only", "A KSM page is mapped read-only everywhere and not AnonExclusive.",
            "VM_WARN in folio_set_stable_node(); VM_BUG_ON in replace_page()", Exclusivity.KsmPagesAreReadOnly),
        new("private-read-only", "A private VMA maps pages of its file read-only.",
            "vm_page_prot of a private VMA has no write bit", AddressSpaceInvariants.FilePagesStayReadOnlyInPrivateVmas),
        new("swap-exclusive", "An exclusive swap entry is the only one for its slot.",
            "do_swap_page() maps it writable without looking", Exclusivity.ExclusiveSwapEntriesAreAlone),
        new("swap-cache-shared", "A page in the swap cache that some swap entry may still map is not AnonExclusive.",
            "BUG_ON in do_swap_page()", Exclusivity.NeededSwapCacheIsShared),
        new("lazyfree", "A mapped anonymous page in the swap cache is swap-backed.",
            "WARN in try_to_unmap_one()", Exclusivity.LazyFreePagesAreNotInSwapCache),
        new("mlocked", "A page is mlocked and unevictable or neither, and it is if VM_LOCKED VMAs are counted that map it.",
            "__munlock_folio(); the count may be too low, as a page read from swap is not counted and a putback forgets",
            AddressSpaceInvariants.CountedPagesAreMlocked),
        new("locked-vm", "locked_vm of an address space is the number of pages in its VM_LOCKED VMAs, or more where the rules say so.",
            "VmLck; RLIMIT_MEMLOCK: mlock_fixup(), vms_complete_munmap_vmas(), vrm_stat_account()",
            AddressSpaceInvariants.LockedPagesAreCounted),
        new("locked-page", "Reclaim takes no page out of a VM_LOCKED VMA.",
            "try_to_unmap_one(): VM_LOCKED ends the walk", LockHistory.LockedPagesStay),
        new("swapoff-list", "An address space with swap entries is on the list that swapoff visits.",
            "try_to_unuse()", AddressSpaceInvariants.SwapoffKnowsSwappedMms),
        new("read-only-opening", "What is mapped shared through a read-only opening cannot be written, now or after mprotect.",
            "do_mmap(): without FMODE_WRITE, VM_MAYWRITE and VM_SHARED go", AddressSpaceInvariants.ReadOnlyOpeningsStayReadOnly),
        new("in-file", "No entry of a file's VMA lies beyond the end of the file, be it for a private copy.",
            "truncate_pagecache(): unmap_mapping_range() with even_cows", AddressSpaceInvariants.EntriesLieInFiles),

        // ksmd.
        new("ksm-registered", "An address space with a mergeable VMA is registered with ksmd.",
            "MMF_VM_MERGEABLE: ksm_madvise(), ksm_fork()", KsmInvariants.MergeableMmsAreRegistered),
        new("ksm-item-order", "The rmap_items of an address space are strictly ascending by address.",
            "get_next_rmap_item()", KsmInvariants.ItemsAreInOrder),
        new("ksm-item", "An rmap_item is in the list of its stable node and has an AV, or has neither; it is never in both trees.",
            "STABLE_FLAG, UNSTABLE_FLAG; remove_rmap_item_from_tree()", KsmInvariants.ItemsAreInOneTree),
        new("ksm-length", "rmap_hlist_len of a stable node is the length of its list.",
            "VM_BUG_ON and WARN_ON_ONCE in stable_tree_append()", KsmInvariants.LengthsAreCounted),
        new("ksm-zero-page", "A zero page that KSM placed lies in a VM_MERGEABLE VMA.",
            "unmerge_ksm_pages() before VM_MERGEABLE is cleared", KsmInvariants.ZeroPagesAreMergeable),
        new("ksm-pages", "pages_shared, pages_sharing, pages_unshared, pages_volatile and ksm_zero_pages equal a recount.",
            "/sys/kernel/mm/ksm", KsmInvariants.PagesAreCounted),
        new("ksm-mm", "ksm_rmap_items, ksm_merging_pages and ksm_zero_pages of an address space equal a recount.",
            "/proc/PID/ksm_stat", KsmInvariants.ItemsOfMmsAreCounted),
        new("ksm-content", "The stable tree is in order of content: no content twice, except in one chain.",
            "stable_tree_search(), stable_tree_insert(); a KSM page never changes", KsmInvariants.ContentsAreInOrder),

        // The way back from a page.
        new("anon-index", "The index of an anonymous page is the page offset of every place that maps it.",
            "VM_BUG_ON_PAGE in __page_check_anon_rmap()", Reachability.IndexIsTheLinearPageIndex),
        new("anon-root", "The AV of an anonymous page has the same root as that of every VMA that maps it.",
            "VM_BUG_ON_FOLIO in __page_check_anon_rmap()", Reachability.PageAndVmaHaveOneRoot),
        new("anon-reach", "The AV of an anonymous page knows every VMA that maps it.",
            "rmap_walk_anon(): try_to_unmap() must bring the mapcount to 0", Reachability.AnonPagesAreReached),
        new("file-reach", "A page of a file is mapped by VMAs of this file only, at the place of its index.",
            "rmap_walk_file(); BUG in filemap_unaccount_folio() if still mapped", Reachability.FilePagesAreReached),
        new("ksm-reach", "A place that maps a KSM page has an rmap_item, or was forked from one that has; some are excused.",
            "rmap_walk_ksm(); ksm_madvise() in move_vma()", KsmReachability.KsmPagesAreReached),

        // What a clean page stands for.
        new("clean-swap-cache", "A clean page in the swap cache has the content of its slot.",
            "__remove_mapping() drops it without writing", Contents.CleanSwapCacheEqualsItsSlot),
        new("clean-file-page", "A clean page of a file on a disk has the content that the disk has.",
            "__remove_mapping() drops it without writing", Contents.CleanFilePagesEqualTheDisk),

        // The two-way statement.
        new("walk", "The walk of a page finds every place that maps it, and looks at no address outside a VMA.",
            "rmap_walk(); VM_BUG_ON(address == -EFAULT)", Reachability.WalkFindsAll),
    ];

    /// <summary>
    /// What stands for an invariant when the machine itself cannot go on: a walk met what is not there, a list lost what it should
    /// hold. Linux would hit a BUG or an oops. Not one of <see cref="All"/>, since nothing can be read off such a machine.
    /// </summary>
    public static Invariant GoesOn { get; } = new(
        "goes-on", "An operation finds the structures it relies on.", "BUG_ON, oops", _ => null);

    /// <summary>The violation of <see cref="GoesOn"/> that an exception stands for.</summary>
    public static Violation Stuck(Exception exception) =>
        new(GoesOn, $"{exception.Message}", $"the operation to come to an outcome");

    /// <summary>What the naive content model checks at every load and store.</summary>
    public static Invariant Content { get; } = new(
        "content", "A load returns what was stored last by those who share the page, and a store or load faults only where it must.",
        "fork(2), mmap(2): MAP_PRIVATE, MAP_SHARED; the reason for exclusivity and copy on write", _ => null);

    /// <summary>What the naive content model checks of the VMAs.</summary>
    public static Invariant Map { get; } = new(
        "map", "Splitting and merging VMAs changes neither the protection of a page nor its place in its file.",
        "vma_modify(), vma_merge_existing_range(); 7e7757876f25", _ => null);

    /// <summary>What <c>Effects</c> checks, which compares the states before and after an operation.</summary>
    public static Invariant Effect { get; } = new(
        "effect", "An operation does what it is for, and leaves alone whom it is not about.",
        "madvise(2) MADV_PAGEOUT, mlock(2) at fork, PR_SET_MEMORY_MERGE at fork and exec, /sys/kernel/mm/ksm/run; migration, "
            + "reclaim and folio_referenced() of mlocked pages", _ => null);
}
