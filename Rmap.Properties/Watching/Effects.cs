namespace Rmap.Properties.Watching;

/// <summary>
/// What an operation must come to, and whom it must leave alone, where a single state does not show it: it is asked before and after
/// each operation, and compares. Reads structures only: page tables, VMAs, pages, and what ksmd has noted and been set to.
/// </summary>
public sealed class Effects
{
    private readonly List<(VmArea Vma, PageRange Range)> untouched = [];
    private readonly List<(VirtualPage Place, Page Page)> unlocked = [];
    private Page? page;
    private int othersPresent;
    private bool isMergeAny;
    private int ksmSetting;
    private int young;

    /// <summary>Looks at what an operation is about to change.</summary>
    /// <param name="machine">The machine before the operation.</param>
    /// <param name="operation">The operation.</param>
    public void Before(Machine machine, Operation operation)
    {
        page = null;
        untouched.Clear();
        unlocked.Clear();
        switch (operation)
        {
            case Operation.Madvise { Advice: Advice.PageOut } pageOut:
                othersPresent = OthersPresent(machine, pageOut);
                break;
            case Operation.KsmRun:
                ksmSetting = machine.Ksm.Run;
                break;
            case Operation.KsmMaxSharing:
                ksmSetting = machine.Ksm.MaxPageSharing;
                break;
            case Operation.Fork or Operation.Exec:
                isMergeAny = machine.Find(((Operation.ByProcess)operation).Process) is { Mm.IsMergeAny: true };
                break;
            case Operation.Reclaim reclaim when Mapped(machine, reclaim) is var (_, mapped) && MustGo(machine, mapped):
                page = mapped;
                break;
            case Operation.Migrate migrate when Mapped(machine, migrate) is var (vma, mapped)
                && vma.Has(VmFlags.Locked) && mapped.Has(PageFlags.Mlocked):
                page = mapped;
                break;
            case Operation.Referenced referenced when Mapped(machine, referenced) is var (_, mapped) && !mapped.IsKsm
                && !Mappers(machine, mapped).Any(place => place.Vma.Has(VmFlags.RandRead | VmFlags.SeqRead)):
                page = mapped;
                young = Mappers(machine, mapped).Count(place => place.Pte.IsYoung);
                break;
            case Operation.Mlock mlock when machine.Find(mlock.Process)?.Mm is { } mm && mlock.Range.Pages > 0:
                foreach ((VirtualPage place, Pte pte) in mm.PageTable.Walk(mlock.Range))
                {
                    if (pte.IsPresent && !mm.Lookup(place)!.Has(VmFlags.Locked))
                        unlocked.Add((place, pte.Page));
                }

                break;
            case Operation.Mmap or Operation.Mprotect or Operation.Mremap or Operation.Madvise
                and not Operation.Madvise { Advice: Advice.PopulateRead or Advice.PopulateWrite }
                when machine.Find(((Operation.ByProcess)operation).Process) is { FailNth: > 0 } process:
                untouched.AddRange(process.Mm.Vmas.Where(vma => vma.AnonVma is null && !vma.Has(VmFlags.Locked))
                    .Select(vma => (vma, vma.Range)));
                break;
        }
    }

    /// <summary>Compares what the operation came to with what it had to.</summary>
    /// <param name="machine">The machine after the operation.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="outcome">What came of it.</param>
    /// <returns>A violation of <see cref="Invariants.Effect"/>, or null.</returns>
    public Violation? After(Machine machine, Operation operation, Outcome outcome)
    {
        switch (operation)
        {
            case Operation.Madvise { Advice: Advice.PageOut } pageOut when OthersPresent(machine, pageOut) != othersPresent:
                return Wrong(
                    $"other address spaces map {OthersPresent(machine, pageOut)} pages after MADV_PAGEOUT of {pageOut.Process}",
                    $"{othersPresent}, as before: advice acts on pages that nobody else maps");
            case Operation.Reclaim when page is not null && outcome is not Outcome.Success { Value: 1 } && !WaitsForDisk(machine, page):
                return Wrong($"reclaim gave {outcome}", "1: the page is evictable and not pinned, and no VM_LOCKED VMA maps it");
            case Operation.Migrate migrate when page is not null && outcome.Succeeded
                && Mapped(machine, migrate) is var (_, moved) && !moved.Has(PageFlags.Mlocked):
                return Wrong("the new page is not mlocked", "an mlocked page, as the old one was: a VM_LOCKED VMA maps it");
            case Operation.Referenced when page is not null && outcome is Outcome.References references:
                return AfterReferenced(machine, page, references);
            case Operation.Read or Operation.Write when outcome.Succeeded:
                return AfterAccess(machine, (Operation.OnPage)operation);
            case Operation.Mlock mlock when outcome.Succeeded && NotLocked(machine, mlock) is var (place, left):
                return Wrong($"{left} at page {place} is not mlocked", "PG_mlocked and unevictable: it was there when mlock came");
            case Operation.Fork fork when outcome.Succeeded && LockedVma(machine.Find(fork.Child)!.Mm) is { } vma:
                return Wrong($"the child has VM_LOCKED in {vma}", "no VM_LOCKED: locks are not inherited");
            case Operation.Mbind mbind when outcome.Succeeded && OfOtherPolicy(machine, mbind) is { } other:
                return Wrong($"{other} has the memory policy {other.Policy}", $"{mbind.Policy}, as mbind has set it");
            case Operation.KsmRun { Run: 2 } when ksmSetting != 2 && LeftAfterUnmerging(machine) is { } left:
                return Wrong($"{left} after all KSM pages were taken apart", "nothing of ksmd's but what is mapped elsewhere");
            case Operation.KsmMaxSharing set when outcome.Succeeded && ksmSetting != set.Items && machine.Ksm.StablePlaces.Any():
                return Wrong("stable nodes of the time before max_page_sharing changed", "an empty stable tree");
            case Operation.Fork { Child: var child } when outcome.Succeeded && machine.Find(child)!.Mm.IsMergeAny != isMergeAny:
                return Wrong($"the child {(isMergeAny ? "has lost" : "has")} process-wide KSM", "its parent's setting: it is inherited");
            case Operation.Exec exec when outcome.Succeeded && machine.Find(exec.Process)!.Mm.IsMergeAny != isMergeAny:
                return Wrong($"{exec.Process} {(isMergeAny ? "has lost" : "has")} process-wide KSM", "its own setting: exec keeps it");
            case Operation.Fork fork when outcome.Succeeded
                && CopiedFromFile(machine.Find(fork.Process)!.Mm, machine.Find(fork.Child)!.Mm) is var (vma, address):
                return Wrong(
                    $"the child has a copy at page {address} in {vma}", "the page of the file that the parent maps: nobody stored to it");
            case Operation.Mremap when outcome.Succeeded:
                // The source may be what is left of a larger VMA that the copy was part of.
                return null;
            // Of any other operation nothing is asked here but this: that of it no state tells more than invariants and contents ask.
            default:
                return GivenAnonVma() is { } given
                    ? Wrong($"{given} has an AV", "none, as before: it has not grown, and no page of it was written")
                    : null;
        }
    }

    /// <summary>Whoever used the page is counted, and from then on nobody has; a VM_LOCKED VMA is told, whoever used it.</summary>
    private Violation? AfterReferenced(Machine machine, Page page, Outcome.References references)
    {
        bool isLocked = Mappers(machine, page).Any(place => place.Vma.Has(VmFlags.Locked));
        if (isLocked != ((references.Flags & VmFlags.Locked) != 0))
        {
            return Wrong($"folio_referenced gave {references}",
                isLocked ? "VM_LOCKED among the flags: such a VMA maps the page" : "no VM_LOCKED: no such VMA maps the page");
        }

        int stillYoung = Mappers(machine, page).Count(place => place.Pte.IsYoung);
        return isLocked || (references.Count == young && stillYoung == 0) ? null
            : Wrong($"folio_referenced gave {references} and left {stillYoung} entries young",
                $"{young}, the young entries that map the page, and none of them young any more");
    }

    /// <summary>An access marks the entry that it goes through, as a processor does.</summary>
    private static Violation? AfterAccess(Machine machine, Operation.OnPage access)
    {
        Pte pte = machine.Find(access.Process)!.Mm.PageTable[access.Page];
        PteBits needed = access is Operation.Write ? PteBits.Young | PteBits.Dirty | PteBits.Writable : PteBits.Young;
        return (pte.Bits & needed) == needed && (pte.IsPresent || (access is Operation.Read && pte.Kind == PteKind.ZeroPage)) ? null
            : Wrong($"the entry of page {access.Page} of {access.Process} is {pte.Kind} with {pte.Bits} after the access",
                $"present with {needed}");
    }

    /// <summary>
    /// A page that was there when mlock came, and is not mlocked. One that is read from swap into a VM_LOCKED VMA need not be.
    /// </summary>
    private (VirtualPage Place, Page Page)? NotLocked(Machine machine, Operation.Mlock mlock)
    {
        PageTable pageTable = machine.Find(mlock.Process)!.Mm.PageTable;
        foreach ((VirtualPage place, Page there) in unlocked)
        {
            if (pageTable[place].Maps(there) && !there.Has(PageFlags.Mlocked | PageFlags.Unevictable))
                return (place, there);
        }

        return null;
    }

    /// <summary>The places that map a page, found by looking at all entries there are.</summary>
    private static IEnumerable<(VmArea Vma, Pte Pte)> Mappers(Machine machine, Page page) =>
        from mm in machine.Processes.Select(process => process.Mm).Distinct()
        from entry in mm.PageTable.Entries()
        where entry.Pte.Maps(page)
        select (mm.Lookup(entry.Page)!, entry.Pte);

    /// <summary>A VMA that was untouched and has got an AV, although it is no larger than before.</summary>
    private VmArea? GivenAnonVma()
    {
        foreach ((VmArea vma, PageRange range) in untouched)
        {
            if (!vma.IsDetached && vma.AnonVma is not null && vma.Range == range)
                return vma;
        }

        return null;
    }

    private static Violation Wrong(string saw, string expected) => new(Invariants.Effect, $"{saw}", $"{expected}");

    private static (VmArea Vma, Page Page)? Mapped(Machine machine, Operation.OnPage operation) =>
        machine.Find(operation.Process)?.Mm is { } mm && mm.Lookup(operation.Page) is { } vma
            && mm.PageTable[operation.Page] is { IsPresent: true } pte
            ? (vma, pte.Page)
            : null;

    /// <summary>Whether nothing excuses reclaim from freeing the page: a private one that may go to swap.</summary>
    private static bool MustGo(Machine machine, Page page)
    {
        if (!page.IsAnon || page.IsKsm || page.IsHeld || !page.Has(PageFlags.SwapBacked) || page.Has(PageFlags.Unevictable))
            return false;

        return !Mappers(machine, page).Any(place => place.Vma.Has(VmFlags.Locked));
    }

    /// <summary>Whether a page has left all address spaces and been written, and only waits in the swap cache to be freed.</summary>
    private static bool WaitsForDisk(Machine machine, Page page) =>
        machine.Rules.ReclaimWaitsForDisk && !machine.Options.SwapSync && page.Value != 0
        && page.SwapCache is not null && !page.Has(PageFlags.Dirty) && !Mappers(machine, page).Any();

    /// <summary>Present entries of all address spaces but the caller's.</summary>
    private static int OthersPresent(Machine machine, Operation.ByProcess operation)
    {
        int present = 0;
        Mm? own = machine.Find(operation.Process)?.Mm;
        foreach (Mm mm in machine.Processes.Select(process => process.Mm).Distinct())
        {
            if (mm != own)
                present += mm.PageTable.Entries().Count(entry => entry.Pte.IsPresent);
        }

        return present;
    }

    /// <summary>Where a child has a copy of a page of a file that its parent has not.</summary>
    private static (VmArea Vma, VirtualPage Address)? CopiedFromFile(Mm parent, Mm child)
    {
        foreach (VmArea vma in child.Vmas.Where(vma => vma is { File: not null, AnonVma: not null }))
        {
            foreach ((VirtualPage page, Pte pte) in child.PageTable.Walk(vma.Range))
            {
                if (pte is { IsPresent: true, Page.IsAnon: true }
                    && parent.PageTable[page] is { IsPresent: true, Page.IsAnon: false })
                {
                    return (vma, page);
                }
            }
        }

        return null;
    }

    private static VmArea? OfOtherPolicy(Machine machine, Operation.Mbind mbind) => machine.Find(mbind.Process)!.Mm.Vmas.FirstOrDefault(
        vma => vma.Policy != mbind.Policy && vma.Start < mbind.Range.End && mbind.Range.Start < vma.End && mbind.Range.Pages > 0);

    private static string? LeftAfterUnmerging(Machine machine)
    {
        if (machine.Ksm.Slots.Any(slot => slot.Items.Count > 0))
            return "rmap_items";

        bool isLast = machine.Ksm.StableTree.All(node => machine.Frames[node.KPfn] is { MapCount: 0 } or null);
        return isLast && machine.Ksm.StablePlaces.Any() ? "stable nodes whose pages nobody maps"
            : machine.Processes.Select(process => process.Mm).Distinct().Any(mm => mm.PageTable.Entries().Any(
                entry => entry.Pte.IsPresent && entry.Pte.Page.IsKsm && mm.Lookup(entry.Page)!.Has(VmFlags.Mergeable)))
            ? "KSM pages in a VM_MERGEABLE VMA"
            : null;
    }

    private static VmArea? LockedVma(Mm mm) => mm.Vmas.FirstOrDefault(vma => vma.Has(VmFlags.Locked));
}
