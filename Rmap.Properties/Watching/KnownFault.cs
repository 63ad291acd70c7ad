namespace Rmap.Properties.Watching;

/// <summary>
/// A fault of Linux by which data is lost, or a count goes wrong, though nobody did wrong. Each is excused where its one event is seen,
/// unless the rules say otherwise (<see cref="IExcusing"/>). What is known of each beside this: <c>Faults.All</c>.
/// </summary>
public enum KnownFault
{
    /// <summary>
    /// A page that is clean, without a copy in swap and shared since a fork (it came back from a synchronous device, ksmd has given it
    /// up, or a pin has unshared it) becomes lazyfree by MADV_FREE of one process: <c>madvise_free_pte_range</c> asks for other mappings
    /// only of pages that are dirty or in the swap cache. The others lose it, unless one of them has it dirty (6.12 to 7.3).
    /// </summary>
    FreeTakesCleanShared,

    /// <summary>
    /// A KSM page with one mapping left becomes lazyfree and stays in the stable tree. Pages that ksmd merges with it later are lost with
    /// it, whoever's they are (<c>replace_page</c>; 6.12 to 7.3).
    /// </summary>
    FreedStaysInStableTree,

    /// <summary>
    /// A hole in a file takes a private copy full of zeroes with it that ksmd has merged with the zero page (<c>zap_present_ptes</c>
    /// asks <c>should_zap_folio</c> only where there is a folio; 6.12 to 7.3).
    /// </summary>
    PunchTakesMergedZero,

    /// <summary>
    /// A fork child begins with its parent's <c>ksm_zero_pages</c>, and <c>ksm_fork</c> adds that number to the sum, although entries of
    /// VM_DONTCOPY and VM_WIPEONFORK VMAs are not copied (6.12 to 7.3).
    /// </summary>
    ForkCountsZeroPagesLeftOut,

    /// <summary>
    /// The sum of <c>ksm_zero_pages</c> gets a child's at the end of its fork, and loses them when what a fork that failed has copied is
    /// taken down. From reading.
    /// </summary>
    FailedForkUncountsZeroPages,

    /// <summary>
    /// UFFDIO_MOVE makes an ordinary zero page of one that KSM has placed, which stays counted (<c>move_zeropage_pte</c>).
    /// </summary>
    UffdMoveKeepsZeroPageCounted,

    /// <summary>
    /// MREMAP_DONTUNMAP unlocks the source and counts the copy, without taking the source off <c>locked_vm</c> (6.17 to 6.19).
    /// </summary>
    DontUnmapCountsLockedTwice,
}

/// <summary>Rules that say which faults of Linux are excused. Under all others, all are.</summary>
internal interface IExcusing
{
    /// <summary>Whether what a fault does is excused: not under rules that have mended it, nor under strict ones.</summary>
    bool Excuses(KnownFault fault);
}
