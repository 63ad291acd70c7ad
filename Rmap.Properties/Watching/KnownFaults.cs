namespace Rmap.Properties.Watching;

/// <summary>A fault of Linux by which data is lost though nobody did wrong. Each was seen on real kernels.</summary>
internal enum KnownFault
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
}

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

    /// <summary>How many pages a fault has cost somebody, or may have.</summary>
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
        switch (operation)
        {
            case Operation.Madvise { Advice: Advice.Free } free when machine.Find(free.Process) is { } process && free.Range.Pages > 0:
                foreach ((_, Pte pte) in process.Mm.PageTable.Walk(free.Range))
                {
                    if (pte is { IsPresent: true, Page: { IsAnon: true, SwapCache: null } page } && !page.Has(PageFlags.Dirty))
                        clean.Add(page);
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
