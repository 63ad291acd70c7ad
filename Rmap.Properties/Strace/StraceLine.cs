using System.Globalization;
using System.Text.RegularExpressions;

namespace Rmap.Properties.Strace;

/// <summary>What a line of a log is.</summary>
internal enum StraceLineKind
{
    /// <summary>None that strace prints.</summary>
    Unknown,

    /// <summary>Nothing to do with memory: a signal, a stack trace, a message.</summary>
    Other,

    /// <summary>The message that a process is traced from here on.</summary>
    Attached,

    /// <summary>A call that strace's own message has cut in two; it goes on in the next line.</summary>
    Broken,

    /// <summary>A whole call.</summary>
    Whole,

    /// <summary>The beginning of a call.</summary>
    Begun,

    /// <summary>The end of a call.</summary>
    Resumed,

    /// <summary>The end of a process.</summary>
    Ended,
}

/// <summary>
/// A line of a log of strace, with or without what its options put before and behind the call: <c>-f</c>, <c>-Y</c>, <c>-t</c>, <c>-tt</c>,
/// <c>-ttt</c>, <c>-r</c>, <c>-n</c>, <c>-i</c>, <c>-T</c>, <c>-k</c>.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Pid">Whose line it is, or who is attached; null if it does not say.</param>
/// <param name="Column">Where the call begins, from 0.</param>
/// <param name="Name">The call.</param>
/// <param name="Text">What it says of the arguments; of a broken line all.</param>
/// <param name="Result">What it returned, or how the process ended.</param>
internal sealed partial record StraceLine(
    StraceLineKind Kind, long? Pid, int Column, string Name = "", string Text = "", string Result = "")
{
    /// <summary>Reads a line.</summary>
    internal static StraceLine Of(string line)
    {
        if (line.Length == 0 || Message.IsMatch(line))
            return new StraceLine(StraceLineKind.Other, null, 0);

        Match attached = Attached.Match(line);
        if (attached.Success)
        {
            string before = line[..attached.Index];
            return new StraceLine(
                before.Length == 0 ? StraceLineKind.Attached : StraceLineKind.Broken, Number(attached.Groups[1].Value), 0, Text: before);
        }

        Match start = Start.Match(line);
        return Call(line[start.Length..], Number(start.Groups["pid"].Value), start.Length);
    }

    /// <summary>The call whose name and beginning are known, with its end.</summary>
    internal static StraceLine Call(string text, long? pid, int column)
    {
        if (text.StartsWith("+++", StringComparison.Ordinal))
            return new StraceLine(StraceLineKind.Ended, pid, column, Result: text);

        if (text.StartsWith("---", StringComparison.Ordinal))
            return new StraceLine(StraceLineKind.Other, pid, column);

        if (Begun.Match(text) is { Success: true } begun)
        {
            // A call under way when strace lets go of the process has no end.
            bool isLeft = begun.Groups[3].Value == "detached";
            return new StraceLine(
                isLeft ? StraceLineKind.Other : StraceLineKind.Begun, pid, column, begun.Groups[1].Value,
                $"{begun.Groups[1]}({begun.Groups[2]}");
        }

        if (Resumed.Match(text) is { Success: true } resumed)
            return new StraceLine(StraceLineKind.Resumed, pid, column, resumed.Groups[1].Value, resumed.Groups[2].Value);

        return Whole.Match(text) is { Success: true } whole
            ? new StraceLine(
                StraceLineKind.Whole, pid, column, whole.Groups[1].Value, whole.Groups[2].Value,
                TimeSpent.Replace(whole.Groups[3].Value, ""))
            : new StraceLine(StraceLineKind.Unknown, pid, column);
    }

    private static long? Number(string digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
        ? number : null;

    /// <summary>Process, time, and what stands in brackets: the number of the call, the instruction pointer.</summary>
    [GeneratedRegex(
        @"^\s*(?:\[pid\s+(?<pid>\d+)(?:<.*?>)?\]\s+|(?<pid>\d+)(?:<.*?>)?\s+)?"
        + @"(?:\d\d:\d\d:\d\d(?:\.\d+)?\s+|\d+\.\d+\s+)?(?:\(\+\s*\d+\.\d+\)\s+)?(?:\[[^\]()]*\]\s+)*")]
    private static partial Regex Start { get; }

    /// <summary>strace's own messages, and the lines of a stack trace.</summary>
    [GeneratedRegex(@"^(?:\s+> |\[ Process PID=|(?:strace: )?Process \d+(?:<.*>)? detached|strace: (?!Process \d+(?:<.*>)? attached))")]
    private static partial Regex Message { get; }

    [GeneratedRegex(@"(?:strace: |^)Process (\d+)(?:<.*>)? attached(?: .*)?$")]
    private static partial Regex Attached { get; }

    [GeneratedRegex(@"^([\w?]+)\((.*?)\s*<(unfinished|detached) \.\.\.>$")]
    private static partial Regex Begun { get; }

    [GeneratedRegex(@"^<\.\.\. ([\w?]+) resumed>(.*)$")]
    private static partial Regex Resumed { get; }

    [GeneratedRegex(@"^([\w?]+)\((.*?)\s*(?:<unfinished \.\.\.>)?\)\s+= (.+)$")]
    private static partial Regex Whole { get; }

    [GeneratedRegex(@"\s+<\d+\.\d+>\s*$")]
    private static partial Regex TimeSpent { get; }
}
