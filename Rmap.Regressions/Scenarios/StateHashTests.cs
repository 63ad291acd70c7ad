using System.Security.Cryptography;
using System.Text;
using Rmap.Properties.Running;

namespace Rmap.Regressions.Scenarios;

/// <summary>
/// What the snapshots do not show is guarded, too: the outcome and the whole state after each operation of each scenario, under the
/// rules of each version, as a hash. One file has them all, so that a change that nobody meant is seen wherever it is.
/// </summary>
[Trait("Speed", "Quick")]
public class StateHashTests
{
    private const string Folder = "Scenarios";

    /// <summary>In the place of a hash that is that of the default version.</summary>
    private const string Same = "=";

    [Fact]
    public void Every_state_is_the_approved_one()
    {
        List<Line> lines = [.. StoredScenario.In(Folder).SelectMany(name => LinesOf(StoredScenario.Read(Folder, name)))];
        string received = string.Concat(lines.Select(line => $"{line}\n"));
        string approved = File.Exists(PathOf("verified")) ? File.ReadAllText(PathOf("verified")) : "";
        if (received != approved)
        {
            File.WriteAllText(PathOf("received"), received);
            Assert.Fail(Told(lines, approved.Split('\n')));
        }
    }

    private static IEnumerable<Line> LinesOf(StoredScenario stored)
    {
        Line? usual = null;
        foreach (string version in RulesCatalogue.Linux.Names)
        {
            IEnumerable<string> hashes = States(stored, version).Select(Hash);
            if (usual is null)
            {
                usual = new Line(stored, version, [.. hashes]);
                yield return usual;
            }
            else
            {
                yield return new Line(stored, version, [.. hashes.Zip(usual.Hashes, (hash, other) => hash == other ? Same : hash)]);
            }
        }
    }

    /// <summary>What comes of each operation, and the state behind it.</summary>
    private static IEnumerable<string> States(StoredScenario stored, string version)
    {
        var machine = new Machine(RulesCatalogue.Linux.Find(version), stored.File.Scenario.Options);
        var names = new StateNames();
        foreach (Step step in stored.File.Scenario.Steps)
        {
            Outcome outcome = machine.Execute(step.Operation);
            yield return $"{outcome}\n{StateText.Of(machine, names)}";
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];

    /// <summary>Each line that is another one, with the first operation whose hash is; for the first line the state to look at.</summary>
    private static string Told(List<Line> lines, string[] approved)
    {
        var told = new StringBuilder();
        string state = "";
        foreach (Line line in lines.Where(line => !approved.Contains(line.ToString())))
        {
            string expected = approved.FirstOrDefault(one => one.StartsWith(line.Key, StringComparison.Ordinal), line.Key);
            int first = line.Hashes.Zip(expected[line.Key.Length..].Split(' ')).TakeWhile(pair => pair.First == pair.Second).Count();
            if (first == line.Hashes.Count)
            {
                told.Append($"{line.Key}has fewer operations than approved\n");
                continue;
            }

            string operation = $"operation {first + 1}, {ScenarioText.Print(line.Stored.File.Scenario.Steps[first].Operation)}";
            told.Append($"{line.Key}{operation}\n");
            state = state.Length > 0 ? state : $"\n{line.Key}{operation} => {States(line.Stored, line.Version).ElementAt(first)}";
        }

        return $"The state is another one than approved behind\n{told}{state}\n"
            + "If that is meant, States.received.txt takes the place of States.verified.txt.";
    }

    private static string PathOf(string kind) => Checkout.PathOf($"Rmap.Regressions/{Folder}/States.{kind}.txt");

    private sealed record Line(StoredScenario Stored, string Version, IReadOnlyList<string> Hashes)
    {
        internal string Key => $"{Stored.Name} {Version} ";

        public override string ToString() => Key + string.Join(' ', Hashes);
    }
}
