using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Rmap.Properties.Strace;

/// <summary>A system call that came to its end, or the end of a process.</summary>
/// <param name="Line">The line of the log that says what came of it.</param>
/// <param name="Pid">Who; 0 in a log without process numbers.</param>
/// <param name="Name">The call; <see cref="StraceLog.Ended"/> for the end of a process.</param>
/// <param name="Arguments">As strace prints them.</param>
/// <param name="Result">What it returned, as strace prints it.</param>
internal sealed record StraceCall(int Line, long Pid, string Name, IReadOnlyList<string> Arguments, string Result)
{
    /// <summary>Whether it did what was asked.</summary>
    internal bool Succeeded => !Result.StartsWith('-') && !Result.StartsWith('?');

    /// <summary>Whether it makes a process or a thread.</summary>
    internal bool MakesProcess => Name is "fork" or "vfork" or "clone" or "clone3";
}

/// <summary>
/// A log of <c>strace -f</c>: its calls, in the order in which they took effect. That is the order in which they ended, but for a call
/// that makes a process: it took effect before the first line of the new one.
/// </summary>
internal static partial class StraceLog
{
    /// <summary>Stands for the end of a process where the name of a call does.</summary>
    internal const string Ended = "+++";

    /// <summary>Reads a log. Whatever the text is, there is an answer.</summary>
    /// <param name="text">The log.</param>
    /// <param name="name">The file's name, for the error.</param>
    /// <param name="calls">The calls, or null.</param>
    /// <param name="error">The first thing that is wrong, or null.</param>
    internal static bool TryRead(
        string text, string name, [NotNullWhen(true)] out IReadOnlyList<StraceCall>? calls, [NotNullWhen(false)] out ScenarioError? error)
    {
        calls = null;
        var reader = new Reader();
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            if (reader.Read(++number, line.TrimEnd('\r')) is (int column, string expected))
            {
                string rest = line.Length > column + 40 ? line[column..(column + 40)] + "..." : line[column..];
                error = new ScenarioError(name, number, column + 1, rest.Length == 0 ? "the end of the line" : $"'{rest}'", expected);
                return false;
            }
        }

        error = null;
        calls = reader.InOrderOfEffect();
        return true;
    }

    [GeneratedRegex(@"^(?:\[pid\s+(\d+)\]\s+|(\d+)\s+)?")]
    private static partial Regex Who { get; }

    [GeneratedRegex(@"^(\w+)\((.*)\)\s+= (.+)$")]
    private static partial Regex Whole { get; }

    [GeneratedRegex(@"^(\w+)\((.*?)\s*<unfinished \.\.\.>$")]
    private static partial Regex Begun { get; }

    [GeneratedRegex(@"^<\.\.\. (\w+) resumed>(.*)$")]
    private static partial Regex Resumed { get; }

    private sealed class Reader
    {
        private readonly Dictionary<long, (int Line, string Name, string Text)> unfinished = [];
        private readonly Dictionary<long, List<int>> seen = [];
        private readonly List<(int Begun, StraceCall Call)> calls = [];

        /// <summary>Reads a line, and says in which column something else was expected.</summary>
        internal (int Column, string Expected)? Read(int number, string line)
        {
            if (line.Length == 0 || line.StartsWith("strace: ", StringComparison.Ordinal))
                return null;

            Match who = Who.Match(line);
            long pid = long.TryParse(who.Groups[1].Value + who.Groups[2].Value, CultureInfo.InvariantCulture, out long id) ? id : 0;
            string rest = line[who.Length..];
            if (!seen.TryGetValue(pid, out List<int>? lines))
                seen.Add(pid, lines = []);

            lines.Add(number);
            if (rest.StartsWith("---", StringComparison.Ordinal))
                return null;

            if (rest.StartsWith(Ended, StringComparison.Ordinal))
            {
                unfinished.Remove(pid);
                calls.Add((number, new StraceCall(number, pid, Ended, [], rest)));
                return null;
            }

            if (Begun.Match(rest) is { Success: true } begun)
            {
                unfinished[pid] = (number, begun.Groups[1].Value, begun.Value[..^"<unfinished ...>".Length].TrimEnd());
                return null;
            }

            return Finish(number, pid, rest) ? null : (who.Length, Resumed.IsMatch(rest)
                ? "the end of a call that this process has begun"
                : "a line of strace -f, such as '123 munmap(0x7f0000001000, 4096) = 0'");
        }

        private bool Finish(int number, long pid, string text)
        {
            int begun = number;
            if (Resumed.Match(text) is { Success: true } resumed)
            {
                if (!unfinished.Remove(pid, out (int Line, string Name, string Text) open) || open.Name != resumed.Groups[1].Value)
                    return false;

                begun = open.Line;
                text = open.Text + resumed.Groups[2].Value;
            }

            Match whole = Whole.Match(text);
            if (whole.Success)
            {
                calls.Add((begun, new StraceCall(
                    number, pid, whole.Groups[1].Value, Split(whole.Groups[2].Value), whole.Groups[3].Value)));
            }

            return whole.Success;
        }

        internal IReadOnlyList<StraceCall> InOrderOfEffect() =>
            [.. calls.OrderBy(call => Effect(call.Begun, call.Call)).Select(call => call.Call)];

        /// <summary>The line at which a call took effect; half a line earlier if it made the process whose line that is.</summary>
        private double Effect(int begun, StraceCall call)
        {
            if (!call.MakesProcess || !long.TryParse(call.Result, CultureInfo.InvariantCulture, out long child)
                || !seen.TryGetValue(child, out List<int>? lines))
            {
                return call.Line;
            }

            int first = lines.Find(line => line > begun);
            return first == 0 ? call.Line : Math.Min(call.Line, first - 0.5);
        }

        /// <summary>Arguments are separated by commas, but for those inside brackets, quotes and the path of a descriptor.</summary>
        private static List<string> Split(string text)
        {
            List<string> arguments = [];
            int depth = 0, from = 0;
            char closes = '\0';
            for (int i = 0; i <= text.Length; i++)
            {
                char c = i == text.Length ? ',' : text[i];
                if (i == text.Length || (c == ',' && depth == 0 && closes == '\0'))
                {
                    arguments.Add(text[from..i].Trim());
                    from = i + 1;
                }
                else if (closes != '\0')
                {
                    closes = c == closes && text[i - 1] != '\\' ? '\0' : closes;
                }
                else if (c == '"' || (c == '<' && i > 0 && char.IsAsciiDigit(text[i - 1])))
                {
                    closes = c == '"' ? '"' : '>';
                }
                else
                {
                    depth += c is '[' or '{' or '(' ? 1 : c is ']' or '}' or ')' ? -1 : 0;
                }
            }

            return arguments;
        }
    }
}
