using Rmap.Properties.Generating;
using Rmap.Properties.Running;

namespace Rmap.Properties.Shrinking;

/// <summary>One way in which scenarios fail, and how to find out.</summary>
public interface IFault
{
    /// <summary>The step at which these operations show the fault, or null if they do not.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="options">The settings.</param>
    /// <param name="known">So many of the operations are known not to show any fault.</param>
    int? StepOf(Operation[] operations, MachineOptions options, int known);

    /// <summary>A case drawn afresh that ends in the fault, or null if none was found.</summary>
    /// <param name="profile">How often which operation is drawn.</param>
    /// <param name="limits">The size of the cases.</param>
    /// <param name="draws">How many are drawn at most.</param>
    Scenario? Draw(Profile profile, Limits limits, int draws);
}

/// <summary>A certain invariant does not hold under certain rules.</summary>
internal sealed class BrokenInvariantFault(Rules rules, string invariant) : IFault
{
    /// <summary>A cost that a scenario has met would hide the harm that it does later.</summary>
    private readonly bool checksCosts = Costs.Contains(invariant);

    public int? StepOf(Operation[] operations, MachineOptions options, int known) =>
        ScenarioRunner.FirstFailure(operations, options, rules, checksCosts, known) is { } failure
            && failure.Violation.Invariant.Id == invariant
            ? failure.Step
            : null;

    public Scenario? Draw(Profile profile, Limits limits, int draws)
    {
        for (ulong seed = 0; seed < (ulong)draws; seed++)
        {
            (Scenario scenario, Failure? failure) = GeneratedRun.Check(profile, seed, rules, limits, checksCosts: checksCosts);
            // The load that a case may end with is one more.
            if (failure?.Violation.Invariant.Id == invariant && scenario.Steps.Length <= limits.Operations)
                return scenario;
        }

        return null;
    }
}
