using System.Text;
using Rmap.Properties.Running;

namespace Rmap.Properties.Reporting;

/// <summary>A folder of scenario files that once failed. They are replayed before anything new is tried.</summary>
/// <param name="folder">The folder; made when the first repro is saved.</param>
public sealed class ReproStore(string folder)
{
    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>The saved files, in order of their names.</summary>
    public IReadOnlyList<string> Files() =>
        Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder, "*.rmap").Order(StringComparer.Ordinal)] : [];

    /// <summary>Saves a repro, replacing one of the same invariant and rules, and says where.</summary>
    public string Save(Scenario scenario, Failure failure) =>
        Save(scenario, failure.Violation.Invariant.Id, $"{failure.Violation.Invariant.Id}: {failure.Violation.Invariant.Sentence}");

    /// <summary>Saves a repro, replacing one of the same kind and rules, and says where.</summary>
    /// <param name="scenario">The repro.</param>
    /// <param name="kind">What it shows, as part of a file's name.</param>
    /// <param name="heading">What it shows, as the file's first lines.</param>
    public string Save(Scenario scenario, string kind, string heading)
    {
        Directory.CreateDirectory(Folder);
        string file = Path.Combine(Folder, $"{scenario.Rules ?? "any"}-{kind}.rmap");
        string partial = file + ".partial";
        System.IO.File.WriteAllText(partial, ScenarioText.Print(scenario, heading), new UTF8Encoding(false));
        System.IO.File.Move(partial, file, overwrite: true);
        return file;
    }
}
