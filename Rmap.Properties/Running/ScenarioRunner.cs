namespace Rmap.Properties.Running;

/// <summary>What went wrong, and where.</summary>
/// <param name="Step">The step after which an invariant did not hold, from 0.</param>
/// <param name="Violation">Which invariant, what was seen, what was expected.</param>
public sealed record Failure(int Step, Violation Violation);

/// <summary>Runs scenarios with all invariants checked after every operation.</summary>
public static class ScenarioRunner
{
    /// <summary>The first failure of a scenario under these rules, or null.</summary>
    public static Failure? FirstFailure(Scenario scenario, Rules rules, bool checksCosts = true) =>
        FirstFailure([.. scenario.Steps.Select(step => step.Operation)], scenario.Options, rules, checksCosts);

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
