using Rmap.Model.Sched;
using Rmap.Properties.Together;

namespace Rmap.Properties.Running;

/// <summary>What went wrong, and where.</summary>
/// <param name="Step">The step after which an invariant did not hold, from 0.</param>
/// <param name="Violation">Which invariant, what was seen, what was expected.</param>
public sealed record Failure(int Step, Violation Violation);

/// <summary>Runs scenarios with all invariants checked after every operation.</summary>
public static class ScenarioRunner
{
    /// <summary>The first failure of a scenario under these rules, or null.</summary>
    public static Failure? FirstFailure(Scenario scenario, Rules rules, bool checksCosts = true) => scenario.Blocks.Length == 0
        ? FirstFailure([.. scenario.Steps.Select(step => step.Operation)], scenario.Options, rules, checksCosts)
        : FirstFailureWithBlocks(scenario, rules);

    private static Failure? FirstFailureWithBlocks(Scenario scenario, Rules rules)
    {
        using var threads = new Interleaving();
        var run = new CheckedMachine(rules, scenario.Options);
        for (int i = 0; i < scenario.Steps.Length; i++)
        {
            Block? block = scenario.Blocks.FirstOrDefault(each => each.First == i);
            Violation? violation = block is null
                ? run.Execute(scenario.Steps[i].Operation, out _)
                : run.Execute(BlockCase.Of(scenario, block), threads, new TurnSchedule(block.Schedule), watcher: null, out _);
            i = (block?.End ?? i + 1) - 1;
            if (violation is not null)
                return new Failure(i, violation);
        }

        return null;
    }

    /// <summary>The first failure of these operations, or null.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="options">The settings.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="checksCosts">Whether <see cref="Costs"/> are checked, too.</param>
    /// <param name="known">So many of the operations are known to break nothing, and are not checked again.</param>
    public static Failure? FirstFailure(
        ReadOnlySpan<Operation> operations, MachineOptions options, Rules rules, bool checksCosts = true, int known = 0)
    {
        var run = new CheckedMachine(rules, options, checksCosts);
        run.Repeat(operations[..known]);
        for (int i = known; i < operations.Length; i++)
        {
            if (run.Execute(operations[i], out _) is { } violation)
                return new Failure(i, violation);
        }

        return null;
    }
}
