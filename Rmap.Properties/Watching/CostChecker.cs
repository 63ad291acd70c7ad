namespace Rmap.Properties.Watching;

/// <summary>
/// Checks <see cref="Costs"/>: looks at a machine before and after each operation, and compares. It is asked after
/// <see cref="InvariantChecker"/>, so it may trust counters that are known to be right.
/// </summary>
/// <param name="machine">The machine.</param>
public sealed class CostChecker(Machine machine)
{
    private readonly MergeCosts merges = new(machine.Rules);
    private readonly KsmCosts ksm = new(machine);
    private VmArea? untouched;
    private bool mayFail;
    private int failed;

    /// <summary>Looks at what an operation is about to change.</summary>
    public void Before(Operation operation)
    {
        untouched = null;
        mayFail = operation is Operation.ByProcess byProcess && machine.Find(byProcess.Process) is { FailNth: > 0 };
        failed = machine.Faults.Failed;
        switch (operation)
        {
            case Operation.Write write:
                untouched = Vma(write) is { AnonVma: null } vma ? vma : null;
                break;
            case Operation.KsmScan:
                ksm.Before();
                break;
            case Operation.OnRange onRange when MergeCosts.Concern(onRange):
                merges.Before(machine.Find(onRange.Process)?.Mm);
                break;
        }
    }

    /// <summary>
    /// The first of <see cref="Costs.All"/> that an operation has broken, or null. If allocations may fail, so may what saves costs.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="outcome">What came of it.</param>
    public Violation? After(Operation operation, Outcome outcome) => operation switch
    {
        _ when mayFail => null,
        Operation.Fork fork when outcome.Succeeded => AfterFork(machine.Find(fork.Process)!.Mm, machine.Find(fork.Child)!.Mm),
        Operation.Write when untouched?.AnonVma is { } anonVma => AfterFirstFault(untouched, anonVma),
        Operation.KsmScan scan => ksm.After(scan.Passes),
        // A merge for which there is no memory is done without.
        Operation.OnRange when machine.Faults.Failed == failed && MergeCosts.Concern(operation) => merges.After(operation, outcome),
        // Costs are about few operations: what another one costs is not told, and so may be anything.
        _ => null,
    };

    private VmArea? Vma(Operation.OnPage operation) => machine.Find(operation.Process)?.Mm.Lookup(operation.Page);

    private static Violation? AfterFork(Mm parentMm, Mm childMm)
    {
        for (int i = 0; i < childMm.Vmas.Count; i++)
        {
            VmArea child = childMm.Vmas[i];
            if (child.AnonVma is { } own && AfterFork(child, own, parentMm.Lookup(child.Range.Start)!) is { } violation)
                return violation;
        }

        return null;
    }

    private static Violation? AfterFork(VmArea child, AnonVma own, VmArea parent)
    {
        if (own == parent.AnonVma)
        {
            return new(Costs.ForkOwn, $"{own} is vma->anon_vma of the child's {child} and of the parent's {parent}",
                $"an AV that nobody uses");
        }

        if (Truth.IsInChain(parent, own))
            return null;

        for (int i = 0; i < child.ChainLength; i++)
        {
            AnonVma idle = child.ChainFromTail(i).AnonVma;
            if (idle.NumActiveVmas == 0 && idle.NumChildren < 2)
            {
                return new(Costs.ForkReuse, $"the new {own} in the chain {Describe.Chain(child)} of {child}",
                    $"no new AV, as {idle} is nobody's own and has num_children {idle.NumChildren}");
            }
        }

        return null;
    }

    /// <summary>A store has given the VMA its first AV: a new one, or that of a neighbour.</summary>
    private static Violation? AfterFirstFault(VmArea vma, AnonVma anonVma)
    {
        if (anonVma.NumActiveVmas == 1)
            return null;

        for (int i = 0; i < vma.Mm.Vmas.Count; i++)
        {
            VmArea other = vma.Mm.Vmas[i];
            if (other != vma && other.AnonVma == anonVma && other.ChainLength == 1 && (CouldTouch(other, vma) || CouldTouch(vma, other)))
                return null;
        }

        return new(Costs.Lender, $"{vma} has taken {anonVma}, which knows {Describe.Tree(anonVma)}",
            $"an AV of its own: no VMA beside it has that one, the same flags but for the access, the same file and the next page offset");
    }

    private static bool CouldTouch(VmArea lower, VmArea upper) =>
        lower.End == upper.Start
        && lower.File == upper.File
        && ((lower.Flags ^ upper.Flags) & ~(VmFlags.Read | VmFlags.Write | VmFlags.Exec)) == 0
        && lower.PageOffset + (lower.End.Number - lower.Start.Number) == upper.PageOffset
        && lower.AnonPageOffset + (lower.End.Number - lower.Start.Number) == upper.AnonPageOffset;
}
