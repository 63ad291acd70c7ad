using Rmap.Properties.Defects;
using Rmap.Properties.Running;

namespace Rmap.Regressions.Defects;

/// <summary>What is kept of the explorer is still so.</summary>
[Trait("Speed", "Quick")]
public class ShortestTests
{
    public static TheoryData<string> Names => [.. Shortest.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_shortest_scenario_breaks_an_invariant_at_its_end_and_none_on_sound_rules(string name)
    {
        Defect? defect = DefectCatalogue.All.SingleOrDefault(defect => defect.Name == name);
        Assert.True(defect is not null, $"Defects/Shortest/{name}.rmap: there is no such defect. Delete the file.");
        Scenario shortest = Shortest.Of(name)!;
        Assert.Equal(name, shortest.Rules);
        Assert.Null(ScenarioRunner.FirstFailure(shortest, new Linux618()));
        if (shortest.Steps.Length > 0)
        {
            Assert.Equal(
                shortest.Steps.Length - 1,
                ScenarioRunner.FirstFailure(shortest, defect, checksCosts: defect.OnlyCosts is not null)?.Step);
        }
    }
}
