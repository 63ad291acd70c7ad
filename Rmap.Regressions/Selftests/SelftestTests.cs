using Rmap.Properties.Running;
using Rmap.Regressions.Scenarios;

namespace Rmap.Regressions.Selftests;

/// <summary>
/// What the kernel's own tests of this area assert, by subject: each of their tests is a few lines, and an <c>exec</c> empties the memory
/// before the next one. All invariants are checked after every operation.
/// </summary>
public class SelftestTests
{
    private const string Folder = "Selftests";

    public static TheoryData<string> Names => [.. StoredScenario.In(Folder)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Holds(string name)
    {
        StoredScenario stored = StoredScenario.Read(Folder, name);
        var run = new CheckedMachine(stored.Rules, stored.File.Scenario.Options);
        foreach ((int index, Step step) in stored.File.Scenario.Steps.Index())
        {
            string place = $"{stored.File.Name}:{stored.File.Lines[index]}: {ScenarioText.Print(step.Operation)}";
            Violation? violation = run.Execute(step.Operation, out Outcome? outcome);
            Assert.True(violation is null, $"{place}: {violation?.Invariant.Id}, {violation?.Saw}");
            Assert.True(step.Accepts(outcome!), $"{place}: expected {step.Expected}, got {outcome}");
            stored.AssertSeen(index + 1, run.Machine);
        }
    }

    /// <summary>Each heading behind an empty line is one of the kernel's tests.</summary>
    [Fact]
    public void None_is_lost() => Assert.Equal(
        77, StoredScenario.In(Folder).Sum(name => StoredScenario.Read(Folder, name).Lines.Count(line => line.Length == 0)));
}
