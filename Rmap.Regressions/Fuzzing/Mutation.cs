using System.Text;
using Rmap.Properties.Generating;

namespace Rmap.Regressions.Fuzzing;

/// <summary>Damages an input in a few places, so that much of it still means something.</summary>
internal static class Mutation
{
    private const int MostEdits = 5;

    /// <summary>Numbers at which something ends.</summary>
    private static readonly string[] Extremes =
    [
        "0", "1", "-1", "255", "256", "511", "512", "65535", "2147483647", "-2147483648", "2147483648", "4294967295", "34359738367",
        "34359738368", "2251799813685247", "4503599627370495", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
        "18446744073709551615", "99999999999999999999999999", "0xffffffffffffffff", "0x7ffffffff000", "1.5",
    ];

    /// <summary>An input that has been damaged.</summary>
    /// <param name="input">The input.</param>
    /// <param name="other">Another one of its kind, of which lines are taken.</param>
    /// <param name="mostLines">So many of its lines are kept, from the first on, at most.</param>
    /// <param name="random">Where the choices come from.</param>
    internal static byte[] Of(byte[] input, byte[] other, int mostLines, ref SplitMix random)
    {
        List<string> lines = [.. Lines(input).Take(mostLines)];
        if (lines.Count > 2 && random.Chance(50))
            lines.RemoveRange(2, random.Below(lines.Count - 2));

        string[] others = Lines(other);
        for (int edits = 1 + random.Below(MostEdits); edits > 0; edits--)
            Edit(lines, others, ref random);

        string text = string.Join('\n', lines);
        return Encoding.Latin1.GetBytes(random.Chance(5) ? text[..random.Below(text.Length + 1)] : text);
    }

    /// <summary>Bytes as they are: each is a character.</summary>
    private static string[] Lines(byte[] input) => Encoding.Latin1.GetString(input).Split('\n');

    private static void Edit(List<string> lines, string[] others, ref SplitMix random)
    {
        int at = random.Below(lines.Count);
        string line = lines[at];
        switch (random.Below(10))
        {
            case 0 when line.Length > 0:
                int flipped = random.Below(line.Length);
                lines[at] = $"{line[..flipped]}{(char)(line[flipped] ^ (1 << random.Below(8)))}{line[(flipped + 1)..]}";
                break;
            case 1 when lines.Count > 1:
                lines.RemoveAt(at);
                break;
            case 2:
                int with = random.Below(lines.Count);
                (lines[at], lines[with]) = (lines[with], line);
                break;
            case 3:
                lines.Insert(random.Below(lines.Count + 1), line);
                break;
            case 4:
                lines.Insert(at, others[random.Below(others.Length)]);
                break;
            case 5:
                int from = random.Below(line.Length + 1);
                lines[at] = line.Remove(from, random.Below(line.Length - from + 1));
                break;
            default:
                lines[at] = WithExtreme(line, ref random);
                break;
        }
    }

    /// <summary>A number of the line, the first behind some place, is replaced.</summary>
    private static string WithExtreme(string line, ref SplitMix random)
    {
        int start = random.Below(line.Length + 1);
        while (start < line.Length && !char.IsAsciiDigit(line[start]))
            start++;

        int end = start;
        while (end < line.Length && char.IsAsciiHexDigit(line[end]))
            end++;

        return $"{line[..start]}{Extremes[random.Below(Extremes.Length)]}{line[end..]}";
    }
}
