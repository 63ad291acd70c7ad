using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Reporting;
using Rmap.Properties.Running;
using Xunit.Abstractions;

namespace Rmap.Properties.Properties;

/// <summary>Property 1: after every operation every invariant holds, whatever the profile and the version.</summary>
public class InvariantProperties(ITestOutputHelper output)
{
    public static TheoryData<string> ProfileNames => [.. Profile.All.Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(ProfileNames))]
    public void All_invariants_hold_after_every_operation(string profile) =>
        Verify(new Linux618(), [Profile.Find(profile)!], SuiteSettings.Scenarios / Profile.All.Count);

    public static TheoryData<string> OtherVersions => [.. RulesCatalogue.Linux.Names.Skip(1)];

    [Theory]
    [MemberData(nameof(OtherVersions))]
    public void All_invariants_hold_under_the_rules_of_other_versions(string rules) =>
        Verify(RulesCatalogue.Linux.Find(rules)!, Profile.All, SuiteSettings.Scenarios / 8);

    [Fact]
    public void Long_cases_hold_too()
    {
        long scenarios = SuiteSettings.Scenarios / 400;
        var plan = new CampaignPlan(new Linux618(), Profile.All, SuiteSettings.Seed, scenarios, Environment.ProcessorCount)
        {
            Limits = new Limits(Processes: 10, Pages: 96, Operations: 500),
        };
        Verify(plan);
    }

    [Fact]
    public void What_failed_before_holds_now()
    {
        foreach (string file in SuiteSettings.Repros.Files())
        {
            ScenarioFile? repro = ReproStore.Read(file, out string? problem);
            Assert.True(repro is not null, problem);
            Scenario scenario = repro.Scenario;
            Rules rules = RulesCatalogue.Linux.Find(scenario.Rules ?? "") ?? RulesCatalogue.Linux.Default;
            Failure? failure = ScenarioRunner.FirstFailure(scenario, rules);
            Assert.True(failure is null, failure is null ? "" : Report(failure));

            string Report(Failure failed) =>
                FailureReport.Of(scenario with { Steps = scenario.Steps[..(failed.Step + 1)] }, rules, saved: file);
        }
    }

    private void Verify(Rules rules, IReadOnlyList<Profile> profiles, long scenarios) =>
        Verify(new CampaignPlan(rules, profiles, SuiteSettings.Seed, scenarios, Environment.ProcessorCount));

    private void Verify(CampaignPlan plan)
    {
        var campaign = new Campaign(plan, SuiteSettings.Repros);
        IReadOnlyList<BrokenInvariant> findings = campaign.Run();
        output.WriteLine($"seed {plan.Seed}: {campaign.Progress.Scenarios} scenarios, {campaign.Progress.Operations} operations, "
            + $"{Invariants.All.Count} invariants after each, under {plan.Rules.Name}");
        Assert.True(findings.Count == 0, string.Join("\n\n", findings.Select(finding => FailureReport.Of(
            finding.Scenario, plan.Rules,
            $"profile {plan.ProfileOf(finding.Index)}, seed {plan.SeedOf(finding.Index)}", finding.SavedAs))));
    }
}
