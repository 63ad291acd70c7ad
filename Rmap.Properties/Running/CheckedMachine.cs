using Rmap.Model;

namespace Rmap.Properties.Running;

/// <summary>A machine with everything that watches it: the invariants, the naive model of contents, and the effects.</summary>
public sealed class CheckedMachine
{
    private readonly InvariantChecker checker;
    private readonly ContentModel contents = new();
    private readonly Effects effects = new();

    /// <summary>A new machine under these rules.</summary>
    public CheckedMachine(Rules rules, MachineOptions options)
    {
        Machine = new Machine(rules, options);
        checker = new InvariantChecker(Machine);
    }

    /// <summary>The machine.</summary>
    public Machine Machine { get; }

    /// <summary>Executes an operation and says what does not hold after it, or null.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="outcome">What it came to; null if the machine could not go on.</param>
    public Violation? Execute(Operation operation, out Outcome? outcome)
    {
        try
        {
            effects.Before(Machine, operation);
            outcome = Machine.Execute(operation);
        }
        catch (Exception stuck) when (IsStuck(stuck))
        {
            outcome = null;
            return Invariants.Stuck(stuck);
        }

        try
        {
            return checker.FirstViolation() ?? contents.Observe(operation, outcome) ?? contents.Compare(Machine)
                ?? effects.After(Machine, operation, outcome);
        }
        catch (Exception unreadable) when (IsStuck(unreadable))
        {
            return Invariants.Stuck(unreadable);
        }
    }

    /// <summary>Whether an exception says that the machine met structures it cannot go on with.</summary>
    internal static bool IsStuck(Exception exception) => exception is InvalidOperationException or NullReferenceException
        or InvalidCastException or ArgumentException or KeyNotFoundException or IndexOutOfRangeException;
}
