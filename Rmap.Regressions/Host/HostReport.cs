using System.Globalization;
using System.Text;
using Rmap.Model;

namespace Rmap.Regressions.Host;

/// <summary>What a person reads about a disagreement of the running kernel and the model.</summary>
internal static class HostReport
{
    /// <summary>The report, LF only, without a final newline.</summary>
    internal static string Of(HostFinding finding)
    {
        (_, Scenario scenario, HostDifference difference) = finding;
        string after = difference.Step < 0 ? "the start" : ScenarioText.Print(scenario.Steps[difference.Step].Operation);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Linux {HostKernel.Version.ToString(3)} and the model differ in a {difference.Kind}.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Shortest scenario found ({scenario.Steps.Length} operations, case {finding.Index}):\n");
        foreach (string line in ScenarioText.Print(scenario).TrimEnd('\n').Split('\n'))
        {
            text.Append(CultureInfo.InvariantCulture, $"    {line}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\nAfter {after}:\n    kernel:  {difference.Kernel}\n    model:   {difference.Model}");
        return text.ToString();
    }
}
