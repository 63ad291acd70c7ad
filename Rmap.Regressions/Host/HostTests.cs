using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Regressions.Kernel;
using Xunit.Abstractions;

namespace Rmap.Regressions.Host;

/// <summary>The kernel that is running does what the model does, as far as that can be seen from outside.</summary>
public sealed class HostTests(ITestOutputHelper output) : IDisposable
{
    private const long UsualScenarios = 300;

    private readonly string folder = Directory.CreateTempSubdirectory("rmap-host-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>On how many scenarios: RMAP_SCENARIOS; from which seed: RMAP_SEED. With ksmd, too: RMAP_HOST_KSM=1.</summary>
    [HostFact]
    public void The_running_kernel_and_the_model_agree_after_every_operation()
    {
        string tree = HostTree.Compile(folder);
        using HostKsm? ksm = HostKsm.Take(tree);
        long scenarios = SuiteSettings.AreScenariosChosen ? SuiteSettings.Scenarios : UsualScenarios;
        var plan = new CampaignPlan(HostKernel.Rules, Profile.All, SuiteSettings.Seed, scenarios)
        {
            Limits = KernelCases.Limits,
            MostFailures = 3,
        };
        using var campaign = new HostCampaign(plan, new HostTree(tree, ksm), SuiteSettings.Repros);
        List<HostFinding> findings = [.. campaign.Run()];
        output.WriteLine(campaign.Told);
        Assert.Equal("", string.Join("\n\n", findings.Select(HostReport.Of)));
    }

    [HostFact]
    public void A_model_that_does_something_else_is_told_from_the_kernel()
    {
        var plan = new CampaignPlan(new ForkKeepsExclusive(), [Profile.Find("fork")!], Seed: 1, Scenarios: 20)
        {
            Limits = KernelCases.Limits,
            MostFailures = 1,
        };
        using var campaign = new HostCampaign(plan, new HostTree(HostTree.Compile(folder), null));
        HostFinding finding = Assert.Single(campaign.Run());
        Assert.Equal("page", finding.Difference.Kind);
        Assert.Equal(
            ["P0 mmap 0+1 rw private anon", "P0 write 0 = 0", "P0 fork P1"],
            finding.Scenario.Steps.Select(step => ScenarioText.Print(step.Operation)));
    }

    private sealed class ForkKeepsExclusive : Rules
    {
        public override string Name => "fork-keeps-exclusive";

        public override bool Skips(LinuxStep step) => step == LinuxStep.ForkClearsAnonExclusive;
    }
}
