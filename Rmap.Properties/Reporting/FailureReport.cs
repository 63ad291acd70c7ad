using System.Globalization;
using System.Text;
using Rmap.Properties.Running;

namespace Rmap.Properties.Reporting;

/// <summary>
/// What a person reads when an invariant did not hold: which one, the shortest way there, what the last step changed, what was seen
/// against what was expected, and how to see it again.
/// </summary>
public static class FailureReport
{
    /// <summary>The report, LF only, without a final newline.</summary>
    /// <param name="scenario">The minimal scenario: it ends with the step that fails.</param>
    /// <param name="rules">The rules under which it does.</param>
    /// <param name="found">Where it comes from, in one line; null to leave that out.</param>
    /// <param name="saved">The file it was saved to; null if it was not.</param>
    public static string Of(Scenario scenario, Rules rules, string? found = null, string? saved = null)
    {
        var run = new CheckedMachine(rules, scenario.Options);
        foreach (Step step in scenario.Steps[..^1])
            run.Execute(step.Operation, out _);

        var names = new StateNames();
        string before = StateText.Of(run.Machine, names);
        Operation last = scenario.Steps[^1].Operation;
        Violation violation = run.Execute(last, out Outcome? outcome)
            ?? throw new ArgumentException("The scenario does not fail with its last step.", nameof(scenario));

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{violation.Invariant.Id}: {violation.Invariant.Sentence}\n");
        text.Append(CultureInfo.InvariantCulture, $"  in Linux: {violation.Invariant.Kernel}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Shortest scenario found ({Count(scenario.Steps.Length)}):\n");
        Indent(text, ScenarioText.Print(scenario));
        text.Append(CultureInfo.InvariantCulture, $"\nThe last step, {ScenarioText.Print(last)}, ");
        if (outcome is null)
        {
            text.Append("did not come to an end. Before it:\n");
            Indent(text, before);
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"gave {outcome} and changed:\n");
            Indent(text, StateDiff.Of(before, StateText.Of(run.Machine, names)));
        }

        text.Append(CultureInfo.InvariantCulture, $"\nsaw:      {names.Tell(violation.Saw)}\n");
        text.Append(CultureInfo.InvariantCulture, $"expected: {names.Tell(violation.Expected)}");
        AppendOrigin(text, found, saved);
        return text.ToString();
    }

    /// <summary>What a finding adds to another one, which has been told in full: LF only, without a final newline.</summary>
    /// <param name="scenario">Its minimal scenario.</param>
    /// <param name="violation">What does not hold at its end.</param>
    public static string Beside(Scenario scenario, Violation violation) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        also {violation.Invariant.Id}: {violation.Invariant.Sentence}
          after {Count(scenario.Steps.Length)}, the last {ScenarioText.Print(scenario.Steps[^1].Operation)}
          saw:      {violation.Saw}
          expected: {violation.Expected}
        """);

    private static void AppendOrigin(StringBuilder text, string? found, string? saved)
    {
        if (found is not null)
            text.Append(CultureInfo.InvariantCulture, $"\n\nfound by: {found}");

        if (saved is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nsaved as: {saved}");
            text.Append(
                CultureInfo.InvariantCulture, $"\nreplay:   dotnet run --project Rmap.Properties -c Release -- replay {saved} --state");
            text.Append(
                CultureInfo.InvariantCulture,
                $"\npage:     dotnet run --project Rmap.Properties -c Release -- replay {saved} --html > page.html");
            text.Append(
                CultureInfo.InvariantCulture, $"\nin C:     dotnet run --project Rmap.Properties -c Release -- c {saved} > scenario.c");
        }
    }

    private static void Indent(StringBuilder text, string block)
    {
        foreach (string line in block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            text.Append("    ").Append(line).Append('\n');
    }

    private static string Count(int operations) =>
        operations == 1 ? "1 operation" : string.Create(CultureInfo.InvariantCulture, $"{operations} operations");
}
