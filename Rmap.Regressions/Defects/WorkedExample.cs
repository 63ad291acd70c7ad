using System.Globalization;
using System.Text;
using Rmap.Properties.Running;

namespace Rmap.Regressions.Defects;

/// <summary>How a defect was found, as Markdown: the generated case, the shortest one, its AVs, and what is wrong there.</summary>
internal static class WorkedExample
{
    internal static string Of(Detection detection)
    {
        Scenario minimal = detection.Found!.Scenario;
        Violation violation = RunToFailure(minimal, detection.Defect, out Machine machine);
        var names = new StateNames();
        string picture = MermaidText.OfAnonVmas(machine, names);
        Scenario generated = detection.Generated();
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"Scenario {detection.Found.Index + 1:N0} breaks `{violation.Invariant.Id}` with its operation {generated.Steps.Length}:\n\n");
        Block(text, Folded(ScenarioText.Print(generated)));
        text.Append(CultureInfo.InvariantCulture, $"The minimiser leaves {minimal.Steps.Length} operations:\n\n");
        Block(text, ScenarioText.Print(minimal));
        text.Append(CultureInfo.InvariantCulture, $"This is where they lead:\n\n```mermaid\n{picture}```\n\n");
        Block(text, $"saw:      {names.Tell(violation.Saw)}\nexpected: {names.Tell(violation.Expected)}\n");
        return text.ToString();
    }

    private static Violation RunToFailure(Scenario scenario, Rules rules, out Machine machine)
    {
        var run = new CheckedMachine(rules, scenario.Options);
        machine = run.Machine;
        return scenario.Steps.Select(step => run.Execute(step.Operation, out _)).OfType<Violation>().First();
    }

    /// <summary>The first and the last lines of a long text.</summary>
    private static string Folded(string text)
    {
        const int shown = 5;
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string between = string.Create(CultureInfo.InvariantCulture, $"... {lines.Length - (2 * shown)} more ...");
        return string.Join('\n', [.. lines[..shown], between, .. lines[^shown..], ""]);
    }

    private static void Block(StringBuilder text, string lines)
    {
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            text.Append("    ").Append(line).Append('\n');

        text.Append('\n');
    }
}
