using System.Globalization;
using System.Text;
using Rmap.Regressions.Kernel;

namespace Rmap.Regressions.Host;

/// <summary>What a person reads about a disagreement of the running kernel and the model.</summary>
internal static class HostReport
{
    /// <summary>What it is about, in one line.</summary>
    internal static string Heading(HostDifference difference) =>
        $"{HostKernel.Name} and the model differ in a {difference.Kind}.";

    /// <summary>The report, LF only, without a final newline.</summary>
    internal static string Of(HostFinding finding)
    {
        (long index, Scenario scenario, HostDifference difference, string? saved) = finding;
        string after = difference.Step < 0 ? "the start" : ScenarioText.Print(scenario.Steps[difference.Step].Operation);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Heading(difference)}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Shortest scenario found (case {index}):\n");
        foreach (string line in ScenarioText.Print(scenario).TrimEnd('\n').Split('\n'))
            text.Append(CultureInfo.InvariantCulture, $"    {line}\n");

        text.Append(CultureInfo.InvariantCulture, $"\nAfter {after}:\n    kernel:  {difference.Kernel}\n    model:   {difference.Model}");
        if (saved is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n\nsaved as: {saved}");
            text.Append(CultureInfo.InvariantCulture, $"\nreplay:   dotnet run --project Rmap.Regressions -c Release -- host {saved}");
            text.Append(
                CultureInfo.InvariantCulture, $"\nin C:     dotnet run --project Rmap.Properties -c Release -- c {saved} > scenario.c");
        }

        return text.ToString();
    }
}
