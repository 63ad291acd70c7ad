using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Reporting;
using Rmap.Properties.Shrinking;
using Rmap.Regressions.Kernel;

namespace Rmap.Regressions.Host;

/// <summary>A disagreement of the running kernel and the model, on the shortest scenario found.</summary>
/// <param name="Index">The case.</param>
/// <param name="Scenario">The scenario.</param>
/// <param name="Difference">What differs.</param>
/// <param name="SavedAs">The file it was saved to, or null.</param>
internal sealed record HostFinding(long Index, Scenario Scenario, HostDifference Difference, string? SavedAs = null);

/// <summary>Generated scenarios on the running kernel and on the model.</summary>
/// <param name="plan">Which.</param>
/// <param name="program">The process tree.</param>
/// <param name="repros">Where disagreements are saved, or null.</param>
internal sealed class HostCampaign(CampaignPlan plan, HostTree program, ReproStore? repros = null) : IDisposable
{
    private readonly HostTree program = program;
    private readonly HostRunner runner = new(program, plan.Rules);
    private readonly KernelCases cases = new(program, plan.Rules);

    private readonly HashSet<string> kinds = [];
    private long scenarios;
    private long operations;

    /// <summary>How far it has come; may be asked from any thread.</summary>
    internal CampaignProgress Progress => new(Interlocked.Read(ref scenarios), Interlocked.Read(ref operations), kinds.Count);

    /// <summary>What came of it, in one line.</summary>
    internal string Told => $"{HostKernel.Name} against {plan.Rules.Name}: {Progress.Scenarios} scenarios, {Progress.Operations} operations"
        + (runner.Fleeting == 0 ? "" : $"; {runner.Fleeting} differences did not come again");

    /// <summary>Runs them; of each kind of disagreement the first one is shrunk. Ends after some, or when it is cancelled.</summary>
    internal IEnumerable<HostFinding> Run(CancellationToken cancellation = default)
    {
        for (long i = 0; i < plan.Scenarios && kinds.Count < plan.MostFailures; i++)
        {
            Scenario scenario = cases.Draw(plan.ProfileOf(i), plan.SeedOf(i), plan.Limits);
            HostDifference? difference = runner.Compare(scenario);
            if (cancellation.IsCancellationRequested)
                yield break; // ksmd's settings may be restored already

            Interlocked.Increment(ref scenarios);
            Interlocked.Add(ref operations, scenario.Steps.Length);
            if (difference is not null && kinds.Add(difference.Kind))
                yield return Shrink(i, scenario, difference);
        }
    }

    public void Dispose() => runner.Dispose();

    private HostFinding Shrink(long index, Scenario scenario, HostDifference difference)
    {
        Scenario minimal = program.Adjust(
            Minimiser.Minimise(scenario, Math.Max(difference.Step, 0), new Fault(this, difference.Kind)));
        if (runner.Compare(minimal) is { } last)
            (scenario, difference) = (new Scenario(minimal.Steps, minimal.Options, plan.Rules.Name), last);

        string name = $"host-{HostKernel.Version.ToString(3)}-{difference.Kind}".ToLowerInvariant();
        return new HostFinding(index, scenario, difference, repros?.Save(scenario, name, HostReport.Heading(difference)));
    }

    /// <summary>One kind of difference, looked for on the running kernel.</summary>
    private sealed class Fault(HostCampaign campaign, string kind) : IFault
    {
        public int? StepOf(Operation[] operations, MachineOptions options, int known) =>
            campaign.program.Adjust(options) == options ? StepOf(campaign.program.Adjust(Scenario.Of(operations))) : null;

        public Scenario? Draw(Profile profile, Limits limits, int draws)
        {
            for (ulong seed = 0; seed < (ulong)Math.Min(draws, 200); seed++)
            {
                Scenario scenario = campaign.cases.Draw(profile, seed, limits);
                if (StepOf(scenario) is { } step)
                    return scenario with { Steps = scenario.Steps[..(step + 1)] };
            }

            return null;
        }

        private int? StepOf(Scenario scenario) =>
            campaign.program.Refuses(scenario) is null && campaign.runner.Once(scenario) is { } difference && difference.Kind == kind
                ? Math.Max(difference.Step, 0)
                : null;
    }
}
