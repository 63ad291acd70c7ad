using System.Globalization;
using System.Runtime.CompilerServices;
using Rmap.Properties.Defects;
using Rmap.Properties.Exploring;

namespace Rmap.Regressions.Defects;

/// <summary>
/// What the explorer found for a defect with all alphabets, in <c>Shortest/NAME.rmap</c>. Exploring takes minutes, so its results are
/// kept; <c>dotnet run --project Rmap.Regressions -c Release -- shortest</c> makes them anew.
/// </summary>
internal static class Shortest
{
    /// <summary>States after which no longer scenarios are tried with an alphabet.</summary>
    internal const int States = 4_000;

    /// <summary>Where they are kept.</summary>
    internal static string Folder { get; } = Path.Combine(Path.GetDirectoryName(ThisFile())!, "Shortest");

    /// <summary>The names of the defects of which one is kept.</summary>
    internal static IEnumerable<string> Names => (Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, "*.rmap") : [])
        .Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    /// <summary>The scenario that is kept for a defect; empty if none was met; null if the defect was not explored.</summary>
    internal static Scenario? Of(string name) =>
        File.Exists(PathOf(name)) ? ScenarioText.Parse(File.ReadAllText(PathOf(name)), name) : null;

    /// <summary>Operations of the shortest scenario that the explorer met for a defect; null if it met none.</summary>
    internal static int? Explored(Defect defect) => Of(defect.Name) is { Steps.Length: > 0 and var explored } ? explored : null;

    /// <summary>
    /// Operations of the shortest scenario known: the explorer's, else what kernel tests or another model had; null if there is neither.
    /// </summary>
    internal static int? Known(Defect defect) =>
        Explored(defect) ?? (defect.KnownShortest > 0 ? defect.KnownShortest : null);

    /// <summary>Explores a defect, no further than the suite's own repro is long, and keeps what comes of it.</summary>
    /// <returns>A line that tells what did.</returns>
    internal static string Explore(Defect defect, int states)
    {
        int repro = Detection.Of(defect).Length;
        var looked = new List<string>();
        Exploration? best = null;
        var limits = new ExplorationLimits(repro, states, ChecksCosts: defect.OnlyCosts is not null);
        foreach ((Alphabet alphabet, Exploration found) in Explorer.InTurn(defect, Alphabets.All, limits, invariant: null))
        {
            looked.Add(string.Create(CultureInfo.InvariantCulture, $"{alphabet} {found.Length}"));
            best = found.Shortest is null ? best : found;
        }

        Invariant? broken = best?.Failure!.Violation.Invariant;
        string heading = broken is null ? "None was met." : $"{broken.Id}: {broken.Sentence}";
        Scenario shortest = best?.Shortest ?? new Scenario([], Rules: defect.Name);
        Directory.CreateDirectory(Folder);
        File.WriteAllText(
            PathOf(defect.Name),
            ScenarioText.Print(shortest, $"{heading}\nNot in any scenario of so many operations: {string.Join(", ", looked)}."));
        return $"{defect.Name}: {(best is null ? "none met" : $"{shortest.Steps.Length} operations")}, the suite's repro has {repro}";
    }

    private static string PathOf(string name) => Path.Combine(Folder, $"{name}.rmap");

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
