using System.Collections.Immutable;

namespace Rmap.Properties.Together;

/// <summary>
/// What a block comes to if its operations are carried out one after the other, at rest, in each order in which each task keeps its own:
/// the machine itself is the oracle. Operations that may do nothing and say so, reclaim for one, may also be left out.
/// </summary>
internal sealed class Orders
{
    private const int Most = 240;

    private readonly BlockCase block;
    private readonly Rules rules;
    private readonly List<Shown> shown = [];
    private readonly HashSet<Outcome>[][] outcomes;
    private IReadOnlyList<Shown>? withFaultsApart;
    private bool areSomeLeftOut;

    internal Orders(BlockCase block, Rules rules)
    {
        (this.block, this.rules) = (block, rules);
        outcomes = [.. block.Tasks.Select(task => task.Select(_ => new HashSet<Outcome>()).ToArray())];
        Run(new int[block.Tasks.Length], [], _ => false);
    }

    /// <summary>Why a block that has run in turns is like none of the orders, or null.</summary>
    internal Violation? Unlike(Machine machine, Outcome[][] came)
    {
        Shown now = Shown.By(machine);
        if (Why(now, came) is not { } why)
            return null;

        if (!areSomeLeftOut)
        {
            areSomeLeftOut = true;
            foreach (Operation left in block.Tasks.SelectMany(task => task).Where(MayDoNothing).Distinct())
                Run(new int[block.Tasks.Length], [], operation => operation == left);

            Run(new int[block.Tasks.Length], [], MayDoNothing);
            why = Why(now, came);
        }

        if (why is not null && block.Tasks.Any(task => task.Any(operation => operation is Operation.Write)))
        {
            withFaultsApart ??= new Orders(block with { Tasks = [.. block.Tasks.Select(FaultsApart)] }, rules).shown;
            why = Why(now, came);
        }

        return why is null ? null : new Violation(Races.Serialisable, $"{why}", $"what some order of the tasks gives");
    }

    private string? Why(Shown now, Outcome[][] came)
    {
        for (int task = 0; task < came.Length; task++)
        {
            for (int i = 0; i < came[task].Length; i++)
            {
                if (!IsBestEffort(block.Tasks[task][i]) && !outcomes[task][i].Contains(came[task][i]))
                {
                    return $"{ScenarioText.Print(block.Tasks[task][i])} came to {came[task][i]}, not "
                        + string.Join(" or ", outcomes[task][i].Select(outcome => outcome.ToString()).Order(StringComparer.Ordinal));
                }
            }
        }

        return now.Unlike([.. shown, .. withFaultsApart ?? []]);
    }

    /// <summary>
    /// A store and its fault are two: the fault may copy a file's page long before the store goes to the copy, or is refused, and the file
    /// does not change the copy any more.
    /// </summary>
    private static ImmutableArray<Operation> FaultsApart(ImmutableArray<Operation> task) =>
    [
        .. task.SelectMany(operation => operation is Operation.Write write
            ? [new Operation.Madvise(write.Process, PageRange.Of(write.Page, 1), Advice.PopulateWrite), write]
            : (Operation[])[operation]),
    ];

    /// <summary>What it answers depends on what it meets, and it may give up.</summary>
    private static bool IsBestEffort(Operation operation) =>
        operation is Operation.Reclaim or Operation.Migrate or Operation.Referenced or Operation.Mincore;

    /// <summary>MADV_FREE passes by what is locked; reclaim leaves what is held.</summary>
    private static bool MayDoNothing(Operation operation) =>
        operation is Operation.Reclaim or Operation.Migrate or Operation.Madvise { Advice: Advice.Free };

    private void Run(int[] done, List<(int Task, int Index)> order, Func<Operation, bool> leavesOut)
    {
        bool isWhole = true;
        for (int task = 0; task < done.Length && shown.Count < Most; task++)
        {
            if (done[task] == block.Tasks[task].Length)
                continue;

            isWhole = false;
            order.Add((task, done[task]++));
            Run(done, order, leavesOut);
            order.RemoveAt(order.Count - 1);
            done[task]--;
        }

        if (isWhole)
            Carry(order, leavesOut);
    }

    private void Carry(List<(int Task, int Index)> order, Func<Operation, bool> leavesOut)
    {
        Machine machine = block.Start(rules);
        foreach ((int task, int index) in order)
        {
            Operation operation = block.Tasks[task][index];
            if (!leavesOut(operation))
                outcomes[task][index].Add(machine.Execute(operation));
        }

        shown.Add(Shown.By(machine));
    }
}
