using System.Text.RegularExpressions;

namespace Rmap.Regressions.Scenarios;

/// <summary>
/// Makes a long change short enough to be read: where the same lines come again and again and differ in their numbers only, as of 40
/// pages that are mapped at once, the first and the last are left, and between them how many there were.
/// </summary>
internal static partial class Fold
{
    private const int LeastTimes = 4;
    private const int MostLines = 6;

    /// <summary>The lines that are left.</summary>
    internal static IEnumerable<string> Repeated(IReadOnlyList<string> lines)
    {
        string[] shapes = [.. lines.Select(line => Numbers().Replace(line, "#"))];
        for (int at = 0; at < lines.Count;)
        {
            (int count, int times) = Enumerable.Range(1, MostLines)
                .Select(count => (Count: count, Times: Times(shapes, at, count)))
                .Where(run => run.Times >= LeastTimes)
                .DefaultIfEmpty()
                .MaxBy(run => run.Count * run.Times);
            if (times == 0)
            {
                yield return lines[at++];
                continue;
            }

            int last = at + (count * (times - 1));
            string[] left = [.. lines.Skip(at).Take(count), $"  ... {times - 2} more like it", .. lines.Skip(last).Take(count)];
            foreach (string line in left)
                yield return line;

            at = last + count;
        }
    }

    /// <summary>How often as many lines as this come one after the other, from a place on.</summary>
    private static int Times(string[] shapes, int at, int count)
    {
        int times = 1;
        while (at + (count * (times + 1)) <= shapes.Length
            && shapes.AsSpan(at, count).SequenceEqual(shapes.AsSpan(at + (count * times), count)))
        {
            times++;
        }

        return times;
    }

    /// <summary>A number with the spaces that fill its column.</summary>
    [GeneratedRegex("[0-9]+ *")]
    private static partial Regex Numbers();
}
