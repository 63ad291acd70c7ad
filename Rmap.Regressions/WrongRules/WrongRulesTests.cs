using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Reporting;
using Rmap.Properties.Running;

namespace Rmap.Regressions.WrongRules;

/// <summary>A mistake made on purpose is found by generated cases, brought to its shortest scenario, saved, and reported.</summary>
[Trait("Speed", "Quick")]
public sealed class WrongRulesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rmap").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public Task An_address_one_page_off_is_found_shrunk_and_reported()
    {
        var plan = new CampaignPlan(new OnePageOff(), Profile.All, Seed: 1, Scenarios: 12);
        BrokenInvariant found = new Campaign(plan, new ReproStore(folder)).Run()[0];

        Assert.Equal(2, found.Scenario.Steps.Length);
        Assert.Equal(found.Scenario, ScenarioText.Parse(File.ReadAllText(found.SavedAs!)));
        Assert.Null(ScenarioRunner.FirstFailure(found.Scenario, new Linux618()));
        string report = FailureReport.Of(
            found.Scenario, plan.Rules, $"profile {plan.ProfileOf(found.Index)}, seed {plan.SeedOf(found.Index)}",
            $"Repros/{Path.GetFileName(found.SavedAs)}");
        return Verify(report).UseDirectory("Snapshots");
    }

    /// <summary>Every page is looked for one page too far up.</summary>
    private sealed class OnePageOff : Rules
    {
        public override string Name => "one-page-off";

        public override VirtualPage? VmaAddress(VmArea vma, long index, long first) => base.VmaAddress(vma, index, first) + 1;
    }
}
