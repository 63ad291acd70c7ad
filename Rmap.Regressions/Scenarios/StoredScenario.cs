using Rmap.Properties.Running;

namespace Rmap.Regressions.Scenarios;

/// <summary>A scenario file of this project, with its comments.</summary>
internal sealed record StoredScenario(string Name, string Folder, IReadOnlyList<string> Lines, ScenarioFile File)
{
    /// <summary>What the file says about itself: the comments it begins with.</summary>
    internal string Heading => string.Join('\n', Lines.TakeWhile(IsComment).Select(line => line.TrimStart('#', ' ')));

    /// <summary>The rules it is meant for.</summary>
    internal Rules Rules => File.Scenario.Rules is not { } name
        ? RulesCatalogue.Linux.Default
        : RulesCatalogue.Linux.Find(name) ?? throw new InvalidOperationException($"{Name}.rmap is for {name}, which are no rules.");

    /// <summary>The names of the scenarios in a folder of this project.</summary>
    internal static IEnumerable<string> In(string folder) =>
        Directory.EnumerateFiles(PathOf(folder), "*.rmap").Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Order(StringComparer.Ordinal);

    /// <summary>The approved snapshots in a folder of this project that belong to no scenario beside it.</summary>
    internal static IEnumerable<string> SnapshotsWithoutOne(string folder, string snapshots) =>
        Directory.EnumerateFiles(Path.Combine(PathOf(folder), snapshots), "*.verified.*")
            .Select(file => Path.GetFileName(file).Split('.')[0]).Except(In(folder)).Order(StringComparer.Ordinal);

    /// <summary>How many lines the approved snapshots in a folder have.</summary>
    internal static int LinesIn(string folder, string snapshots) =>
        Directory.EnumerateFiles(Path.Combine(PathOf(folder), snapshots), "*.verified.*")
            .Sum(file => System.IO.File.ReadLines(file).Count());

    /// <summary>Reads one.</summary>
    internal static StoredScenario Read(string folder, string name)
    {
        string path = Path.Combine(PathOf(folder), $"{name}.rmap");
        string text = System.IO.File.ReadAllText(path);
        return ScenarioText.TryParse(text, $"{folder}/{name}.rmap", out ScenarioFile? file, out ScenarioError? error)
            ? new StoredScenario(name, folder, text.TrimEnd('\n').Split('\n'), file)
            : throw new FormatException(error.ToString());
    }

    /// <summary>
    /// The file's text with something told at each step: all other lines stay as they are, and so do comments behind an operation.
    /// </summary>
    /// <param name="tell">What replaces the operation's line, given the step.</param>
    internal IEnumerable<string> Told(Func<Step, string> tell)
    {
        int next = 0;
        for (int i = 0; i < Lines.Count; i++)
        {
            if (next == File.Lines.Count || File.Lines[next] != i + 1)
            {
                yield return Lines[i];
                continue;
            }

            int comment = Lines[i].IndexOf('#', StringComparison.Ordinal);
            string told = tell(File.Scenario.Steps[next++]);
            yield return comment < 0 ? told : $"{Lines[i][comment..]}\n{told}";
        }
    }

    /// <summary>The machine is seen as the file expects it behind so many operations.</summary>
    internal void AssertSeen(int after, Machine machine)
    {
        string unmet = string.Join('\n', Expectations.Unmet(File, after, machine));
        Assert.True(unmet.Length == 0, unmet);
    }

    private static bool IsComment(string line) => line.StartsWith('#');

    private static string PathOf(string folder) => Checkout.PathOf($"Rmap.Regressions/{folder}");
}
