using System.Text;
using Rmap.Model;
using Rmap.Properties.Running;

namespace Rmap.Regressions.Scenarios;

/// <summary>
/// Each part of reverse mapping as a small scenario: all invariants and all contents are checked after every operation, what the file
/// expects is compared, and what happens to the structures is approved as a snapshot.
/// </summary>
public class ScenarioTests
{
    private const string Folder = "Scenarios";

    public static TheoryData<string> Names => [.. StoredScenario.In(Folder)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Happens_as_approved(string name) =>
        Verify(Tell(StoredScenario.Read(Folder, name))).UseDirectory("Snapshots").UseFileName(name);

    [Theory]
    [InlineData("anon-parent-and-two-children")]
    [InlineData("fork-inherits-anon-vmas")]
    [InlineData("ksm-two-unrelated-processes")]
    public Task Looks_as_approved(string name) =>
        Verify(Draw(StoredScenario.Read(Folder, name)), "md").UseDirectory("Pictures").UseFileName(name);

    [Fact]
    public void Every_snapshot_has_its_scenario()
    {
        Assert.Empty(StoredScenario.SnapshotsWithoutOne(Folder, "Snapshots"));
        Assert.Empty(StoredScenario.SnapshotsWithoutOne(Folder, "Pictures"));
    }

    /// <summary>The scenario with the outcome of each operation and what it changed, then the whole state.</summary>
    private static string Tell(StoredScenario stored)
    {
        var run = new CheckedMachine(stored.Rules, stored.File.Scenario.Options);
        var names = new StateNames();
        string state = StateText.Of(run.Machine, names);
        string told = string.Join('\n', stored.Told(step =>
        {
            Outcome outcome = Execute(run, step, names);
            string before = state;
            state = StateText.Of(run.Machine, names);
            return $"{ScenarioText.Print(step.Operation)} => {outcome}\n{Indented(StateDiff.Of(before, state))}";
        }));
        return $"{told.TrimEnd()}\n\n==== the whole state at the end ====\n\n{state.TrimEnd()}";
    }

    /// <summary>The operations, and the structures that they lead to as a diagram.</summary>
    private static string Draw(StoredScenario stored)
    {
        var run = new CheckedMachine(stored.Rules, stored.File.Scenario.Options);
        var names = new StateNames();
        foreach (Step step in stored.File.Scenario.Steps)
        {
            Execute(run, step, names);
        }

        string operations = ScenarioText.Print(stored.File.Scenario);
        return $"# {stored.Name}\n\n{stored.Heading}\n\n```\n{operations}```\n\n```mermaid\n{MermaidText.Of(run.Machine, names)}```";
    }

    private static Outcome Execute(CheckedMachine run, Step step, StateNames names)
    {
        string line = ScenarioText.Print(step.Operation);
        Violation? violation = run.Execute(step.Operation, out Outcome? outcome);
        Assert.True(
            violation is null,
            $"{line}: {violation?.Invariant.Id} does not hold\n"
            + $"saw:      {violation?.Saw.With(names)}\nexpected: {violation?.Expected.With(names)}");
        Assert.True(step.Accepts(outcome!), $"{line}: expected {step.Expected}, got {outcome}");
        return outcome!;
    }

    private static string Indented(string block)
    {
        var text = new StringBuilder();
        foreach (string line in block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append("    ").Append(line.TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
