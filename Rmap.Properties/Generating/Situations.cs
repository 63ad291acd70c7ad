namespace Rmap.Properties.Generating;

/// <summary>A situation that bugs have come from, by name.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Holds">Whether the step that was just executed is one.</param>
public sealed record Situation(string Name, Func<ObservedStep, bool> Holds);

/// <summary>A step, with what it met and what it left.</summary>
/// <param name="Machine">The machine after it.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Outcome">What it came to.</param>
/// <param name="Before">What was there before.</param>
public readonly record struct ObservedStep(Machine Machine, Operation Operation, Outcome Outcome, Glance Before)
{
    /// <summary>The mm of the process that did it, if it still has one.</summary>
    internal Mm? Mm => Operation is Operation.ByProcess by ? Machine.Find(by.Process)?.Mm : null;

    /// <summary>The entry of the page that the operation names, now.</summary>
    internal Pte Pte => Operation is Operation.OnPage on && Mm is { } mm ? mm.PageTable[on.Page] : default;

    /// <summary>The VMA of the page that the operation names, now.</summary>
    internal VmArea? Vma => Operation is Operation.OnPage on ? Mm?.Lookup(on.Page) : null;

    internal bool Is<T>() where T : Operation => Operation is T && Outcome.Succeeded;

    internal bool Advised(Advice advice) => Operation is Operation.Madvise madvise && madvise.Advice == advice && Outcome.Succeeded;

    internal bool Gave(Errno errno) => Outcome is Outcome.Failure failure && failure.Errno == errno;

    internal bool Raised(Signal signal) => Outcome is Outcome.Killed killed && killed.Signal == signal;

    internal bool AnyVma(Func<VmArea, bool> test) => Mm is { } mm && mm.Vmas.Any(test);

    /// <summary>Whether a store went from one page to another: a copy was made.</summary>
    internal bool Copied => Is<Operation.Write>() && Before.Pte.IsPresent && Pte.IsPresent && !Pte.Maps(Before.Pte.Page);

    /// <summary>Whether a store took over a page that was read-only.</summary>
    internal bool Reused => Is<Operation.Write>() && Before.Pte.IsPresent && !Before.Pte.IsWritable && Pte.Maps(Before.Pte.Page)
        && Pte.Page.IsAnon;

    internal bool SwappedIn => (Is<Operation.Read>() || Is<Operation.Write>()) && Before.Pte.Kind == PteKind.Swap && Pte.IsPresent;

    internal bool Merged =>
        Vmas < Before.Vmas && Operation is not (Operation.Munmap or Operation.Shmdt or Operation.Mmap or Operation.Mremap);

    /// <summary>Whether an allocation failed.</summary>
    internal bool RanOutOfMemory => Machine.Faults.Failed > Before.Failed;

    internal int Vmas => Mm?.Vmas.Count ?? 0;
}

/// <summary>What a step is about to meet.</summary>
/// <param name="Pte">The entry of the page that it names.</param>
/// <param name="MapCount">The mapcount of that page.</param>
/// <param name="Vmas">VMAs of the process.</param>
/// <param name="AnonVmas">AVs alive.</param>
/// <param name="SlotCount">The swap entries for the slot that it names.</param>
/// <param name="KsmZeroPages">Zero pages that KSM placed.</param>
/// <param name="KsmPagesShared">KSM pages with items.</param>
/// <param name="Failed">Allocations that have failed so far.</param>
public readonly record struct Glance(
    Pte Pte, int MapCount, int Vmas, int AnonVmas, int SlotCount, int KsmZeroPages, int KsmPagesShared, int Failed)
{
    internal static Glance At(Machine machine, Operation operation)
    {
        Mm? mm = operation is Operation.ByProcess by ? machine.Find(by.Process)?.Mm : null;
        Pte pte = operation is Operation.OnPage on && mm is not null && on.Page.Number is >= 0 and < PageTable.Pages
            ? mm.PageTable[on.Page]
            : default;
        return new Glance(
            pte, pte.IsPresent ? pte.Page.MapCount : 0, mm?.Vmas.Count ?? 0, machine.AnonVmas.InUse,
            pte.Kind == PteKind.Swap ? pte.Slot.Count : 0, machine.Ksm.ZeroPages, machine.Ksm.PagesShared,
            machine.Faults.Failed);
    }
}

/// <summary>Counts how often generated cases come into each situation.</summary>
public sealed class SituationCounter : IStepObserver
{
    private readonly long[] hits = new long[Situations.All.Count];
    private Glance before;

    /// <summary>Steps seen.</summary>
    public long Steps { get; private set; }

    /// <summary>Steps that did what was asked.</summary>
    public long Succeeded { get; private set; }

    /// <summary>Hits, in the order of <see cref="Situations.All"/>.</summary>
    public IReadOnlyList<long> Hits => hits;

    /// <inheritdoc/>
    public void Before(Machine machine, Operation operation) => before = Glance.At(machine, operation);

    /// <inheritdoc/>
    public void After(Machine machine, Operation operation, Outcome outcome)
    {
        Steps++;
        Succeeded += outcome.Succeeded ? 1 : 0;
        var step = new ObservedStep(machine, operation, outcome, before);
        for (int i = 0; i < hits.Length; i++)
        {
            if (Situations.All[i].Holds(step))
                hits[i]++;
        }
    }

    /// <summary>Takes in what another counter saw.</summary>
    public void Add(SituationCounter other)
    {
        Steps += other.Steps;
        Succeeded += other.Succeeded;
        for (int i = 0; i < hits.Length; i++)
            hits[i] += other.hits[i];
    }
}

/// <summary>The situations that the generator has to reach.</summary>
public static class Situations
{
    /// <summary>All of them, by subject.</summary>
    public static IReadOnlyList<Situation> All { get; } =
    [
        new("first write: a new AV", s => s.Is<Operation.Write>() && s.Machine.AnonVmas.InUse > s.Before.AnonVmas),
        new("first write: a neighbour's AV is lent", s => s.Is<Operation.Write>() && s.Before.Pte.IsNone && s.Pte.IsPresent
            && s.Machine.AnonVmas.InUse == s.Before.AnonVmas && s.Vma is { } vma
            && s.AnyVma(other => other != vma && other.AnonVma == vma.AnonVma)),
        new("zero page read, then written", s => s.Is<Operation.Write>() && s.Before.Pte.Kind == PteKind.ZeroPage && s.Pte.IsPresent),
        new("copy on write of a page shared by fork", s => s.Copied && s.Before.MapCount > 1 && s.Before.Pte.Page.Mapping is AnonVma),
        new("page of an ancestor taken over by the last that maps it", s => s.Reused && s.Before.MapCount == 1
            && s.Vma is { IsForkChild: true }),
        new("private copy of a file's page", s => s.Copied && s.Before.Pte.Page.Mapping is AddressSpace),
        new("store to an exclusive page in the swap cache",
            s => s.Is<Operation.Write>() && s.Before.Pte is { IsPresent: true, Page.SwapCache: not null }),

        new("AV reused at fork", s => s.Is<Operation.Fork>() && Child(s) is { } child
            && child.Vmas.Any(vma =>
                vma.AnonVma is { } own && vma.ChainLength > 1 && own != vma.ChainFromTail(vma.ChainLength - 1).AnonVma)),
        new("fork of a fork's fork", s => s.Is<Operation.Fork>() && Child(s) is { } child && child.Vmas.Any(vma => vma.ChainLength >= 4)),
        new("fork shares a swapped page",
            s => s.Is<Operation.Fork>() && Child(s) is { } child && Has(child, pte => pte.Kind == PteKind.Swap)),
        new("fork shares a KSM page",
            s => s.Is<Operation.Fork>() && Child(s) is { } child && Has(child, pte => pte.IsPresent && pte.Page.IsKsm)),
        new("fork leaves out a VM_DONTCOPY VMA",
            s => s.Is<Operation.Fork>() && s.AnyVma(vma => vma.Has(VmFlags.DontCopy) && vma.AnonVma is not null)),
        new("fork wipes a VM_WIPEONFORK VMA",
            s => s.Is<Operation.Fork>() && s.AnyVma(vma => vma.Has(VmFlags.WipeOnFork) && vma.AnonVma is not null)),
        new("fork of a VM_LOCKED VMA", s => s.Is<Operation.Fork>() && s.AnyVma(vma => vma.Has(VmFlags.Locked))),
        new("mm shared by two processes, one exits",
            s => s.Operation is Operation.Exit && s.Machine.AnonVmas.InUse == s.Before.AnonVmas && s.Before.Vmas > 0),
        new("exit frees AVs", s => s.Operation is Operation.Exit && s.Machine.AnonVmas.InUse < s.Before.AnonVmas),

        new("VMA split by munmap", s => s.Is<Operation.Munmap>() && s.Vmas > s.Before.Vmas),
        new("VMA split by mprotect", s => s.Is<Operation.Mprotect>() && s.Vmas > s.Before.Vmas),
        new("VMAs merged by mprotect", s => s.Is<Operation.Mprotect>() && s.Vmas < s.Before.Vmas),
        new("VMA split by mbind", s => s.Is<Operation.Mbind>() && s.Vmas > s.Before.Vmas),
        new("VMAs merged by mbind", s => s.Is<Operation.Mbind>() && s.Vmas < s.Before.Vmas),
        new("VMAs merged by madvise", s => s.Operation is Operation.Madvise && s.Merged),
        new("VMA split by a protection key", s => s.Is<Operation.PkeyMprotect>() && s.Vmas > s.Before.Vmas),
        new("VMAs merged by a protection key", s => s.Is<Operation.PkeyMprotect>() && s.Vmas < s.Before.Vmas),
        new("VMA split by mseal", s => s.Is<Operation.Mseal>() && s.Vmas > s.Before.Vmas),
        new("sealed VMA stays as it is", s => s.Gave(Errno.EPERM) && s.AnyVma(vma => vma.Has(VmFlags.Sealed))
            && s.Operation is (Operation.Munmap or Operation.Mprotect or Operation.Mremap or Operation.Mmap)),
        new("advice may not take what is sealed", s => s.Gave(Errno.EPERM) && s.Operation is Operation.Madvise),
        new("sealed VMA inherited", s => s.Is<Operation.Fork>() && Child(s)!.Vmas.Any(vma => vma.Has(VmFlags.Sealed))),
        new("access that PR_SET_MDWE refuses", s => s.Gave(Errno.EACCES) && s.Mm is { Mdwe: not Mdwe.None }
            && s.Operation is (Operation.Mprotect or Operation.PkeyMprotect or Operation.Mmap)),
        new("new mapping locked, as mlockall asked",
            s => s.Operation is Operation.Mmap { Locked: false } && VmaOfResult(s) is { } vma && vma.Has(VmFlags.Locked)),
        new("fork of what MCL_FUTURE locks", s => s.Is<Operation.Fork>() && s.Mm is { DefFlags: not VmFlags.None }),
        new("all memory unlocked", s => s.Is<Operation.Munlockall>() && s.AnyVma(vma => vma.AnonVma is not null)),
        new("RLIMIT_MEMLOCK keeps from locking", s => s.Gave(Errno.ENOMEM) && s.Mm is not null
            && s.Operation is (Operation.Mlock or Operation.Mlockall) && HasLimit(s)),
        new("RLIMIT_MEMLOCK keeps from mapping", s => s.Gave(Errno.EAGAIN) && s.Operation is (Operation.Mmap or Operation.Mremap)
            && HasLimit(s)),
        new("locked page given up by MADV_DONTNEED_LOCKED",
            s => s.Advised(Advice.DontNeedLocked) && s.AnyVma(vma => vma.Has(VmFlags.Locked))),
        new("new mapping fills the gap between two VMAs", s => s.Is<Operation.Mmap>() && s.Vmas < s.Before.Vmas),
        new("new mapping joins a written VMA",
            s => s.Is<Operation.Mmap>() && s.Vmas == s.Before.Vmas && VmaOfResult(s) is { AnonVma: not null }),
        new("written VMA in a fork child, not joined by its neighbour",
            s => s.Is<Operation.Mmap>() && VmaOfResult(s) is { AnonVma: null } vma
            && s.AnyVma(other => other.End == vma.Start && other.Flags == vma.Flags && other.IsForkChild)),
        new("two VMAs of one mm share page offsets in one AV", s => s.Is<Operation.Mremap>() && s.AnyVma(vma => vma.AnonVma is { } own
            && s.AnyVma(other => other != vma && other.AnonVma == own
                && other.AnonPageOffset <= vma.LastAnonPageOffset && vma.AnonPageOffset <= other.LastAnonPageOffset))),

        new("written VMA moved", s => s.Operation is Operation.Mremap { Target: not null } && s.Outcome.Succeeded
            && VmaOfResult(s) is { AnonVma: not null, IsAnonymous: true } vma && vma.PageOffset != vma.Start.Number),
        new("moved pages come home", s => s.Operation is Operation.Mremap { Target: not null } && s.Outcome.Succeeded
            && VmaOfResult(s) is { AnonVma: not null, IsAnonymous: true } vma && vma.PageOffset == vma.Start.Number),
        new("MREMAP_DONTUNMAP of a written VMA",
            s => s.Operation is Operation.Mremap { Flags: var flags } && (flags & MremapFlags.DontUnmap) != 0
            && s.Outcome.Succeeded && VmaOfResult(s) is { AnonVma: not null }),
        new("mapping grown in place", s => s.Operation is Operation.Mremap { Target: null } grown && grown.NewLength > grown.Range.Pages
            && s.Outcome is Outcome.Success success && success.Value == grown.Range.Start.Number),
        new("move in a fork child",
            s => s.Operation is Operation.Mremap { Target: not null } && s.Outcome.Succeeded && VmaOfResult(s) is { IsForkChild: true }),

        new("page mapped by several processes reclaimed",
            s => s.Operation is Operation.Reclaim && s.Outcome is Outcome.Success { Value: 1 } && s.Before.MapCount > 1
            && s.Before.Pte.Page.Mapping is AnonVma),
        new("KSM page reclaimed through its rmap_items",
            s => s.Operation is Operation.Reclaim && s.Outcome is Outcome.Success { Value: 1 } && s.Before.Pte.IsPresent
                && s.Before.Pte.Page.IsKsm),
        new("file page reclaimed",
            s => s.Operation is Operation.Reclaim && s.Outcome is Outcome.Success { Value: 1 }
                && s.Before.Pte is { IsPresent: true, Page.IsAnon: false }),
        new("reclaim stopped by VM_LOCKED",
            s => s.Operation is Operation.Reclaim && s.Outcome is Outcome.Success { Value: 0 } && s.Before.Pte is { IsPresent: true } pte
                && pte.Page.Has(PageFlags.Mlocked)),
        new("lazyfree page dropped",
            s => s.Operation is Operation.Reclaim && s.Outcome is Outcome.Success { Value: 1 } && s.Before.Pte.IsPresent && s.Pte.IsNone
                && s.Vma is { IsAnonymous: true }),
        new("lazyfree page written again",
            s => s.Is<Operation.Write>() && s.Pte is { IsPresent: true } pte && pte.Page.IsAnon && !pte.Page.Has(PageFlags.SwapBacked)),
        new("exclusive swap-in", s => s.SwappedIn && s.Before.Pte.IsExclusive && s.Before.SlotCount == 1),
        new("swap-in of a shared slot", s => s.SwappedIn && s.Before.SlotCount > 1),
        new("swap-in of a slot whose page others map again", s => s.SwappedIn && s.Pte.Page.MapCount > 1),
        new("swapoff with pages out", s => s.Operation is Operation.SwapOffOn && s.Machine.Frames.InUse > 0),
        new("page shared by fork migrated", s => s.Is<Operation.Migrate>() && s.Before.MapCount > 1),
        new("KSM page migrated",
            s => s.Is<Operation.Migrate>() && s.Before.Pte.IsPresent && s.Pte is { IsPresent: true, Page.IsKsm: true }),
        new("accessed bits of a shared page counted", s => s.Outcome is Outcome.References { Count: > 1 }),

        new("equal pages merged", s => s.Operation is Operation.KsmScan && s.Machine.Ksm.PagesShared > 0),
        new("KSM page with two rmap_items in one process", s => s.Operation is Operation.KsmScan
            && s.Machine.Ksm.StableTree.Any(node => node.Items.GroupBy(item => item.Mm).Any(items => items.Count() > 1))),
        new("KSM page shared by unrelated processes", s => s.Operation is Operation.KsmScan
            && s.Machine.Ksm.StableTree.Any(node => node.Items.Select(item => item.AnonVma?.Root).Distinct().Count() > 1)),
        new("sharing limit reached, nodes in a chain",
            s => s.Operation is Operation.KsmScan && s.Machine.Ksm.StablePlaces.Any(place => place.Nodes.Skip(1).Any())),
        new("KSM page written", s => s.Copied && s.Before.Pte.Page.IsKsm),
        new("KSM pages taken apart by MADV_UNMERGEABLE", s => s.Advised(Advice.Unmergeable) && s.Machine.Ksm.PagesShared > 0),
        new("all KSM pages taken apart", s => s.Operation is Operation.KsmRun { Run: 2 } && s.Before.KsmPagesShared > 0),
        new("page swapped in while KSM pages are taken apart", s => s.SwappedIn && s.Machine.Ksm.Run == 2),
        new("max_page_sharing changed", s => s.Is<Operation.KsmMaxSharing>() && s.Machine.Ksm.FullScans > 0),
        new("max_page_sharing kept, as pages are shared", s => s.Operation is Operation.KsmMaxSharing && s.Gave(Errno.EBUSY)),
        new("page merged with the zero page",
            s => s.Operation is Operation.KsmScan && s.Machine.Ksm.ZeroPages > s.Before.KsmZeroPages),
        new("zero page that KSM placed shared by fork",
            s => s.Is<Operation.Fork>() && s.Machine.Ksm.ZeroPages > s.Before.KsmZeroPages),
        new("zero page that KSM placed written", s => s.Is<Operation.Write>() && s.Before.Pte.IsKsmZero),
        new("zero page that KSM placed taken apart",
            s => s.Advised(Advice.Unmergeable) && s.Machine.Ksm.ZeroPages < s.Before.KsmZeroPages),
        new("new mapping of a process with process-wide KSM joins its neighbour", s => s.Operation is Operation.Mmap { Shared: false } mmap
            && s.Mm is { IsMergeAny: true } && VmaOfResult(s) is { } vma && vma.Has(VmFlags.Mergeable) && vma.Pages > mmap.Range.Pages),
        new("process-wide KSM inherited", s => s.Is<Operation.Fork>() && Child(s) is { IsMergeAny: true }),
        new("process-wide KSM kept by exec", s => s.Is<Operation.Exec>() && s.Mm is { IsMergeAny: true }),
        new("KSM page moved",
            s => s.Is<Operation.Mremap>() && s.Machine.Ksm.PagesShared > 0 && s.AnyVma(vma => vma.Has(VmFlags.Mergeable))),

        new("pin of a shared page makes a copy", s => s.Is<Operation.Pin>() && s.Before.Pte is { IsPresent: true } pte && pte.Page.IsAnon
            && !s.Pte.Maps(pte.Page)),
        new("pinned page outlives its mapping", s => s.Machine.Pins.All.Any(pin => pin.Page is { MapCount: 0 })),
        new("fork copies a pinned page", s => s.Is<Operation.Fork>() && Child(s) is { } child
            && s.Machine.Pins.All.Any(pin => pin.Page is { IsAnon: true } page && page.IsPinned
                && AddressOf(s.Mm!, page) is { } address && child.PageTable[address].IsPresent)),
        new("reclaim refuses a pinned page", s => s.Operation is Operation.Reclaim && s.Outcome is Outcome.Success { Value: 0 }
            && s.Pte is { IsPresent: true, Page.IsPinned: true }),
        new("page with a reference swapped out and taken back",
            s => s.SwappedIn && s.Before.Pte.IsExclusive && s.Pte.Page is { Gets: > 0 }),
        new("ksmd refuses a page that is held",
            s => s.Operation is Operation.KsmScan && s.Machine.Pins.All.Any(pin => pin.Page is { IsHeld: true, MapCount: > 0 } page
                && s.Machine.Ksm.StableTree.Any(node => s.Machine.Frames[node.KPfn]?.Value == page.Value) && !page.IsKsm)),
        new("store through a pin", s => s.Is<Operation.PinWrite>()),

        new("shared anonymous page met by a child",
            s => s.Is<Operation.Read>() && s.Vma?.File?.Mapping.Kind == FileKind.SharedAnonymous && s.Pte.IsPresent
                && s.Pte.Page.MapCount > 1),
        new("segment attached twice", s => s.Is<Operation.Shmat>() && s.Vma is { } vma && vma.File!.Mapping.Attached > 1),
        new("fault around",
            s => s.Is<Operation.Read>() && s.Machine.Options.FaultAround > 1 && s.Before.Pte.IsNone && s.Vma is { File: not null }),
        new("file truncated under a private copy", s => s.Operation is Operation.Truncate truncate && s.Outcome.Succeeded
            && s.Machine.Files.Find(truncate.File)!.IMmap.InOrder().Any(vma => vma.AnonVma is not null)),
        new("hole punched under a private copy", s => (s.Operation is Operation.Punch punch && s.Outcome.Succeeded
            && s.Machine.Files.Find(punch.File)!.IMmap.InOrder().Any(vma => vma.AnonVma is not null)) || s.Advised(Advice.Remove)),
        new("page moved by UFFDIO_MOVE", s => s.Is<Operation.UffdMove>()),
        new("fork fails midway", s => s.Operation is Operation.Fork && s.RanOutOfMemory),
        new("fork fails after having shared pages", s => s.Operation is Operation.Fork && s.RanOutOfMemory && Has(s.Mm!, pte =>
            pte.IsPresent && pte.Page is { IsAnon: true, MapCount: 1, IsAnonExclusive: false, IsKsm: false, SwapCache: null })),
        new("split fails", s => s.RanOutOfMemory && s.Operation is (Operation.Munmap or Operation.Mprotect) && s.Gave(Errno.ENOMEM)
            && s.Vmas == s.Before.Vmas),
        new("munmap fails after a split", s => s.RanOutOfMemory && s.Operation is Operation.Munmap && s.Vmas > s.Before.Vmas),
        new("new mapping fails, what it replaces is gone",
            s => s.RanOutOfMemory && s.Operation is Operation.Mmap && s.Gave(Errno.ENOMEM) && s.Vmas < s.Before.Vmas),
        new("merge fails, the new mapping does without",
            s => s.RanOutOfMemory && s.Is<Operation.Mmap>() && VmaOfResult(s) is { } vma && s.AnyVma(other =>
                other != vma && other.Flags == vma.Flags && other.File == vma.File
                && (other.End == vma.Start || other.Start == vma.End))),
        new("move fails", s => s.RanOutOfMemory && s.Operation is Operation.Mremap && s.Gave(Errno.ENOMEM)),
        new("source cannot be unmapped after a move", s => s.RanOutOfMemory && s.Operation is Operation.Mremap { Target: not null } moved
            && (moved.Flags & MremapFlags.DontUnmap) == 0 && s.Outcome.Succeeded && s.Mm!.Lookup(moved.Range.Start) is not null),
        new("fault repeated for lack of memory", s => s.RanOutOfMemory && (s.Is<Operation.Read>() || s.Is<Operation.Write>())),
        new("madvise or mlock fails for lack of memory", s => s.RanOutOfMemory && s.Gave(Errno.EAGAIN)),
        new("mapping at the limit of page offsets refused", s => s.Gave(Errno.EOVERFLOW)),
        new("access beyond the end of the file", s => s.Raised(Signal.SIGBUS) && s.Before.Pte.IsNone),
        new("read from swap fails", s => s.Raised(Signal.SIGBUS) && s.Before.Pte.Kind == PteKind.Swap),
        new("access to what swapoff could not read", s => s.Raised(Signal.SIGBUS) && s.Before.Pte.Kind == PteKind.Poisoned),
        new("access without a mapping or permission", s => s.Raised(Signal.SIGSEGV)),
        new("range with a hole: ENOMEM halfway", s => s.Gave(Errno.ENOMEM)),
        new("argument refused: EINVAL", s => s.Gave(Errno.EINVAL)),
    ];

    private static Mm? Child(ObservedStep step) => step.Machine.Find(((Operation.Fork)step.Operation).Child)?.Mm;

    private static VmArea? VmaOfResult(ObservedStep step) =>
        step.Outcome is Outcome.Success success ? step.Mm?.Lookup(new VirtualPage(success.Value)) : null;

    private static bool HasLimit(ObservedStep step) =>
        step.Machine.Find(((Operation.ByProcess)step.Operation).Process) is { MemlockLimit: < long.MaxValue };

    private static bool Has(Mm mm, Func<Pte, bool> test) => AddressOf(mm, test) is not null;

    private static VirtualPage? AddressOf(Mm mm, Page mapped) => AddressOf(mm, pte => pte.Maps(mapped));

    private static VirtualPage? AddressOf(Mm mm, Func<Pte, bool> test)
    {
        foreach ((VirtualPage page, Pte pte) in mm.PageTable.Entries())
        {
            if (test(pte))
                return page;
        }

        return null;
    }
}
