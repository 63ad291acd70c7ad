using System.Globalization;
using System.Text;
using Rmap.Model;
using Rmap.Properties.Running;

namespace Rmap.Properties.Reporting;

/// <summary>
/// What a person reads when an invariant did not hold: which one, the shortest way there, what the last step changed, what was seen
/// against what was expected, and how to see it again.
/// </summary>
public static class FailureReport
{
    /// <summary>The report, LF only, without a final newline.</summary>
    /// <param name="scenario">The minimal scenario.</param>
    /// <param name="failure">How it fails.</param>
    /// <param name="rules">The rules it runs under.</param>
    /// <param name="found">Where it comes from, in one line; null to leave that out.</param>
    /// <param name="saved">The file it was saved to; null if it was not.</param>
    public static string Of(Scenario scenario, Failure failure, Rules rules, string? found = null, string? saved = null)
    {
        var text = new StringBuilder();
        Invariant invariant = failure.Violation.Invariant;
        text.Append(CultureInfo.InvariantCulture, $"{invariant.Id}: {invariant.Sentence}\n");
        text.Append(CultureInfo.InvariantCulture, $"  in Linux: {invariant.Kernel}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Shortest scenario found ({Count(scenario.Steps.Length)}):\n");
        Indent(text, ScenarioText.Print(scenario));
        text.Append('\n');
        AppendLastStep(text, scenario, rules);
        if (found is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n\nfound by: {found}");
        }

        if (saved is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nsaved as: {saved}");
            text.Append(CultureInfo.InvariantCulture, $"\nreplay:   dotnet run --project Rmap.Properties -c Release -- replay {saved} --state");
        }

        return text.ToString();
    }

    private static void AppendLastStep(StringBuilder text, Scenario scenario, Rules rules)
    {
        var run = new CheckedMachine(rules, scenario.Options);
        var names = new StateNames();
        for (int i = 0; i < scenario.Steps.Length - 1; i++)
        {
            run.Execute(scenario.Steps[i].Operation, out _);
        }

        Operation last = scenario.Steps[^1].Operation;
        string before = StateText.Of(run.Machine, names);
        Violation violation = run.Execute(last, out Outcome? outcome)!;
        if (outcome is null)
        {
            text.Append(CultureInfo.InvariantCulture, $"The last step, {ScenarioText.Print(last)}, did not come to an end. Before it:\n");
            Indent(text, before);
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"The last step, {ScenarioText.Print(last)}, gave {outcome} and changed:\n");
            Indent(text, StateDiff.Of(before, StateText.Of(run.Machine, names)));
        }

        text.Append(CultureInfo.InvariantCulture, $"\nsaw:      {violation.Saw.With(names)}\n");
        text.Append(CultureInfo.InvariantCulture, $"expected: {violation.Expected.With(names)}");
    }

    private static void Indent(StringBuilder text, string block)
    {
        foreach (string line in block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append("    ").Append(line).Append('\n');
        }
    }

    private static string Count(int operations) =>
        operations == 1 ? "1 operation" : string.Create(CultureInfo.InvariantCulture, $"{operations} operations");
}
