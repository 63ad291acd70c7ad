namespace Rmap.Properties.Watching;

/// <summary>What an operation that makes or changes VMAs leaves of them: as few as could be, and none that makes walks longer.</summary>
internal sealed class MergeCosts(Rules rules)
{
    private readonly List<VmaBefore> before = [];
    private Mm? mm;

    /// <summary>A VMA as it was before the operation.</summary>
    private readonly record struct VmaBefore(PageRange Range, VmFlags Flags, bool HasAnonVma);

    /// <summary>Whether an operation merges VMAs where it can.</summary>
    internal static bool Concern(Operation operation) => operation
        is Operation.Mmap or Operation.Mprotect or Operation.Mremap or Operation.Madvise or Operation.Mlock or Operation.Munlock
        or Operation.PkeyMprotect or Operation.Mseal;

    internal void Before(Mm? of)
    {
        before.Clear();
        mm = of;
        for (int i = 0; i < mm?.Vmas.Count; i++)
        {
            VmArea vma = mm.Vmas[i];
            before.Add(new VmaBefore(vma.Range, vma.Flags, vma.AnonVma is not null));
        }
    }

    internal Violation? After(Operation operation, Outcome outcome)
    {
        VmArea? previous = null;
        for (int i = 0; i < mm?.Vmas.Count; i++)
        {
            VmArea vma = mm.Vmas[i];
            if (HasInherited(vma) && NewToAnonVmas(vma, operation, outcome) is { } page)
            {
                return new(Costs.Inherited, $"{vma} with the chain {Describe.Chain(vma)} has come to cover page {page}",
                    $"another VMA there, as none with an AV did: walks from the pages of ancestors would look at it");
            }

            if (previous is not null && CouldBeOne(previous, vma) && HasMergedAt(vma.Range.Start, operation, outcome))
                return new(Costs.Canonical, $"{previous} and {vma}, with the same flags and file and page offsets that go on", $"one VMA");

            previous = vma;
        }

        return null;
    }

    private static bool HasInherited(VmArea vma) => vma.AnonVma is not null && vma.ChainLength != 1;

    /// <summary>The first page of a VMA that lay in none with an AV before, nor came with what mremap moved or grew.</summary>
    private VirtualPage? NewToAnonVmas(VmArea vma, Operation operation, Outcome outcome)
    {
        var mremap = operation as Operation.Mremap;
        if (mremap is not null && Start(mremap, outcome) == mremap.Range.Start)
            return null;

        VirtualPage page = vma.Range.Start;
        while (page < vma.Range.End)
        {
            VirtualPage? origin = mremap is null ? null : Origin(mremap, outcome, page);
            if (Find(page) is { HasAnonVma: true } covered)
                page = covered.Range.End;
            else if (origin >= mremap?.Range.End)
                page += mremap!.Range.Start + mremap.NewLength - origin!.Value;
            else if (origin is { } from && Find(from) is { HasAnonVma: true } moved)
                page += VirtualPage.Min(moved.Range.End, mremap!.Range.Start + mremap.NewLength) - from;
            else
                return page;
        }

        return null;
    }

    /// <summary>Linux's rule, read off two neighbours. A VMA whose file counts its parts stays as it is.</summary>
    private bool CouldBeOne(VmArea lower, VmArea upper)
    {
        bool mergesAll = rules.MergesWhereItCan;
        bool areUntouched = lower.AnonVma is null && upper.AnonVma is null;
        return lower.Range.End == upper.Range.Start
            && lower.Flags == upper.Flags
            && lower.File == upper.File
            && lower.Policy == upper.Policy
            && lower.File is not { HasClose: true }
            && lower.PageOffset + (lower.Range.End.Number - lower.Range.Start.Number) == upper.PageOffset
            && upper.AnonPageOffset - lower.AnonPageOffset == upper.PageOffset - lower.PageOffset
            && (mergesAll ? lower.AnonVma == upper.AnonVma || OneIsUntouched(lower, upper) : areUntouched && !mm!.IsMergeAny);
    }

    private static bool OneIsUntouched(VmArea lower, VmArea upper) =>
        (lower.AnonVma is null || upper.AnonVma is null) && !HasInherited(lower) && !HasInherited(upper);

    /// <summary>Whether the operation has made or changed what lies on a side of this boundary.</summary>
    private bool HasMergedAt(VirtualPage boundary, Operation operation, Outcome outcome) => operation switch
    {
        Operation.Mmap mmap => outcome is Outcome.Success { Value: var start }
            && (boundary.Number == start || boundary.Number == start + mmap.Range.Pages),
        Operation.Mremap mremap => outcome.Succeeded && (mremap.Flags & MremapFlags.DontUnmap) == 0
            && (HasMoved(mremap, outcome, boundary) || HasMoved(mremap, outcome, boundary - 1)),
        Operation.OnRange onRange => HasChanged(onRange.Range, boundary) || HasChanged(onRange.Range, boundary - 1),
        _ => throw new InvalidOperationException($"{operation.GetType().Name} has no range."),
    };

    /// <summary>Whether mremap has moved a page there, or added one.</summary>
    private bool HasMoved(Operation.Mremap mremap, Outcome outcome, VirtualPage page) =>
        Origin(mremap, outcome, page) is { } origin && (origin >= mremap.Range.End || (origin != page && Find(origin) is not null));

    /// <summary>Where mremap has a page from, or would have if it were not new; null if the page is not in the new range.</summary>
    private static VirtualPage? Origin(Operation.Mremap mremap, Outcome outcome, VirtualPage page)
    {
        long? offset = page - Start(mremap, outcome);
        return offset >= 0 && offset < mremap.NewLength ? mremap.Range.Start + offset.Value : null;
    }

    /// <summary>Where the new range begins. One that fails may have moved some VMAs before.</summary>
    private static VirtualPage? Start(Operation.Mremap mremap, Outcome outcome) =>
        outcome is Outcome.Success success ? new(success.Value) : mremap.Target;

    /// <summary>Whether a page of the range has other flags than before.</summary>
    private bool HasChanged(PageRange range, VirtualPage page) =>
        range.Contains(page) && Find(page) is { } then && mm!.Lookup(page)?.Flags != then.Flags;

    private VmaBefore? Find(VirtualPage page)
    {
        foreach (VmaBefore vma in before)
        {
            if (vma.Range.Contains(page))
                return vma;
        }

        return null;
    }
}
