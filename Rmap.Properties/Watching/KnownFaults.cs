namespace Rmap.Properties.Watching;

/// <summary>
/// Sees the events of known faults, each where it happens: whom it costs a page, and nobody else. What is excused is counted.
/// </summary>
/// <param name="machine">The machine.</param>
internal sealed class KnownFaults(Machine machine)
{
    private readonly int[] met = new int[Enum.GetValues<KnownFault>().Length];
    private readonly HashSet<StableNode> freedNodes = [];
    private readonly HashSet<Page> clean = [];
    private readonly HashSet<(Process Process, VirtualPage Page)> places = [];
    private (Mm? Mm, long Pages) lockedAstray;
    private int zeroAstray;

    /// <summary>How many pages a fault has cost somebody, or may have, or has miscounted, where it was excused.</summary>
    internal int Met(KnownFault fault) => met[(int)fault];

    /// <summary>Adds what was met to a count for each fault, which others may add to at the same time.</summary>
    internal void AddTo(long[] counts)
    {
        for (int fault = 0; fault < met.Length; fault++)
            Interlocked.Add(ref counts[fault], met[fault]);
    }

    /// <summary>Whether MADV_FREE has met the node's page, the last that was mapped.</summary>
    internal bool HasFreed(StableNode node) => freedNodes.Contains(node);

    internal void Before(Operation operation)
    {
        clean.Clear();
        places.Clear();
        lockedAstray = operation is Operation.ByProcess { Process: var id } && machine.Find(id)?.Mm is { } mm
            ? (mm, mm.LockedVmAstray)
            : default;
        zeroAstray = machine.Ksm.ZeroPagesAstray;
        switch (operation)
        {
            case Operation.Madvise { Advice: Advice.Free } free when machine.Find(free.Process) is { } process && free.Range.Pages > 0:
                foreach ((_, Pte pte) in process.Mm.PageTable.Walk(free.Range))
                {
                    if (pte is { IsPresent: true, Page: { IsAnon: true, SwapCache: null } page }
                        && page.Has(PageFlags.SwapBacked) && !page.Has(PageFlags.Dirty))
                    {
                        clean.Add(page);
                    }
                }

                break;
            case Operation.KsmScan when freedNodes.Count > 0:
                places.UnionWith(Entries(IsOfFreedNode));
                break;
            case Operation.Punch or Operation.Madvise { Advice: Advice.Remove }:
                // In private memory of a file, only ksmd maps it.
                foreach ((AddressSpace? file, PageRange pages) in Holes(operation))
                {
                    places.UnionWith(Entries(pte => pte.Kind == PteKind.ZeroPage).Where(place =>
                        place.Process.Mm.Lookup(place.Page) is { File: { } opened } vma && opened.Mapping == file
                        && pages.Contains(new(vma.LinearPageIndex(place.Page)))));
                }

                break;
        }
    }

    /// <summary>
    /// What is not excused of the counts from which an operation has led Linux astray: all that no known fault is about, and what the rules
    /// do not excuse.
    /// </summary>
    internal Violation? Miscounted(Operation operation, Outcome outcome)
    {
        KnownFault? ofZero = operation switch
        {
            Operation.Fork => outcome.Succeeded ? KnownFault.ForkCountsZeroPagesLeftOut : KnownFault.FailedForkUncountsZeroPages,
            Operation.UffdMove => KnownFault.UffdMoveKeepsZeroPageCounted,
            _ => null,
        };
        KnownFault? ofLocked = operation is Operation.Mremap ? KnownFault.DontUnmapCountsLockedTwice : null;
        long byZero = operation is Operation.Fork fork && outcome.Succeeded
            ? machine.Find(fork.Child)!.Mm.KsmZeroPagesAstray
            : machine.Ksm.ZeroPagesAstray - zeroAstray;
        return Miscounted(ofZero, byZero, KsmInvariants.KsmPages, "ksm_zero_pages")
            ?? Miscounted(ofLocked, LockedByMore(), AddressSpaceInvariants.LockedVm, "locked_vm");
    }

    private Violation? Miscounted(KnownFault? fault, long by, Invariant invariant, string count)
    {
        if (by == 0)
            return null;

        if (fault is { } known && IsExcused(known))
        {
            met[(int)known] += (int)Math.Min(Math.Abs(by), int.MaxValue);
            return null;
        }

        return new Violation(
            invariant,
            $"{count} is {Math.Abs(by)} too {(by > 0 ? "large" : "small")} from now on ({fault?.ToString() ?? "no known fault"})",
            $"what page tables and VMAs hold, exactly: this is not excused");
    }

    /// <summary>By how much more <c>locked_vm</c> of the process that an operation is of is known to be wrong.</summary>
    private long LockedByMore() =>
        machine.Rules.LockedVmIsExact || lockedAstray.Mm is not { } mm ? 0 : mm.LockedVmAstray - lockedAstray.Pages;

    private bool IsExcused(KnownFault fault) => machine.Rules is not IExcusing rules || rules.Excuses(fault);

    /// <summary>The pages that an operation may cost somebody through no fault of his, by process and page.</summary>
    internal IEnumerable<(int Process, VirtualPage Page, KnownFault Fault)> After(Operation operation)
    {
        switch (operation)
        {
            case Operation.Madvise { Advice: Advice.Free } free when machine.Find(free.Process) is { } process && free.Range.Pages > 0:
                foreach ((_, Pte pte) in process.Mm.PageTable.Walk(free.Range))
                {
                    if (pte is { IsPresent: true, Page.Mapping: StableNode node } && IsLazyFree(pte.Page) && Mappers(pte.Page).Count() == 1)
                        freedNodes.Add(node);
                }

                clean.RemoveWhere(page => !IsLazyFree(page) || Entries(pte => pte.IsDirty && pte.Maps(page)).Any());
                return Counted(KnownFault.FreeTakesCleanShared, clean.SelectMany(Mappers)
                    .Where(place => place.Process.Mm != process.Mm || !free.Range.Contains(place.Page)));
            case Operation.KsmScan when freedNodes.Count > 0:
                return Counted(KnownFault.FreedStaysInStableTree, Entries(IsOfFreedNode).Where(place => !places.Contains(place)));
            case Operation.Punch or Operation.Madvise { Advice: Advice.Remove }:
                return Counted(KnownFault.PunchTakesMergedZero, places.Where(place => place.Process.Mm.PageTable[place.Page].IsNone));
            // An operation that no known fault is about costs nobody anything: what it loses is a violation.
            default:
                return [];
        }
    }

    private IEnumerable<(int, VirtualPage, KnownFault)> Counted(KnownFault fault, IEnumerable<(Process Process, VirtualPage Page)> places)
    {
        if (!IsExcused(fault))
            yield break;

        foreach ((Process process, VirtualPage page) in places)
        {
            met[(int)fault]++;
            yield return (process.Id.Number, page, fault);
        }
    }

    /// <summary>The holes that an operation may make, in pages of the file.</summary>
    private IEnumerable<(AddressSpace? File, PageRange Pages)> Holes(Operation operation)
    {
        if (operation is Operation.Punch punch)
            yield return (machine.Files.Find(punch.File), PageRange.Of(new(punch.Page), punch.Length));

        if (operation is Operation.Madvise remove && machine.Find(remove.Process) is { } process)
        {
            foreach ((VmArea vma, PageRange part) in process.Mm.Walk(remove.Range))
                yield return (vma.File?.Mapping, PageRange.Of(new(vma.LinearPageIndex(part.Start)), part.Pages));
        }
    }

    private IEnumerable<(Process Process, VirtualPage Page)> Mappers(Page page) => Entries(pte => pte.Maps(page));

    private IEnumerable<(Process Process, VirtualPage Page)> Entries(Func<Pte, bool> isMeant) =>
        from process in machine.Processes.DistinctBy(process => process.Mm)
        from entry in process.Mm.PageTable.Entries()
        where isMeant(entry.Pte)
        select (process, entry.Page);

    private bool IsOfFreedNode(Pte pte) =>
        pte is { IsPresent: true, Page.Mapping: StableNode node } && freedNodes.Contains(node) && IsLazyFree(pte.Page);

    private static bool IsLazyFree(Page page) => page.IsAnon && !page.Has(PageFlags.SwapBacked);
}
