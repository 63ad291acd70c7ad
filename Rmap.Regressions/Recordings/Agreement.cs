using System.Text;

namespace Rmap.Regressions.Recordings;

/// <summary>What the replay of many recordings says, as text: a line for each that differs, and the table.</summary>
internal static class Agreement
{
    /// <summary>Replays all recordings, on all cores. Results stand in the order of the paths.</summary>
    public static IReadOnlyList<(string Path, ReplayResult Result)> ReplayAll(IReadOnlyList<string> paths)
    {
        var results = new (string, ReplayResult)[paths.Count];
        Parallel.For(0, paths.Count, i => results[i] = (paths[i], Replay.Run(RecordingReader.Read(paths[i]))));
        return results;
    }

    /// <summary>The recordings below a folder, or the one that a path names.</summary>
    public static IReadOnlyList<string> Find(string path) => File.Exists(path)
        ? [path]
        : [.. Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public static string Report(IReadOnlyList<(string Path, ReplayResult Result)> results)
    {
        var text = new StringBuilder();
        foreach ((string path, ReplayResult result) in results)
        {
            if (result.First is { } first)
            {
                text.Append($"{path}: {result.Recording.Kernel} {result.Recording.Name} {first}\n");
            }
        }

        return text.Append(Table(results)).ToString();
    }

    private static string Table(IReadOnlyList<(string Path, ReplayResult Result)> results)
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, ReplayResult> kernel in results.Select(each => each.Result).GroupBy(each => each.Recording.Kernel)
            .OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            long steps = kernel.Sum(each => (long)each.Steps);
            int whole = kernel.Count(each => each.First is null);
            text.Append($"{kernel.Key}: recordings: {whole} of {kernel.Count()} agree in every field\n");
            foreach (FieldKind kind in Enum.GetValues<FieldKind>())
            {
                long agreeing = kernel.Sum(each => (long)each.Agreeing[(int)kind]);
                text.Append($"{kernel.Key}: {kind,-13} {agreeing} of {steps} steps agree\n");
            }
        }

        return text.ToString();
    }
}
