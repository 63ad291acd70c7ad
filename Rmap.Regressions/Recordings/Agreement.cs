namespace Rmap.Regressions.Recordings;

/// <summary>How the model and one recording agree.</summary>
/// <param name="Name">The recording.</param>
/// <param name="Result">The replay, unless it is no recording.</param>
/// <param name="Malformed">Why it is no recording.</param>
internal sealed record Comparison(string Name, ReplayResult? Result, RecordingFormatException? Malformed)
{
    public bool Agrees => Result is { First: null };

    public override string ToString() => Malformed?.Message
        ?? $"{Name} ({Result!.Recording.Kernel}) {(Result.First is { } first ? $"differs at {first}" : "agrees")}";
}

/// <summary>What the replay of many recordings says.</summary>
internal static class Agreement
{
    /// <summary>Replays all recordings, on all cores. The answers stand in the order of the files.</summary>
    public static IReadOnlyList<Comparison> Of(IReadOnlyList<RecordingFile> files)
    {
        var comparisons = new Comparison[files.Count];
        Parallel.For(0, files.Count, i => comparisons[i] = Of(files[i]));
        return comparisons;
    }

    /// <summary>A line for each recording that differs, then the table.</summary>
    public static IEnumerable<string> Report(IReadOnlyList<Comparison> comparisons) =>
        comparisons.Where(each => !each.Agrees).Select(each => each.ToString())
            .Concat(Kernels(comparisons).SelectMany(kernel => Totals(kernel).Concat(Table(kernel))));

    /// <summary>The same with one line per kernel instead of the table.</summary>
    public static IEnumerable<string> Summary(IReadOnlyList<Comparison> comparisons) =>
        comparisons.Where(each => !each.Agrees).Select(each => each.ToString()).Concat(Kernels(comparisons).SelectMany(Totals));

    private static Comparison Of(RecordingFile file)
    {
        try
        {
            return new Comparison(file.Name, Replay.Run(file.Read()), null);
        }
        catch (RecordingFormatException malformed)
        {
            return new Comparison(file.Name, null, malformed);
        }
    }

    private static IEnumerable<IGrouping<string, ReplayResult>> Kernels(IEnumerable<Comparison> comparisons) =>
        comparisons.Select(each => each.Result).OfType<ReplayResult>().GroupBy(each => each.Recording.Kernel)
            .OrderBy(each => each.Key, StringComparer.Ordinal);

    private static IEnumerable<string> Totals(IGrouping<string, ReplayResult> kernel) =>
        [$"{kernel.Key}: {kernel.Count(each => each.First is null)} of {kernel.Count()} recordings agree, {Steps(kernel)} steps"];

    private static IEnumerable<string> Table(IGrouping<string, ReplayResult> kernel) =>
        Enum.GetValues<FieldKind>().Select(kind =>
            $"{kernel.Key}: {kind,-13} {kernel.Sum(each => (long)each.Agreeing[(int)kind])} of {Steps(kernel)} steps agree");

    private static long Steps(IEnumerable<ReplayResult> results) => results.Sum(each => (long)each.Steps);
}
