using System.Collections.Immutable;
using Rmap.Properties.Running;

namespace Rmap.Properties.Exploring;

/// <summary>How far an exploration goes.</summary>
/// <param name="Length">Operations of a scenario, at most.</param>
/// <param name="States">No longer scenarios are looked at once there are so many states.</param>
/// <param name="Workers">Threads; what is found does not depend on them.</param>
/// <param name="ChecksCosts">Whether <see cref="Costs"/> are checked, too: what has cost something is not continued.</param>
public sealed record ExplorationLimits(int Length, int States = 1_000_000, int Workers = 1, bool ChecksCosts = true);

/// <summary>What an exploration has come to.</summary>
/// <param name="Shortest">A shortest scenario that breaks an invariant, or null if none was met.</param>
/// <param name="Failure">How it fails.</param>
/// <param name="Length">All scenarios of so many operations of the alphabet were tried.</param>
/// <param name="States">States that differ.</param>
/// <param name="Tried">Operations executed and checked.</param>
public sealed record Exploration(Scenario? Shortest, Failure? Failure, int Length, int States, long Tried);

/// <summary>
/// Looks for the shortest scenario over an <see cref="Alphabet"/> that breaks an invariant: all scenarios of one operation, of two, and
/// so on. Of scenarios that lead to states with the same <see cref="Fingerprint"/> only the first is continued. A state is reached again
/// by repeating its operations; after an operation that changed nothing the machine is used for the next one.
/// </summary>
/// <param name="rules">The rules.</param>
/// <param name="alphabet">The operations.</param>
/// <param name="limits">How far to go.</param>
/// <param name="invariant">The invariant to break; null for any. A scenario that breaks another one is not continued.</param>
public sealed class Explorer(Rules rules, Alphabet alphabet, ExplorationLimits limits, string? invariant = null)
{
    private const int StatesAtOnce = 64;

    /// <summary>A cost that a scenario has met would hide the harm that it does later.</summary>
    private readonly bool checksCosts = limits.ChecksCosts && (invariant is null || Costs.Contains(invariant));
    private readonly HashSet<UInt128> known = [];
    private readonly List<(int Parent, int Operation, UInt128 Fingerprint)> states = [];
    private long tried;

    /// <summary>Explores with one alphabet after the other, each only for what is shorter than what the ones before have met.</summary>
    public static IEnumerable<(Alphabet Alphabet, Exploration Found)> InTurn(
        Rules rules, IEnumerable<Alphabet> alphabets, ExplorationLimits limits, string? invariant)
    {
        foreach (Alphabet alphabet in alphabets)
        {
            Exploration found = new Explorer(rules, alphabet, limits, invariant).Run();
            limits = found.Shortest is null ? limits : limits with { Length = found.Length };
            yield return (alphabet, found);
        }
    }

    /// <summary>Explores.</summary>
    public Exploration Run()
    {
        UInt128 start = new Fingerprint().Of(new CheckedMachine(rules, alphabet.Options, checksCosts));
        states.Add((-1, -1, start));
        known.Add(start);
        int length = 0;
        for (int from = 0; length < limits.Length && from < states.Count && states.Count < limits.States; length++)
        {
            int to = states.Count;
            if (Expand(from, to, isLast: length + 1 == limits.Length) is var (state, operation))
            {
                Operation[] shortest = [.. Path(state), alphabet.Operations[operation]];
                return new Exploration(
                    new Scenario([.. shortest.Select(step => new Step(step))], alphabet.Options, rules.Name),
                    ScenarioRunner.FirstFailure(shortest, alphabet.Options, rules, checksCosts), length, states.Count, tried);
            }

            from = to;
        }

        return new Exploration(null, null, length, states.Count, tried);
    }

    /// <summary>Tries every operation in every state of one length. What comes of it is taken in the order of the states.</summary>
    /// <returns>The first failure of the kind that is looked for, or null.</returns>
    private (int State, int Operation)? Expand(int from, int to, bool isLast)
    {
        int parts = (to - from + StatesAtOnce - 1) / StatesAtOnce;
        int firstToFail = int.MaxValue;
        var results = new Part?[parts];
        Parallel.For(
            0, parts, new ParallelOptions { MaxDegreeOfParallelism = limits.Workers }, () => new Fingerprint(),
            (number, _, fingerprint) =>
            {
                if (number < Volatile.Read(ref firstToFail))
                {
                    int first = from + (number * StatesAtOnce);
                    Part part = results[number] = Expand(first, Math.Min(to, first + StatesAtOnce), fingerprint, isLast);
                    if (part.Failure is not null)
                        InterlockedMin(ref firstToFail, number);
                }

                return fingerprint;
            },
            _ => { });

        for (int number = 0; number < parts && results[number] is { } part; number++)
        {
            tried += part.Tried;
            if (part.Failure is { } failure)
                return failure;

            foreach (var state in part.Reached)
            {
                if (known.Add(state.Fingerprint))
                    states.Add(state);
            }
        }

        return null;
    }

    private Part Expand(int from, int to, Fingerprint fingerprint, bool isLast)
    {
        var part = new Part();
        for (int state = from; state < to && part.Failure is null; state++)
        {
            ImmutableArray<Operation> path = Path(state);
            CheckedMachine? run = null;
            for (int i = 0; i < alphabet.Operations.Length && part.Failure is null; i++)
            {
                run ??= At(path);
                Operation operation = alphabet.Operations[i];
                if (IsLikeAnother(run.Machine, operation))
                    continue;

                part.Tried++;
                if (run.Execute(operation, out _) is { } violation)
                {
                    part.Failure = invariant is null || violation.Invariant.Id == invariant ? (state, i) : null;
                    run = null;
                    continue;
                }

                UInt128 reached = fingerprint.Of(run);
                if (reached != states[state].Fingerprint)
                {
                    run = null;
                    if (!isLast && !known.Contains(reached) && part.Met.Add(reached))
                        part.Reached.Add((state, i, reached));
                }
            }
        }

        return part;
    }

    /// <summary>Whether a process does not exist, or a child could as well have a lower number.</summary>
    internal static bool IsLikeAnother(Machine machine, Operation operation)
    {
        int child = operation is Operation.Fork or Operation.CloneVm ? Mentioned.Processes(operation)[1].Number : 0;
        bool hasLower = false;
        for (int number = 0; number < child; number++)
            hasLower |= machine.Find(new ProcessId(number)) is null;

        return hasLower || (operation is Operation.ByProcess by && machine.Find(by.Process) is null);
    }

    private CheckedMachine At(ImmutableArray<Operation> path)
    {
        var run = new CheckedMachine(rules, alphabet.Options, checksCosts);
        run.Repeat(path.AsSpan());
        return run;
    }

    private ImmutableArray<Operation> Path(int state)
    {
        ImmutableArray<Operation>.Builder path = ImmutableArray.CreateBuilder<Operation>();
        for (; states[state].Parent >= 0; state = states[state].Parent)
            path.Add(alphabet.Operations[states[state].Operation]);

        path.Reverse();
        return path.ToImmutable();
    }

    private static void InterlockedMin(ref int place, int value)
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref place);
        }
        while (value < seen && Interlocked.CompareExchange(ref place, value, seen) != seen);
    }

    /// <summary>What came of a few states.</summary>
    private sealed class Part
    {
        internal long Tried { get; set; }

        internal HashSet<UInt128> Met { get; } = [];

        internal List<(int Parent, int Operation, UInt128 Fingerprint)> Reached { get; } = [];

        internal (int State, int Operation)? Failure { get; set; }
    }
}
