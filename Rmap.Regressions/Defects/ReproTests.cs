using Rmap.Properties.Defects;
using Rmap.Properties.Reporting;
using Rmap.Properties.Running;

namespace Rmap.Regressions.Defects;

/// <summary>
/// Each approved repro, replayed by itself, comes to its report again, and on sound rules to nothing: what <see cref="DefectTests"/>
/// find by generating and shrinking, in milliseconds.
/// </summary>
[Trait("Speed", "Quick")]
public class ReproTests
{
    public static TheoryData<string> Names => DefectTests.Faults;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_repro_comes_to_its_report_and_on_sound_rules_to_nothing(string name)
    {
        Defect defect = DefectCatalogue.All.Single(defect => defect.Name == name);
        string snapshot = Checkout.Text($"Rmap.Regressions/Defects/Snapshots/{name}.verified.txt");
        Scenario repro = ReproIn(snapshot);

        Assert.Equal(repro.Steps.Length - 1, ScenarioRunner.FirstFailure(repro, defect, checksCosts: defect.OnlyCosts is not null)?.Step);
        Assert.EndsWith($"\n\n{FailureReport.Of(repro, defect)}", snapshot, StringComparison.Ordinal);
        Assert.Null(ScenarioRunner.FirstFailure(repro, new Linux618()));
    }

    /// <summary>The indented lines below the heading of the scenario.</summary>
    private static Scenario ReproIn(string snapshot) => ScenarioText.Parse(string.Join(
        '\n',
        snapshot.Split('\n')
            .SkipWhile(line => !line.StartsWith("Shortest scenario found", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.Length > 0)));
}
