using System.Collections.Immutable;

namespace Rmap.Model.Sched;

/// <summary>A piece of a schedule: a task takes some steps one after the other.</summary>
/// <param name="Task">Which, from 0.</param>
/// <param name="Steps">How many; <see cref="All"/> for all that it can take.</param>
public readonly record struct Turn(int Task, int Steps = 1)
{
    /// <summary>As many steps as a task has left.</summary>
    public const int All = int.MaxValue;

    /// <summary>As it stands in a scenario.</summary>
    public override string ToString() => Letter(Task) + Steps switch
    {
        1 => "",
        All => "!",
        _ => Steps.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The letter of a task.</summary>
    internal static string Letter(int task) => ((char)('a' + task)).ToString();
}

/// <summary>
/// A schedule that is written down. Whoever is done, or waits, is passed over; what is left at the end runs to its end, in the order of the
/// tasks. So whatever it says, it is one.
/// </summary>
/// <param name="turns">What it says.</param>
public sealed class TurnSchedule(ImmutableArray<Turn> turns) : ISchedule
{
    private int place;
    private int taken;

    /// <inheritdoc/>
    public int Next(int last, uint canRun)
    {
        for (; place < turns.Length; place++, taken = 0)
        {
            (int task, int steps) = turns[place];
            if (taken < steps && (canRun >> task & 1) != 0)
            {
                taken++;
                return task;
            }
        }

        return int.TrailingZeroCount((int)canRun);
    }
}
