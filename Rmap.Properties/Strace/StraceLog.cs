using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Rmap.Properties.Strace;

/// <summary>
/// A log of strace: its calls, in the order in which they took effect. That is the order in which they ended, but for a call that makes a
/// process: it took effect before the first line of the new one.
/// </summary>
/// <param name="Calls">The calls.</param>
/// <param name="Found">The processes that no call of the log has made, the first one first.</param>
/// <param name="Notes">What a reader of the log should know of it, a sentence each.</param>
internal sealed record StraceLog(IReadOnlyList<StraceCall> Calls, IReadOnlyList<long> Found, IReadOnlyList<string> Notes)
{
    private const string Expected = "a line of strace -f, such as '123 munmap(0x7f0000001000, 4096) = 0'; leave out options of strace that"
        + " print it otherwise, but -t, -tt, -ttt, -r, -T, -k, -i, -n, -y, -yy and -Y";

    /// <summary>Whether the first process was there before the log began.</summary>
    internal bool BeginsInTheMiddle => Calls.Count == 0 || Calls[0].Name is not ("execve" or "execveat");

    /// <summary>Reads a log. Whatever the text is, there is an answer.</summary>
    /// <param name="text">The log.</param>
    /// <param name="name">The file's name, for the error.</param>
    /// <param name="log">The log, or null.</param>
    /// <param name="error">The first thing that is wrong, or null.</param>
    internal static bool TryRead(
        string text, string name, [NotNullWhen(true)] out StraceLog? log, [NotNullWhen(false)] out ScenarioError? error)
    {
        log = null;
        var reader = new Reader();
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r');
            if (reader.Read(i + 1, line) is not (int column, string expected))
                continue;

            if (i == lines.Length - 1 && reader.HasCalls)
            {
                reader.Notes.Add(string.Create(CultureInfo.InvariantCulture, $"line {i + 1}, the last, is cut off: it is left out"));
                break;
            }

            string rest = line.Length > column + 40 ? line[column..(column + 40)] + "..." : line[column..];
            error = new ScenarioError(name, i + 1, column + 1, rest.Length == 0 ? "the end of the line" : $"'{rest}'", expected);
            return false;
        }

        error = null;
        log = reader.ToLog();
        return true;
    }

    private sealed class Reader
    {
        private readonly Dictionary<long, (int Line, string Name, string Text)> unfinished = [];
        private readonly List<(int Begun, StraceCall Call)> calls = [];
        private readonly Family family = new();
        private string broken = "";

        internal List<string> Notes { get; } = [];

        internal bool HasCalls => calls.Count > 0;

        /// <summary>Reads a line, and says in which column something else was expected.</summary>
        internal (int Column, string Expected)? Read(int number, string text)
        {
            StraceLine line = StraceLine.Of(broken + text);
            broken = "";
            if (line.Kind is StraceLineKind.Attached or StraceLineKind.Broken)
            {
                broken = line.Text;
                family.Attach(line.Pid);
                return null;
            }

            if (line.Kind == StraceLineKind.Unknown)
                return (Math.Min(line.Column, text.Length), Expected);

            if (line.Kind == StraceLineKind.Other && line.Pid is null)
                return null;

            long pid = family.Speaks(line.Pid, number, ends: line.Kind == StraceLineKind.Ended);
            switch (line.Kind)
            {
                case StraceLineKind.Begun:
                    unfinished[pid] = (number, line.Name, line.Text);
                    break;
                case StraceLineKind.Resumed:
                    return Resume(number, pid, line);
                case StraceLineKind.Ended:
                    unfinished.Remove(pid);
                    calls.Add((number, new StraceCall(number, line.Column + 1, pid, StraceCall.Ended, [], line.Result)));
                    break;
                case StraceLineKind.Whole:
                    Add(number, number, pid, line);
                    break;
            }

            return null;
        }

        private (int Column, string Expected)? Resume(int number, long pid, StraceLine line)
        {
            if (!unfinished.Remove(pid, out (int Line, string Name, string Text) begun))
                return family.HasJustCome(pid) ? null : (line.Column, "the end of a call that this process has begun");

            StraceLine whole = StraceLine.Call(begun.Text + line.Text, pid, line.Column);
            if (begun.Name != line.Name || whole.Kind != StraceLineKind.Whole)
                return (line.Column, "the end of a call that this process has begun");

            Add(number, begun.Line, pid, whole);
            return null;
        }

        private void Add(int number, int begun, long pid, StraceLine line)
        {
            string name = line.Name switch
            {
                "old_mmap" or "mmap2" => "mmap",
                "syscall_0x1ce" => "mseal",
                _ => line.Name,
            };
            var call = new StraceCall(number, line.Column + 1, pid, name, ArgumentList.Split(line.Text), line.Result);
            calls.Add((begun, call));
            if (call.MakesProcess && call.Succeeded)
                family.Make(begun, calls.Count - 1, call);
        }

        internal StraceLog ToLog()
        {
            family.FindChildren(Notes);
            IEnumerable<(double Effect, StraceCall Call)> effects = calls.Select((each, index) =>
            {
                StraceCall call = each.Call;
                return family.ChildOf(index) is not (long child, int first) ? (call.Line, call)
                    : (first == 0 ? call.Line : Math.Min(call.Line, first - 0.5), call with { Child = child });
            });
            return new StraceLog([.. effects.OrderBy(each => each.Effect).Select(each => each.Call)], family.Found, Notes);
        }
    }
}
