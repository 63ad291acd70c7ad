using System.Globalization;
using System.Text.RegularExpressions;

namespace Rmap.Properties.Strace;

/// <summary>A system call that came to its end, or the end of a process.</summary>
/// <param name="Line">The line of the log that says what came of it.</param>
/// <param name="Column">Where it stands in that line, from 1.</param>
/// <param name="Pid">Who; 0 in a log without process numbers.</param>
/// <param name="Name">The call; <see cref="Ended"/> for the end of a process.</param>
/// <param name="Arguments">As strace prints them.</param>
/// <param name="Result">What it returned, as strace prints it.</param>
internal sealed partial record StraceCall(int Line, int Column, long Pid, string Name, IReadOnlyList<string> Arguments, string Result)
{
    /// <summary>Stands for the end of a process where the name of a call does.</summary>
    internal const string Ended = "+++";

    /// <summary>Whether it did what was asked.</summary>
    internal bool Succeeded => !Result.StartsWith('-') && !Result.StartsWith('?');

    /// <summary>Whether it makes a process or a thread.</summary>
    internal bool MakesProcess => Name is "fork" or "vfork" or "clone" or "clone3";

    /// <summary>Of a call that makes a process: whether that shares the memory.</summary>
    internal bool SharesMemory =>
        Name == "vfork" || Arguments.Any(argument => argument.Contains("CLONE_VM", StringComparison.Ordinal));

    /// <summary>Of a call that makes a process: under which number its lines stand.</summary>
    internal long Child { get; init; }

    /// <summary>The errno of a call that failed, as a name; empty if strace saw none.</summary>
    internal string Errno => Refusal.Match(Result).Groups[1].Value;

    /// <summary>The number that it returned, without what strace says of it; null if it is none.</summary>
    internal long? Number =>
        long.TryParse(Result.AsSpan(0, Digits.Match(Result).Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number : null;

    /// <summary>The number that strace knows the new process by, where its namespace gives it another one.</summary>
    internal long? NumberForStrace => InNamespace.Match(Result) is { Success: true } found
        ? long.Parse(found.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^-\d+ (E[A-Z0-9]+)\b")]
    private static partial Regex Refusal { get; }

    [GeneratedRegex(@"^\d*")]
    private static partial Regex Digits { get; }

    [GeneratedRegex(@"/\* (\d{1,9}) in strace's PID NS \*/")]
    private static partial Regex InNamespace { get; }
}
