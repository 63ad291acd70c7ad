using System.Collections.Immutable;
using Rmap.Model.Sched;

namespace Rmap.Model.Text;

/// <summary>Steps of a scenario that are carried out together: by several tasks, which take turns.</summary>
/// <param name="First">The first of these steps.</param>
/// <param name="Tasks">Whose each of them is, counted from 0; as many as there are. A task does its steps in their order.</param>
/// <param name="Schedule">Who takes how many steps of those that Linux takes in turn; see <see cref="TurnSchedule"/>.</param>
public sealed record Block(int First, ImmutableArray<int> Tasks, ImmutableArray<Turn> Schedule)
{
    /// <summary>So many tasks have letters.</summary>
    public const int MostTasks = 26;

    /// <summary>The step behind the last one.</summary>
    public int End => First + Tasks.Length;

    /// <summary>How many tasks there are, those included that do nothing because a later letter is used.</summary>
    public int Count => Tasks.Length == 0 ? 0 : Tasks.Max() + 1;

    /// <summary>The steps of a task, by their number in the scenario.</summary>
    public IEnumerable<int> StepsOf(int task) => Enumerable.Range(First, Tasks.Length).Where(step => Tasks[step - First] == task);

    /// <inheritdoc/>
    public bool Equals(Block? other) => other is not null && First == other.First
        && Tasks.AsSpan().SequenceEqual(other.Tasks.AsSpan()) && Schedule.AsSpan().SequenceEqual(other.Schedule.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(First, Tasks.Length, Schedule.Length);

    /// <summary>Its last line, or nothing for a schedule that says nothing.</summary>
    internal string AsText => Schedule.Length == 0 ? "" : $"as {string.Join(' ', Schedule)}\n";

    /// <summary>Reads the schedule, behind the word <c>as</c>.</summary>
    internal static ImmutableArray<Turn> ReadSchedule(ScenarioReader line)
    {
        const string what = "a turn such as a, a4 or a!";
        ImmutableArray<Turn>.Builder turns = ImmutableArray.CreateBuilder<Turn>();
        do
        {
            if (!IsTurn(line.Token, out Turn turn))
                line.Fail(what);
            else if (line.TakeIf(_ => true, what, out string taken))
                turns.Add(taken.Length == 1 && line.Take("!") ? turn with { Steps = Turn.All } : turn);
        }
        while (!line.AtEnd);
        return turns.ToImmutable();
    }

    private static bool IsTurn(string word, out Turn turn)
    {
        turn = default;
        int steps = 1;
        bool isTurn = word.Length > 0 && word[0] is >= 'a' and <= 'z'
            && (word.Length == 1 || (int.TryParse(word.AsSpan(1), NumberStyles.None, null, out steps) && steps is > 0 and < Turn.All));
        if (isTurn)
            turn = new Turn(word[0] - 'a', steps);

        return isTurn;
    }
}
