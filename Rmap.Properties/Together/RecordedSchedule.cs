using System.Collections.Immutable;
using Rmap.Model.Sched;

namespace Rmap.Properties.Together;

/// <summary>Writes down what another schedule says.</summary>
public sealed class RecordedSchedule(ISchedule inner) : ISchedule
{
    private readonly List<Turn> turns = [];

    /// <summary>What it has said: carried out as a <see cref="TurnSchedule"/>, it is the same again.</summary>
    public ImmutableArray<Turn> Turns => [.. turns];

    /// <inheritdoc/>
    public int Next(int last, uint canRun)
    {
        int next = inner.Next(last, canRun);
        if (turns.Count > 0 && turns[^1].Task == next)
            turns[^1] = turns[^1] with { Steps = turns[^1].Steps + 1 };
        else
            turns.Add(new Turn(next));

        return next;
    }
}
