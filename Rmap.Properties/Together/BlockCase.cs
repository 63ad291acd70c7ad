using System.Collections.Immutable;
using Rmap.Model.Sched;

namespace Rmap.Properties.Together;

/// <summary>Tasks that meet: what was done before, at rest, and what each of them does.</summary>
/// <param name="Options">The settings.</param>
/// <param name="Before">What was done before.</param>
/// <param name="Tasks">The operations of each task.</param>
public sealed record BlockCase(
    MachineOptions Options, ImmutableArray<Operation> Before, ImmutableArray<ImmutableArray<Operation>> Tasks)
{
    /// <summary>How many operations there are, together.</summary>
    public int Length => Before.Length + Tasks.Sum(task => task.Length);

    /// <summary>The machine before the block.</summary>
    /// <param name="rules">Its rules.</param>
    public Machine Start(Rules rules)
    {
        var machine = new Machine(rules, Options);
        foreach (Operation operation in Before)
            machine.Execute(operation);

        return machine;
    }

    /// <summary>The case with a schedule, as a scenario.</summary>
    public Scenario ToScenario(ImmutableArray<Turn> schedule, string? rules)
    {
        int[] owners = [.. Tasks.SelectMany((task, number) => task.Select(_ => number))];
        return new Scenario([.. Before.Concat(Tasks.SelectMany(task => task)).Select(operation => new Step(operation))], Options, rules)
        {
            Blocks = [new Block(Before.Length, [.. owners], schedule)],
        };
    }

    /// <summary>A block of a scenario, and what comes before it; blocks before it count as done one task after the other.</summary>
    public static BlockCase Of(Scenario scenario, Block block) => new(
        scenario.Options,
        [.. scenario.Steps.Take(block.First).Select(step => step.Operation)],
        [.. Enumerable.Range(0, block.Count).Select(task =>
            ImmutableArray.CreateRange(block.StepsOf(task).Select(step => scenario.Steps[step].Operation)))]);
}
