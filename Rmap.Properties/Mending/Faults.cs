namespace Rmap.Properties.Mending;

/// <summary>What is known of a fault of Linux.</summary>
/// <param name="Letter">By which it is called.</param>
/// <param name="Name">The name of its scenarios, its program and its mail in <c>docs/linux</c>.</param>
/// <param name="Excuse">Its excuse; null if the model does not meet it under the rules of a version, so that there is nothing to
/// excuse.</param>
/// <param name="What">What happens.</param>
/// <param name="Loss">Who loses what.</param>
/// <param name="Event">The one event that makes the excuse, and for whom; or why there is none.</param>
/// <param name="Source">The places in the source.</param>
/// <param name="Versions">Which have it, by their source.</param>
/// <param name="Change">The proposed change.</param>
internal sealed record Fault(
    string Letter, string Name, KnownFault? Excuse, string What, string Loss, string Event, string Source, string Versions, string Change);

/// <summary>The faults of Linux that this suite has found or knows: <c>docs/linux.md</c>.</summary>
internal static class Faults
{
    /// <summary>All of them; those that lose data first.</summary>
    internal static IReadOnlyList<Fault> All { get; } =
    [
        new("A", "free-clean-shared", KnownFault.FreeTakesCleanShared,
            "MADV_FREE makes a page lazyfree that is clean, not in the swap cache, and mapped by others since a fork",
            "parent or child: what it has stored, once memory is short; without KSM, root or swap if an O_DIRECT write has unshared "
            + "the page",
            "MADV_FREE has made such a page lazyfree, and no entry of it is dirty: whoever else maps it",
            "`wp_page_copy()` makes a clean copy for FAULT_FLAG_UNSHARE; `madvise_free_pte_range()` asks for other mappings only of pages "
            + "that are dirty or in the swap cache",
            "6.12 to 7.3",
            "`madvise_free_pte_range()` leaves every page alone that is mapped more than once"),
        new("B", "free-ksm", KnownFault.FreedStaysInStableTree,
            "MADV_FREE makes a KSM page lazyfree that has one mapping left, and it stays in the stable tree",
            "whoever's page ksmd merges with it later: what he has stored, once memory is short",
            "MADV_FREE has met a KSM page that was mapped once: whom ksmd merges with it after",
            "`madvise_free_pte_range()` takes a KSM page like any other; `replace_page()` neither marks it dirty nor makes it "
            + "swap-backed again",
            "6.12 to 7.3",
            "`madvise_free_pte_range()` leaves KSM pages alone"),
        new("C", "punch-merged-zero", KnownFault.PunchTakesMergedZero,
            "a hole in a file takes the private copies with it that ksmd has merged with the zero page",
            "whoever maps the file privately and has use_zero_pages: the zeroes that he has stored; he sees the file again",
            "a hole has taken an entry of the zero page in private memory of this file: who had it",
            "`zap_present_ptes()` zaps what has no struct page before it asks `should_zap_folio()`; `try_to_merge_with_zero_page()` "
            + "makes such an entry",
            "6.12 to 7.3",
            "`zap_present_ptes()` spares an entry for which `is_ksm_zero_pte()` holds where `should_zap_cows()` does not"),
        new("D", "fork-zero-pages", KnownFault.ForkCountsZeroPagesLeftOut,
            "a fork child is counted its parent's zero pages of KSM, also those that it does not get",
            "nobody; `ksm_zero_pages`, of the child and in all, is too large, in all until the machine is restarted",
            "fork of a parent with such pages in VM_DONTCOPY or VM_WIPEONFORK VMAs: the difference",
            "`dup_mm()` copies `ksm_zero_pages` with the mm; `ksm_fork()` adds it to the sum",
            "6.12 to 7.3",
            "`ksm_zero_pages` of a new mm is 0, and `copy_present_ptes()` counts what it copies, in both"),
        new("E", "freed-node", null,
            "an rmap_item goes on pointing to a stable node that is freed; once the next node has its memory, ksmd takes the item "
            + "for one of that",
            "nobody; the place is not found by a walk: the page cannot be reclaimed or migrated, and ksm_merging_pages leaves it out",
            "none: the model never gives the memory of one node to another. `linux-6.18-freed-node` does",
            "`remove_node_from_stable_tree()` leaves `rmap_item->head`; `cmp_and_merge_page()` compares it",
            "6.12 to 7.3",
            "`remove_node_from_stable_tree()` sets `rmap_item->head` to NULL"),
        new("F", "mlock-int", null,
            "mlock counts the pages of a VMA in an int, which 8 TiB turn negative",
            "nobody; `locked_vm` (VmLck) is wrong, and RLIMIT_MEMLOCK is asked of it",
            "none: the model counts as it was mended. `linux-6.18-mlock-int` counts in an int",
            "`mlock_fixup()`: nr_pages",
            "6.18.35, 7.2.13; mended in 6.12.117 and 7.3.4",
            "`mlock_fixup()` counts in a long, as newer versions do"),
        new("G", "uffd-zero-page", KnownFault.UffdMoveKeepsZeroPageCounted,
            "UFFDIO_MOVE makes an ordinary zero page of one that KSM has placed, and does not count it off",
            "nobody; `ksm_zero_pages` is too large, in all until the machine is restarted",
            "UFFDIO_MOVE of such a page: one for each",
            "`move_zeropage_pte()` makes a new entry; `ksm_might_unmap_zero_page()` is not called",
            "seen on 6.18.35; no rule of another version says otherwise",
            "`move_zeropage_pte()` calls `ksm_might_unmap_zero_page()`"),
        new("H", "failed-fork-zero-pages", KnownFault.FailedForkUncountsZeroPages,
            "a fork that fails takes the zero pages of KSM off the sum that it has not added to it yet",
            "nobody; `ksm_zero_pages` in all is too small until the machine is restarted",
            "fork that failed once it had copied such pages: as many",
            "`dup_mmap()` fails before `ksm_fork()`; `ksm_might_unmap_zero_page()` as the copy is taken down",
            "6.18, from reading; no rule of another version says otherwise",
            "that of D"),
        new("I", "dontunmap-locked", KnownFault.DontUnmapCountsLockedTwice,
            "MREMAP_DONTUNMAP unlocks the source and counts the copy, so that locked_vm has both",
            "nobody; `locked_vm` (VmLck) is too large for as long as the process lives, and RLIMIT_MEMLOCK is asked of it",
            "mremap with MREMAP_DONTUNMAP of VM_LOCKED memory: the source",
            "`vrm_stat_account()`; `dontunmap_complete()`",
            "6.17 to 6.19; mended by 838bb60dc215 and 597e4b9ab48a",
            "the mends of 7.2: the copy is not counted, the source is split off before it is unlocked, and does not merge with the copy"),
    ];

    /// <summary>What is known of a fault that has an excuse.</summary>
    internal static Fault Of(KnownFault excuse) => All.Single(fault => fault.Excuse == excuse);
}
