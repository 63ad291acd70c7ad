using System.Globalization;
using System.Text;
using Rmap.Properties.Running;
using Rmap.Regressions.Scenarios;

namespace Rmap.Regressions.Merges;

/// <summary>
/// When neighbours become one VMA, and when they do not: the table of what was observed on real kernels, and each way of changing a
/// range next to each kind of neighbour. Snapshots draw the address spaces after every operation, under the rules of four versions;
/// where those differ, one below the other.
/// </summary>
[Trait("Speed", "Quick")]
public class MergeTests
{
    private const string Folder = "Merges";

    /// <summary>How wide the names of versions are.</summary>
    private const int NameColumn = 14;

    private static readonly IReadOnlyList<Rules> Versions = [new Linux612(), new Linux618(), new Linux72(), new Linux73()];

    public static TheoryData<string> Names => [.. MergeTable.Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Looks_as_approved(string name) =>
        Verify(Draw(StoredScenario.Read(Folder, name))).UseDirectory("Snapshots").UseFileName(name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Leaves_as_many_VMAs_as_the_table_says(string name)
    {
        StoredScenario stored = StoredScenario.Read(Folder, name);
        string[] expected = MergeTable.Rows[name];
        for (int i = 0; i < Versions.Count; i++)
        {
            var run = new CheckedMachine(Versions[i], stored.File.Scenario.Options);
            foreach ((int done, Step step) in stored.File.Scenario.Steps.Index())
            {
                Execute(run, step);
                stored.AssertSeen(done + 1, run.Machine);
            }

            string counts = string.Join(
                ", ",
                run.Machine.Processes.Select(process =>
                    string.Create(CultureInfo.InvariantCulture, $"{process.Id} {process.Mm.Vmas.Count}")));
            Assert.Equal($"{Versions[i].Name}: {expected[Math.Min(i, expected.Length - 1)]}", $"{Versions[i].Name}: {counts}");
        }
    }

    [Fact]
    public void The_table_and_the_files_are_the_same()
    {
        Assert.Equal(StoredScenario.In(Folder), MergeTable.Rows.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(StoredScenario.SnapshotsWithoutOne(Folder, "Snapshots"));
    }

    private static string Draw(StoredScenario stored)
    {
        int pages = (int)Versions.Max(rules => LastEnd(stored.File.Scenario, rules));
        List<List<string>> drawn = [.. Versions.Select(rules => DrawSteps(stored.File.Scenario, rules, pages))];
        int next = 0;
        IEnumerable<string> told = stored.Told(step =>
        {
            string ruler = next == 0 ? $"\n{"",NameColumn}{AddressSpaceStrip.Ruler(pages)}\n" : "";
            IReadOnlyList<string> versions = [.. drawn.Select(version => version[next])];
            next++;
            return $"{ruler}{ScenarioText.Print(step.Operation)}\n{SideBySide(versions)}";
        });
        return $"{string.Join('\n', told).TrimEnd()}\n\n{AddressSpaceStrip.Legend}";
    }

    /// <summary>The end of the highest VMA that there ever is.</summary>
    private static long LastEnd(Scenario scenario, Rules rules)
    {
        var machine = new Machine(rules, scenario.Options);
        long end = 0;
        foreach (Step step in scenario.Steps)
        {
            machine.Execute(step.Operation);
            end = machine.Processes.SelectMany(process => process.Mm.Vmas).Select(vma => vma.End.Number).Append(end).Max();
        }

        return end;
    }

    /// <summary>After each step the outcome and a strip for each process.</summary>
    private static List<string> DrawSteps(Scenario scenario, Rules rules, int pages)
    {
        var run = new CheckedMachine(rules, scenario.Options);
        var strip = new AddressSpaceStrip(new StateNames());
        List<string> drawn = [];
        foreach (Step step in scenario.Steps)
        {
            Outcome outcome = Execute(run, step);
            IEnumerable<string> strips = run.Machine.Processes.Select(process => strip.Draw(process, pages));
            drawn.Add($"=> {outcome}\n{string.Join('\n', strips)}");
        }

        return drawn;
    }

    /// <summary>What all versions do once, or else each version's lines behind its name.</summary>
    private static string SideBySide(IReadOnlyList<string> drawn)
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, int> alike in Enumerable.Range(0, drawn.Count).GroupBy(version => drawn[version]))
        {
            string versions = alike.Count() == drawn.Count
                ? ""
                : string.Join(' ', alike.Select(version => Versions[version].Name.Replace("linux-", "", StringComparison.Ordinal)));
            foreach (string line in alike.Key.Split('\n'))
            {
                text.Append(versions.PadRight(NameColumn)).Append(line).Append('\n');
                versions = "";
            }
        }

        return text.ToString();
    }

    private static Outcome Execute(CheckedMachine run, Step step)
    {
        Violation? violation = run.Execute(step.Operation, out Outcome? outcome);
        Assert.True(violation is null, $"{ScenarioText.Print(step.Operation)}: {violation?.Invariant.Id} does not hold");
        Assert.True(step.Accepts(outcome!), $"{ScenarioText.Print(step.Operation)}: expected {step.Expected}, got {outcome}");
        return outcome!;
    }
}
