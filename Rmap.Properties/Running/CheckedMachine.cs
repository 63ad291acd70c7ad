using Rmap.Model.Sched;
using Rmap.Properties.Together;

namespace Rmap.Properties.Running;

/// <summary>A machine with everything that watches it: the invariants, the naive model of contents, and the effects.</summary>
public sealed class CheckedMachine
{
    private readonly InvariantChecker checker;
    private readonly Effects effects = new();
    private readonly CostChecker? costs;
    private readonly Invariant? except;
    private bool areContentsKnown = true;

    /// <summary>A new machine under these rules.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="options">The settings.</param>
    /// <param name="checksCosts">Whether <see cref="Costs"/> are checked, too.</param>
    /// <param name="except">An invariant that is not asked, to learn which others see the same; null to ask all.</param>
    public CheckedMachine(Rules rules, MachineOptions options, bool checksCosts = true, Invariant? except = null)
    {
        this.except = except;
        Machine = new Machine(rules, options);
        Contents = new ContentModel(Machine);
        checker = new InvariantChecker(Machine);
        costs = checksCosts ? new CostChecker(Machine) : null;
    }

    /// <summary>The machine.</summary>
    public Machine Machine { get; }

    /// <summary>The naive model of contents.</summary>
    public ContentModel Contents { get; }

    /// <summary>What checks the invariants.</summary>
    internal InvariantChecker Checker => checker;

    /// <summary>
    /// Executes operations after which all is known to hold: for getting back to a state that was checked before. Of the states on the
    /// way the checks remember stable nodes only.
    /// </summary>
    internal void Repeat(ReadOnlySpan<Operation> operations)
    {
        for (int i = 0; i < operations.Length; i++)
        {
            int failed = Machine.Faults.Failed;
            int failedReads = Machine.Faults.FailedReads;
            Contents.Before(operations[i]);
            Outcome outcome = Machine.Execute(operations[i]);
            Observe(operations[i], outcome, Machine.Faults.Failed != failed, Unread(failedReads));
            Contents.Compare();
            if (i == operations.Length - 1 || Machine.Ksm.Slots.Count > 0)
                checker.Remember();
        }
    }

    /// <summary>Executes an operation and says what does not hold after it, or null.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="outcome">What it came to; null if the machine could not go on.</param>
    public Violation? Execute(Operation operation, out Outcome? outcome)
    {
        int failed = Machine.Faults.Failed;
        int failedReads = Machine.Faults.FailedReads;
        try
        {
            if (areContentsKnown)
            {
                effects.Before(Machine, operation);
                Contents.Before(operation);
                costs?.Before(operation);
            }

            outcome = Machine.Execute(operation);
        }
        catch (Exception stuck) when (IsStuck(stuck))
        {
            outcome = null;
            return Invariants.Stuck(stuck, ScenarioText.Print(operation));
        }

        try
        {
            Violation? violation = checker.FirstViolation(except);
            if (violation is not null || !areContentsKnown)
                return violation;

            return Asked(Contents.Faults.Miscounted(operation, outcome))
                ?? Asked(Observe(operation, outcome, Machine.Faults.Failed != failed, Unread(failedReads)))
                ?? Asked(Contents.CompareHeld())
                ?? Asked(Contents.Compare())
                ?? (IsKill(outcome) ? null
                    : Asked(effects.After(Machine, operation, outcome)) ?? Asked(costs?.After(operation, outcome)));
        }
        catch (Exception unreadable) when (IsStuck(unreadable))
        {
            return Invariants.Stuck(unreadable, $"what is looked at after {ScenarioText.Print(operation)}");
        }
    }

    /// <summary>
    /// Executes a block and says what does not hold on its way or after it, or null. From then on contents, effects and costs are not
    /// judged any more: what tasks have come to that met is known of the block alone.
    /// </summary>
    /// <param name="block">The block; what it says of what is before it is what this machine has done.</param>
    /// <param name="threads">What runs the tasks.</param>
    /// <param name="schedule">Who takes the next step.</param>
    /// <param name="watcher">Who else looks on, given what checks every step; or null.</param>
    /// <param name="outcomes">What the operations came to; null if the machine could not go on.</param>
    public Violation? Execute(
        BlockCase block, Interleaving threads, ISchedule schedule, Func<IBlockWatcher, IBlockWatcher>? watcher, out Outcome[][]? outcomes)
    {
        bool isFirst = areContentsKnown;
        areContentsKnown = false;
        var run = new BlockRun(block, Machine.Rules);
        var steps = new StepChecker(Machine, threads);
        return run.Run(threads, Machine, schedule, watcher?.Invoke(steps) ?? steps, out outcomes)
            ?? checker.FirstViolation(except)
            ?? (isFirst ? run.Unlike(Machine, outcomes!) : null);
    }

    /// <summary>An access that has killed its process has done nothing else: those that shared its mm have exited.</summary>
    private Violation? Observe(Operation operation, Outcome outcome, bool outOfMemory, byte? unread)
    {
        if (!IsKill(outcome))
            return Contents.Observe(operation, outcome, outOfMemory, unread);

        ProcessId[] gone = [.. Contents.Processes.Keys.Select(number => new ProcessId(number)).Where(id => Machine.Find(id) is null)];
        return gone.Select(id => Contents.Observe(new Operation.Exit(id), Outcome.Ok)).FirstOrDefault(violation => violation is not null);
    }

    private static bool IsKill(Outcome outcome) => outcome is Outcome.Killed { Signal: Signal.SIGKILL };

    private byte? Unread(int failedBefore) => Machine.Faults.FailedReads != failedBefore ? Machine.Faults.Unread : null;

    private Violation? Asked(Violation? violation) => violation?.Invariant == except ? null : violation;

    /// <summary>
    /// Whether an exception says that the machine met structures it cannot go on with: <see cref="KernelBug"/>, or what follows from a
    /// pointer to nothing or to what it cannot be, or from a number that has run over. Nothing throws for input; so whatever is thrown
    /// does, and a campaign goes on with what it has found.
    /// </summary>
    internal static bool IsStuck(Exception exception) => exception is not OutOfMemoryException;
}
