using System.Text;
using Rmap.Properties.Reporting;
using Rmap.Properties.Running;

namespace Rmap.Regressions.Scenarios;

/// <summary>
/// Each part of reverse mapping as a small scenario: all invariants and all contents are checked after every operation, what the file
/// expects is compared, and what happens to the structures that it <c>shows</c> is approved as a snapshot. All others are guarded by
/// <see cref="StateHashTests"/>.
/// </summary>
[Trait("Speed", "Quick")]
public class ScenarioTests
{
    private const string Folder = "Scenarios";

    /// <summary>So many lines of snapshots a person can have read before approving them.</summary>
    private const int MostLines = 10_000;

    public static TheoryData<string> Names => [.. StoredScenario.In(Folder)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Happens_as_approved(string name) =>
        Verify(Tell(StoredScenario.Read(Folder, name))).UseDirectory("Snapshots").UseFileName(name);

    public static TheoryData<string> OtherVersions => [.. RulesCatalogue.Linux.Names.Skip(1)];

    /// <summary>What a version of Linux does otherwise than the default, first.</summary>
    [Theory]
    [MemberData(nameof(OtherVersions))]
    public Task Differs_from_the_default_as_approved(string version) =>
        Verify(string.Join('\n', Differences(version))).UseDirectory("Versions").UseFileName(version);

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

    [Fact]
    public void The_snapshots_are_short_enough_to_be_read()
    {
        int lines = StoredScenario.LinesIn(Folder, "Snapshots") + StoredScenario.LinesIn(Folder, "Versions");
        Assert.True(
            lines <= MostLines,
            $"The snapshots of scenarios have {lines} lines, and {MostLines} are as many as anybody reads: "
            + "let the longest of them show fewer sections (docs/regressions.md). The hashes guard what they do not show.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Says_what_it_is_about(string name) =>
        Assert.NotEqual(StateSections.None, StoredScenario.Read(Folder, name).File.Scenario.Shows);

    /// <summary>The scenario with the outcome of each operation and what it changed of that which the scenario is about.</summary>
    private static string Tell(StoredScenario stored)
    {
        var run = new CheckedMachine(stored.Rules, stored.File.Scenario.Options);
        var names = new StateNames();
        string state = StateText.Of(run.Machine, names);
        int after = 0;
        stored.AssertSeen(after, run.Machine);
        return string.Join('\n', stored.Told(step =>
        {
            Outcome outcome = Execute(run, step, names);
            stored.AssertSeen(++after, run.Machine);
            string before = state;
            state = StateText.Of(run.Machine, names);
            string changed = Indented(StateDiff.Of(before, state, stored.File.Scenario.Shows));
            return $"{ScenarioText.Print(step.Operation)} => {outcome}\n{changed}".TrimEnd('\n');
        }));
    }

    /// <summary>
    /// One of each kind is told as a whole; another operation of that kind, with such an outcome and in those sections, is only named.
    /// </summary>
    private static IEnumerable<string> Differences(string version)
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in StoredScenario.In(Folder))
        {
            if (Difference(StoredScenario.Read(Folder, name), version) is not var (operation, outcome, not, state))
                continue;

            string line = $"{ScenarioText.Print(operation)} => {outcome}{not}";
            string sections = string.Concat(state.Split('\n').Where(section => section.Length > 0 && section.All(char.IsAsciiLetterUpper)));
            string kind = $"{operation.GetType().Name} {(not.Length > 0 ? $"{outcome}{not}" : "")} {sections}";
            yield return told.TryAdd(kind, name) ? $"{name}\n{line}\n{Indented(state)}" : $"{name}\n{line}\n      as in {told[kind]}\n";
        }
    }

    /// <summary>The first operation that comes out otherwise under the rules of another version, and how; null if none does.</summary>
    private static (Operation Operation, Outcome Outcome, string Not, string State)? Difference(StoredScenario stored, string version)
    {
        var usual = new CheckedMachine(RulesCatalogue.Linux.Default, stored.File.Scenario.Options);
        var other = new CheckedMachine(RulesCatalogue.Linux.Find(version)!, stored.File.Scenario.Options);
        var (names, otherNames) = (new StateNames(), new StateNames());
        (Operation, Outcome, string, string)? first = null;
        foreach (Step step in stored.File.Scenario.Steps)
        {
            Assert.Null(usual.Execute(step.Operation, out Outcome? outcome));
            Assert.Null(other.Execute(step.Operation, out Outcome? otherwise));
            if (first is null)
            {
                string state = StateDiff.Of(StateText.Of(usual.Machine, names), StateText.Of(other.Machine, otherNames));
                string not = outcome!.Equals(otherwise) ? "" : $", not {outcome}";
                first = not.Length + state.Length == 0 ? null : (step.Operation, otherwise!, not, state);
            }
        }

        return first;
    }

    /// <summary>The operations, and the structures that they lead to as a diagram.</summary>
    private static string Draw(StoredScenario stored)
    {
        var run = new CheckedMachine(stored.Rules, stored.File.Scenario.Options);
        var names = new StateNames();
        foreach (Step step in stored.File.Scenario.Steps)
            Execute(run, step, names);

        Scenario scenario = stored.File.Scenario;
        string operations = ScenarioText.Print(new Scenario(scenario.Steps, scenario.Options, scenario.Rules));
        return $"# {stored.Name}\n\n{stored.Heading}\n\n```\n{operations}```\n\n```mermaid\n{MermaidText.Of(run.Machine, names)}```";
    }

    private static Outcome Execute(CheckedMachine run, Step step, StateNames names)
    {
        string line = ScenarioText.Print(step.Operation);
        Violation? violation = run.Execute(step.Operation, out Outcome? outcome);
        Assert.True(
            violation is null,
            violation is null ? "" : $"{line}: {violation.Invariant.Id} does not hold\n"
                + $"saw:      {names.Tell(violation.Saw)}\nexpected: {names.Tell(violation.Expected)}");
        Assert.True(step.Accepts(outcome!), $"{line}: expected {step.Expected}, got {outcome}");
        return outcome!;
    }

    private static string Indented(string block)
    {
        var text = new StringBuilder();
        foreach (string line in Fold.Repeated(block.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
            text.Append("    ").Append(line.TrimEnd()).Append('\n');

        return text.ToString();
    }
}
