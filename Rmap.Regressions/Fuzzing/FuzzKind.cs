using System.Runtime.CompilerServices;
using System.Text;
using Rmap.Properties.Running;
using Rmap.Properties.Strace;
using Rmap.Regressions.Recordings;
using Rmap.Regressions.Scenarios;

namespace Rmap.Regressions.Fuzzing;

/// <summary>A kind of input: what is damaged, and what must become of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Read">The project's own inputs of the kind.</param>
/// <param name="MostLines">Of so many lines an input consists, at most.</param>
/// <param name="Try">
/// Does with an input what the project does with inputs of the kind; what does not hold then, or null. Whether it is refused or carried
/// out, both are right.
/// </param>
internal sealed record FuzzKind(string Name, Func<IReadOnlyList<byte[]>> Read, int MostLines, Func<byte[], FuzzCounts, string?> Try)
{
    /// <summary>What a damaged scenario may use: a larger memory takes longer to fill, and nothing else happens there.</summary>
    private const int Frames = 1 << 11;

    /// <summary>A recording is looked at from many sides after each step; a long one takes long.</summary>
    private const int LongestRecording = 60_000;

    /// <summary>All kinds.</summary>
    internal static IReadOnlyList<FuzzKind> All { get; } =
    [
        new("scenario", Scenarios, MostLines: 60, TryScenario),
        new("strace", Logs, MostLines: 80, TryLog),
        new("recording", Recordings, MostLines: int.MaxValue, TryRecording),
    ];

    private readonly Lazy<IReadOnlyList<byte[]>> inputs = new(Read);

    /// <summary>The inputs.</summary>
    internal IReadOnlyList<byte[]> Inputs => inputs.Value;

    private static IReadOnlyList<byte[]> Scenarios() =>
    [
        .. from folder in new[] { "Scenarios", "Merges" }
           from name in StoredScenario.In(folder)
           select Encoding.UTF8.GetBytes(string.Join('\n', StoredScenario.Read(folder, name).Lines)),
    ];

    private static IReadOnlyList<byte[]> Logs() =>
        [.. Directory.GetFiles(Path.Combine(Folder(), "..", "Programs"), "*.strace", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static IReadOnlyList<byte[]> Recordings() =>
    [
        .. RecordingFile.Committed().Where((_, index) => index % 9 == 0).Select(file => file.Bytes())
            .Where(bytes => bytes.Length <= LongestRecording),
    ];

    private static string? TryScenario(byte[] input, FuzzCounts counts)
    {
        if (!ScenarioText.TryParse(input, "input", out ScenarioFile? file, out _))
            return null;

        Scenario scenario = file.Scenario;
        return ScenarioText.Parse(ScenarioText.Print(scenario)).Equals(scenario)
            ? Carried(scenario, RulesCatalogue.Linux.Find(scenario.Rules ?? "") ?? RulesCatalogue.Linux.Default, counts)
            : "It is read as something else once it was printed.";
    }

    private static string? TryLog(byte[] input, FuzzCounts counts) =>
        StraceScenario.TryRead(Encoding.UTF8.GetString(input), "input", out StraceScenario? read, out _)
            ? Carried(ScenarioText.Parse(ScenarioText.Print(read.Scenario)), RulesCatalogue.Linux.Default, counts)
            : null;

    private static string? TryRecording(byte[] input, FuzzCounts counts)
    {
        try
        {
            Recording recording = RecordingReader.Parse(input, "input");
            counts.Carried(recording.Steps.Count);
            recording = recording with { Options = recording.Options with { Frames = Frames } };
            return Replay.Run(recording).Differences.Select(difference => difference.ToString()!)
                .FirstOrDefault(difference => difference.Contains("Exception (", StringComparison.Ordinal));
        }
        catch (RecordingFormatException)
        {
            return null;
        }
    }

    /// <summary>Carries a scenario out with all invariants checked, and prints all that can be printed of it.</summary>
    private static string? Carried(Scenario scenario, Rules rules, FuzzCounts counts)
    {
        counts.Carried(scenario.Steps.Length);
        var run = new CheckedMachine(rules, scenario.Options with { Frames = Math.Min(scenario.Options.Frames, Frames) });
        for (int i = 0; i < scenario.Steps.Length; i++)
        {
            if (run.Execute(scenario.Steps[i].Operation, out _) is { } violation)
                return $"{violation.Invariant.Id} after {ScenarioText.Print(scenario.Steps[i].Operation)}: saw {violation.Saw}";
        }

        StateText.Of(run.Machine);
        MermaidText.Of(run.Machine);
        CText.Of(scenario);
        return null;
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

/// <summary>What became of inputs.</summary>
internal sealed class FuzzCounts
{
    private long tried, carriedOut, operations;

    /// <summary>Inputs tried.</summary>
    internal long Tried => Interlocked.Read(ref tried);

    /// <summary>Of these, those that were no errors.</summary>
    internal long CarriedOut => Interlocked.Read(ref carriedOut);

    /// <summary>The operations of those.</summary>
    internal long Operations => Interlocked.Read(ref operations);

    internal void Try() => Interlocked.Increment(ref tried);

    internal void Carried(int steps)
    {
        Interlocked.Increment(ref carriedOut);
        Interlocked.Add(ref operations, steps);
    }
}
