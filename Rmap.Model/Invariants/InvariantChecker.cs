namespace Rmap.Model.Invariants;

/// <summary>
/// Checks all invariants of one machine. Made for a run: it keeps its arrays from one check to the next and remembers what
/// was there before (<see cref="KsmHistory"/>, <see cref="LockHistory"/>), so it is to be asked after every operation.
/// </summary>
/// <param name="machine">The machine.</param>
public sealed class InvariantChecker(Machine machine)
{
    private static readonly Invariant[] InOrder = [.. Invariants.All];

    private readonly Truth truth = new(machine);

    /// <summary>What it remembers of stable nodes; of all else it remembers what the state shows.</summary>
    internal KsmHistory KsmHistory => truth.KsmHistory;

    /// <summary>Looks at a state in which all invariants are known to hold, only to remember it.</summary>
    internal void Remember()
    {
        truth.Read();
        RememberWhatWasRead();
    }

    /// <summary>The first invariant in the order of <see cref="Invariants.All"/> that does not hold; null if all hold.</summary>
    /// <param name="except">One that is not asked, to learn which others see the same; null to ask all.</param>
    public Violation? FirstViolation(Invariant? except = null)
    {
        truth.Read();
        Violation? violation = First(except);
        RememberWhatWasRead();
        return violation;
    }

    private Violation? First(Invariant? except)
    {
        foreach (Invariant invariant in InOrder)
        {
            if (invariant != except && invariant.Check(truth) is { } finding)
                return new Violation(invariant, finding.Saw, finding.Expected);
        }

        return null;
    }

    private void RememberWhatWasRead()
    {
        truth.KsmHistory.Remember(truth.Pages);
        truth.LockHistory.Remember(truth.Anon, truth.Ksm);
    }
}
