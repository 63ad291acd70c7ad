using System.Globalization;
using System.Text;
using Rmap.Regressions.Recordings;

namespace Rmap.Regressions.Kernel;

/// <summary>What a person reads about a disagreement of a kernel and the model.</summary>
internal static class DifferReport
{
    private const int MostLines = 24;

    /// <summary>Part of a file's name: the kernel's version and the kind of disagreement.</summary>
    internal static string FileName(Verdict verdict)
    {
        string kind = verdict.Differences.Count == 0 ? verdict.Incident!.Trouble.ToString() : verdict.Kind!;
        return $"kernel-{Version(verdict)}-{kind}".ToLowerInvariant();
    }

    /// <summary>What it shows.</summary>
    internal static string Heading(Verdict verdict) => verdict.Differences.Count > 0
        ? $"{verdict.Kernel} and the model differ: {verdict.Differences[0].Path}"
        : $"{verdict.Kernel ?? "The kernel"} has trouble: {verdict.Incident!.Title}";

    /// <summary>The report, LF only, without a final newline.</summary>
    /// <param name="finding">What was found.</param>
    /// <param name="found">Where, in one line.</param>
    /// <param name="kernelPath">The kernel.</param>
    internal static string Of(DifferFinding finding, string found, string kernelPath)
    {
        Verdict verdict = finding.Verdict;
        var text = new StringBuilder();
        Line(text, Heading(verdict));
        Line(text);
        int count = verdict.Scenario.Steps.Length;
        Line(text, $"Scenario ({(count == 1 ? "1 operation" : $"{count} operations")}):");
        Indent(text, ScenarioText.Print(verdict.Scenario));
        Line(text);
        if (verdict.Differences.Count > 0)
            Differences(text, verdict);

        if (verdict.Incident is { } incident)
        {
            Line(text, $"{What(incident, verdict.Scenario)}. {(incident.Trouble == Trouble.Garbage ? "It said" : "Its console")}:");
            Indent(text, incident.Told);
        }

        if (!finding.IsSteady)
        {
            Line(text);
            Line(text, "A kernel that has done nothing else agrees: it depends on what ran before. That is a fault of the cleaning up");
            Line(text, "between scenarios, of the exporter, or a thing that no state shows.");
        }

        Line(text);
        text.Append(CultureInfo.InvariantCulture, $"found by: {found}");
        if (finding.SavedAs is { } saved)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nsaved as: {saved}");
            text.Append(
                CultureInfo.InvariantCulture,
                $"\nreplay:   dotnet run --project Rmap.Regressions -c Release -- differ {saved} --kernel {kernelPath}");
            text.Append(
                CultureInfo.InvariantCulture, $"\nin C:     dotnet run --project Rmap.Properties -c Release -- c {saved} > scenario.c");
        }

        return text.ToString();
    }

    private static void Differences(StringBuilder text, Verdict verdict)
    {
        Difference first = verdict.Differences[0];
        Line(text, first.Step < 0 ? "At the start" : $"After step {first.Step + 1}, {first.Operation}:");
        Line(text, $"    {first.Path}");
        Line(text, $"    kernel:  {first.Recorded}");
        Line(text, $"    model:   {first.Model}");
        string[] others = [.. verdict.Differences.Skip(1).Where(each => each.Step == first.Step).Select(each => each.Kind.ToString())];
        if (others.Length > 0)
            Line(text, $"It also differs in {string.Join(", ", others)}.");
    }

    private static string What(Incident incident, Scenario scenario)
    {
        string what = incident.Trouble switch
        {
            Trouble.Crash => "The kernel stopped",
            Trouble.Hang => "The kernel did not answer in time",
            Trouble.Complaint => "The kernel complained",
            _ => "The kernel's answer is none",
        };
        return incident.Step < 0 ? $"{what} at the start"
            : incident.Step >= scenario.Steps.Length ? $"{what} after the last operation, or while everything was cleaned up"
            : $"{what} at step {incident.Step + 1}, {ScenarioText.Print(scenario.Steps[incident.Step].Operation)}";
    }

    /// <summary>6.18.35 of "Linux 6.18.35 x86_64".</summary>
    private static string Version(Verdict verdict) => verdict.Kernel?.Split(' ').ElementAtOrDefault(1) ?? verdict.Scenario.Rules ?? "any";

    private static void Indent(StringBuilder text, string block)
    {
        string[] lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (string line in lines.Take(MostLines))
            Line(text, "    " + line.TrimEnd());

        if (lines.Length > MostLines)
            Line(text, $"    ... ({lines.Length - MostLines} more lines)");
    }

    private static void Line(StringBuilder text, string line = "") => text.Append(line).Append('\n');
}
