using System.Text.RegularExpressions;

namespace Rmap.Regressions.Kernel;

/// <summary>Something other than answers.</summary>
/// <param name="Trouble">What.</param>
/// <param name="Step">The operation that was running; the number of operations if it came after the last.</param>
/// <param name="Text">The console's text, or what was no answer.</param>
internal sealed partial record Incident(Trouble Trouble, int Step, string Text)
{
    /// <summary>The line that names it: the same for the same fault, without what differs from run to run.</summary>
    internal string Title => Trouble switch
    {
        Trouble.Hang => "hang",
        Trouble.Garbage => "no answer",
        Trouble.Crash => "crash" + Because,
        _ => "complaint" + Because,
    };

    /// <summary>The console's text from the first complaint on, or all of it.</summary>
    internal string Told => Complaints().Match(Text) is { Success: true } found ? Text[found.Index..] : Text;

    private string Because =>
        Complaints().Match(Text) is { Success: true } found ? ": " + Changing().Replace(found.Value.Trim(), "") : "";

    /// <summary>Whether a kernel says on its console that something is wrong.</summary>
    internal static bool IsComplaint(string console) => Complaints().IsMatch(console);

    [GeneratedRegex(
        "(WARNING:|BUG:|kernel BUG|KASAN:|UBSAN:|[Bb]ad page|general protection|Oops|Kernel panic|list_(add|del) corruption).*")]
    private static partial Regex Complaints();

    [GeneratedRegex(@"\b(CPU|PID|UID|pid): ?\d+ ?|,? CPU#\d+: \S+|\+?0x[0-9a-f]+(/0x[0-9a-f]+)?|\b[0-9a-f]{8,16}\b")]
    private static partial Regex Changing();
}

/// <summary>A scenario to be run, under the name that its recording bears.</summary>
internal sealed record Sequence(Scenario Scenario, string Name = "scenario", long? Seed = null)
{
    public static implicit operator Sequence(Scenario scenario) => new(scenario);
}

/// <summary>What a kernel did with a scenario, in its own words.</summary>
/// <param name="Sequence">What was asked.</param>
/// <param name="Answers">What it answered: to the beginning, then to each operation.</param>
/// <param name="Incident">Why there is no more, or null.</param>
internal sealed record KernelRun(Sequence Sequence, IReadOnlyList<byte[]> Answers, Incident? Incident)
{
    internal Scenario Scenario => Sequence.Scenario;

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
