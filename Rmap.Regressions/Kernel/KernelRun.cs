using System.Text.RegularExpressions;
using Rmap.Model;
using Rmap.Regressions.Recordings;

namespace Rmap.Regressions.Kernel;

/// <summary>Something other than answers.</summary>
/// <param name="Trouble">What.</param>
/// <param name="Step">The operation that was running; the number of operations if it came after the last.</param>
/// <param name="Text">The console's text, or what was no answer.</param>
internal sealed partial record Incident(Trouble Trouble, int Step, string Text)
{
    /// <summary>The line that names it: the same for the same fault, without addresses and numbers that differ from run to run.</summary>
    internal string Title =>
        Trouble switch
        {
            Trouble.Hang => "hang",
            Trouble.Garbage => "no answer",
            _ => Complaint(Text) is { } line ? $"{Word}: {line}" : Word,
        };

    private string Word => Trouble == Trouble.Crash ? "crash" : "complaint";

    /// <summary>The first line of a console text with which a kernel says that something is wrong, or null.</summary>
    internal static string? Complaint(string console) =>
        Complaints().Match(console) is { Success: true } found ? Numbers().Replace(found.Value.Trim(), "..") : null;

    [GeneratedRegex(@"(WARNING:|BUG:|kernel BUG|KASAN:|UBSAN:|Bad page|bad page|general protection|Oops|Kernel panic|page:\S+ refcount|list_(add|del) corruption|INFO: task).*")]
    private static partial Regex Complaints();

    [GeneratedRegex(@"0x[0-9a-f]+|\b[0-9a-f]{8,16}\b|(PID|pid|CPU|comm):? ?\S+")]
    private static partial Regex Numbers();
}

/// <summary>What a kernel did with a scenario, in its own words.</summary>
/// <param name="Scenario">What was asked.</param>
/// <param name="Answers">What it answered: to the beginning, then to each operation.</param>
/// <param name="Incident">Why there is no more, or null.</param>
internal sealed record KernelRun(Scenario Scenario, IReadOnlyList<byte[]> Answers, Incident? Incident)
{
    /// <summary>As a recording, of the steps there are.</summary>
    /// <exception cref="RecordingFormatException">An answer is none.</exception>
    internal Recording Read(HashSet<string> names)
    {
        Recording beginning = RecordingReader.ParseBeginning(Answers[0], names);
        return beginning with { Steps = [.. Answers.Skip(1).Select(answer => RecordingReader.ParseStep(answer, names))] };
    }

    /// <summary>As a recording's file.</summary>
    internal byte[] ToFile()
    {
        var file = new MemoryStream();
        file.Write(Answers[0].AsSpan()[..^1]); // the brace that ends it
        file.Write(",\"steps\":["u8);
        for (int i = 1; i < Answers.Count; i++)
        {
            file.Write(i == 1 ? "\n"u8 : ",\n"u8);
            file.Write(Answers[i]);
        }

        file.Write("\n]}\n"u8);
        return file.ToArray();
    }
}
