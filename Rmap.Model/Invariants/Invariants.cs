using static Rmap.Model.Invariants.AddressSpaceInvariants;
using static Rmap.Model.Invariants.AnonVmaInvariants;
using static Rmap.Model.Invariants.FileInvariants;
using static Rmap.Model.Invariants.KsmInvariants;
using static Rmap.Model.Invariants.KsmReachability;
using static Rmap.Model.Invariants.PageInvariants;
using static Rmap.Model.Invariants.SwapInvariants;

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
        VmaOrder, MmUsers, PteInVma, NoMigrationEntry,

        // Nothing leads to what has been freed.
        PteLive, MappedOwner, AvLive, KsmNodeLive,

        // Counters.
        MapCount, PinCount, SwapCount, SwapCache, ShmemSlot, PageCache, PageLeak, SlotLeak,

        // AVs, VMAs and their links.
        OwnAv, Link, IntervalKey, OneRoot, RootLast, RootAlone, Ancestors, EqualChains, ActiveVmas, Children, AvRefCount, AvLeak, IMmap,
        Attached, AnonNeedsAv, SharedHasNoAv,

        // What an entry permits.
        PtePermission, WritableExclusive, ExclusiveOnce, PinnedExclusive, KsmReadOnly, PrivateReadOnly, SwapExclusive, SwapCacheShared,
        LazyFree, Mlocked, LockedVm, LockedPage, SwapoffList, ReadOnlyOpening, InFile,

        // ksmd.
        KsmRegistered, KsmItemOrder, KsmItem, KsmLength, KsmZeroPage, KsmPages, KsmMm, KsmContent,

        // The way back from a page.
        AnonIndex, AnonRoot, AnonReach, FileReach, KsmReach,

        // What a clean page stands for.
        CleanSwapCache, CleanFilePage,

        // The two-way statement.
        Walk,
    ];

    /// <summary>
    /// What stands for an invariant when the machine itself cannot go on: a walk met what is not there, a list lost what it should
    /// hold. Linux would hit a BUG or an oops. Not one of <see cref="All"/>, since nothing can be read off such a machine.
    /// </summary>
    public static Invariant GoesOn { get; } = new(Subject.Operations, "goes-on",
        "An operation finds the structures it relies on.", "BUG_ON, oops");

    /// <summary>The violation of <see cref="GoesOn"/> that an exception stands for.</summary>
    /// <param name="exception">What stopped the machine, or whoever read its state.</param>
    /// <param name="what">What was under way: the operation, or the check after it.</param>
    public static Violation Stuck(Exception exception, string what) => new(GoesOn, exception switch
    {
        KernelBug { Freed: { } freed } => $"{what} {exception.Message} {freed}, which has been freed",
        KernelBug => $"{what} {exception.Message}",
        NullReferenceException => $"{what} follows a pointer to nothing",
        InvalidCastException => $"{what} finds something else than it takes for granted: a page for a swap slot, or the like",
        _ when exception.TargetSite?.DeclaringType?.Assembly == typeof(Machine).Assembly => $"{what}: {exception.Message}",
        _ => $"{what} does not find in a list or tree what should be there",
    }, $"the operation to come to an outcome");

    /// <summary>What the naive content model checks at every load and store.</summary>
    public static Invariant Content { get; } = new(Subject.Operations, "content",
        "A load returns what was stored last by those who share the page, and a store or load faults only where it must.",
        "fork(2), mmap(2): MAP_PRIVATE, MAP_SHARED; the reason for exclusivity and copy on write");

    /// <summary>What the naive content model checks of the VMAs.</summary>
    public static Invariant Map { get; } = new(Subject.AddressSpaces, "map",
        "A VMA is what calls have made it: protection, flags, policy, place in its file; splits and merges change none of that.",
        "vma_modify(), vma_merge_existing_range(); 7e7757876f25");

    /// <summary>What <c>Effects</c> checks, which compares the states before and after an operation.</summary>
    public static Invariant Effect { get; } = new(Subject.Operations, "effect",
        "An operation does what it is for, is refused only for a reason, and leaves alone whom it is not about.",
        "madvise(2) MADV_PAGEOUT, mlock(2) at fork, PR_SET_MEMORY_MERGE at fork and exec, /sys/kernel/mm/ksm/run; migration, "
            + "reclaim and folio_referenced() of mlocked pages");
}
