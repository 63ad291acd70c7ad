using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Running;

namespace Rmap.Properties.Mending;

/// <summary>The known faults of Linux: each is shown by its scenario, excused by its event alone, and mended by its change.</summary>
[Trait("Speed", "Quick")]
public class FaultTests
{
    private const string Folder = "docs/linux";

    private static IEnumerable<string> Files => Directory.EnumerateFiles(Checkout.PathOf(Folder), "*.rmap")
        .Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    public static TheoryData<string> Scenarios => [.. Files];

    public static TheoryData<string> Names => [.. Faults.All.Select(fault => fault.Name)];

    /// <summary>It gives what it says, and breaks an invariant with its last operation, under its rules.</summary>
    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_scenario_shows_its_fault(string name)
    {
        ScenarioFile file = Read(name);
        var run = new CheckedMachine(RulesOf(file), file.Scenario.Options);
        for (int i = 0; i < file.Scenario.Steps.Length; i++)
        {
            Step step = file.Scenario.Steps[i];
            Violation? violation = run.Execute(step.Operation, out Outcome? outcome);
            Assert.True(step.Accepts(outcome!), $"{name}.rmap:{file.Lines[i]}: {outcome}");
            Assert.Equal(i == file.Scenario.Steps.Length - 1, violation is not null);
        }
    }

    /// <summary>No operation of it can go.</summary>
    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_scenario_is_as_short_as_it_can_be(string name)
    {
        Scenario scenario = Read(name).Scenario;
        string invariant = ScenarioRunner.FirstFailure(scenario, RulesOf(Read(name)))!.Violation.Invariant.Id;
        for (int i = 0; i < scenario.Steps.Length; i++)
        {
            Failure? without = ScenarioRunner.FirstFailure(scenario with { Steps = scenario.Steps.RemoveAt(i) }, RulesOf(Read(name)));
            Assert.NotEqual(invariant, without?.Violation.Invariant.Id);
        }
    }

    /// <summary>
    /// Strict rules that excuse all but the fault see it still; those that excuse it do not; those that mend it do not, be it the only one.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void An_excuse_is_of_one_fault_and_so_is_a_change(string name)
    {
        Fault fault = Faults.All.Single(each => each.Name == name);
        foreach (string file in Files.Where(file => Owner(file) == fault))
        {
            Scenario scenario = Read(file).Scenario;
            foreach (Fault other in Faults.All.Where(other => other.Excuse is not null))
            {
                Assert.Equal(other == fault, IsBroken(scenario, $"linux-6.18-{FaultRules.Strict}-{other.Letter}"));
                Assert.False(IsBroken(scenario, $"linux-6.18-fixed-{other.Letter}"));
            }

            Assert.False(IsBroken(scenario, "linux-6.18"));
            Assert.False(IsBroken(scenario, "linux-6.18-fixed"));
            Assert.Equal(fault.Excuse is not null, IsBroken(scenario, $"linux-6.18-{FaultRules.Strict}"));
        }
    }

    [Fact]
    public void Every_fault_has_a_scenario_and_every_excuse_a_fault()
    {
        Assert.Equal(Faults.All, Faults.All.Where(fault => Files.Any(file => Owner(file) == fault)));
        Assert.Equal(
            Enum.GetValues<KnownFault>().Order(), Faults.All.Select(fault => fault.Excuse).OfType<KnownFault>().Order());
    }

    /// <summary>Nothing is excused under the fixed rules, and nothing needs to be; RMAP_SCENARIOS says how many cases are tried.</summary>
    [Theory]
    [InlineData("linux-6.12-fixed")]
    [InlineData("linux-6.18-fixed")]
    [InlineData("linux-7.2-fixed")]
    public void The_changes_leave_nothing_to_be_excused(string rules)
    {
        long scenarios = SuiteSettings.AreScenariosChosen ? SuiteSettings.Scenarios : 250;
        var campaign = new Campaign(new CampaignPlan(Find(rules), Profile.All, SuiteSettings.Seed, scenarios));
        Assert.Empty(campaign.Run().Select(finding => ScenarioText.Print(finding.Scenario)));
        Assert.All(campaign.Excused, excused => Assert.Equal(0, excused.Pages));
    }

    private static bool IsBroken(Scenario scenario, string rules) => ScenarioRunner.FirstFailure(scenario, Find(rules)) is not null;

    private static Fault Owner(string file) =>
        Faults.All.Where(fault => file.StartsWith(fault.Name, StringComparison.Ordinal)).MaxBy(fault => fault.Name.Length)
        ?? throw new InvalidOperationException($"{file}.rmap is of no fault.");

    private static ScenarioFile Read(string name)
    {
        string text = Checkout.Text($"{Folder}/{name}.rmap");
        Assert.True(ScenarioText.TryParse(text, $"{name}.rmap", out ScenarioFile? file, out ScenarioError? error), $"{error}");
        return file!;
    }

    private static Rules RulesOf(ScenarioFile file) => Find(file.Scenario.Rules!);

    private static Rules Find(string name) => RulesCatalogue.Linux.With(FaultRules.All).Find(name)!;
}
