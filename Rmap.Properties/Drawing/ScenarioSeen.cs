using Rmap.Properties.Running;

namespace Rmap.Properties.Drawing;

/// <summary>What is seen after a step.</summary>
/// <param name="Line">The step's line in the file; 0 for the start.</param>
/// <param name="Operation">The operation; nothing for the start.</param>
/// <param name="Outcome">What came of it; null for the start, and if it did not come to an end.</param>
/// <param name="Wrong">What is otherwise than the scenario expects, a sentence each.</param>
/// <param name="Lines">The state, line by line; that before it, if it did not come to an end.</param>
/// <param name="Links">What in it leads to what.</param>
/// <param name="Walks">The walk of each page.</param>
internal sealed record SeenStep(
    int Line, string Operation, string? Outcome, IReadOnlyList<string> Wrong,
    IReadOnlyList<StateLine> Lines, IReadOnlyList<StateLink> Links, IReadOnlyList<RmapWalked> Walks);

/// <summary>What does not hold after the last step.</summary>
/// <param name="Invariant">The invariant.</param>
/// <param name="Saw">What was seen, with the names that the state has.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="About">The lines of the state that it is about.</param>
internal sealed record SeenFailure(Invariant Invariant, string Saw, string Expected, IReadOnlyList<string> About);

/// <summary>
/// A scenario, seen step by step, with the same names all along: those of <c>replay</c>. It ends at the first invariant that does not hold.
/// </summary>
/// <param name="Steps">The start, and each step.</param>
/// <param name="Failure">What does not hold after the last one; null if all holds.</param>
internal sealed record ScenarioSeen(IReadOnlyList<SeenStep> Steps, SeenFailure? Failure)
{
    /// <summary>Whether all was as it must be and as the scenario expects it.</summary>
    internal bool Holds => Failure is null && Steps.All(step => step.Wrong.Count == 0);

    /// <summary>Carries out a scenario.</summary>
    /// <param name="file">The scenario.</param>
    /// <param name="rules">The rules to follow.</param>
    /// <param name="after">So many of its operations at most.</param>
    internal static ScenarioSeen Of(ScenarioFile file, Rules rules, int after = int.MaxValue)
    {
        var run = new CheckedMachine(rules, file.Scenario.Options);
        var names = new StateNames();
        var steps = new List<SeenStep> { See(0, "", null, [.. Expectations.Unmet(file, 0, run.Machine)], run.Machine, names) };
        for (int i = 0; i < Math.Min(file.Scenario.Steps.Length, after); i++)
        {
            Step step = file.Scenario.Steps[i];
            Violation? violation = run.Execute(step.Operation, out Outcome? outcome);
            string told = ScenarioText.Print(step.Operation);
            if (outcome is null)
            {
                steps.Add(steps[^1] with { Line = file.Lines[i], Operation = told, Outcome = null, Wrong = [] });
                return new ScenarioSeen(steps, Failed(violation!, run.Machine, names));
            }

            var wrong = new List<string>();
            if (!step.Accepts(outcome))
                wrong.Add(FormattableString.Invariant($"{file.Name}:{file.Lines[i]}: expected {step.Expected}, got {outcome}"));

            if (violation is null)
                wrong.AddRange(Expectations.Unmet(file, i + 1, run.Machine));

            steps.Add(See(file.Lines[i], told, outcome.ToString(), wrong, run.Machine, names));
            if (violation is not null)
                return new ScenarioSeen(steps, Failed(violation, run.Machine, names));
        }

        return new ScenarioSeen(steps, null);
    }

    private static SeenStep See(
        int line, string operation, string? outcome, IReadOnlyList<string> wrong, Machine machine, StateNames names)
    {
        var view = new StateView(machine, names);
        return new SeenStep(
            line, operation, outcome, wrong,
            StateIds.Lines(StateText.Of(machine, names)),
            StateLinks.Of(view),
            [.. view.Pages.Select(page => RmapWalked.Of(page, view))]);
    }

    private static SeenFailure Failed(Violation violation, Machine machine, StateNames names)
    {
        var view = new StateView(machine, names);
        var about = new List<string>();
        violation.Saw.With(Met);
        violation.Expected.With(Met);
        return new SeenFailure(
            violation.Invariant, names.Tell(violation.Saw), names.Tell(violation.Expected), [.. about.Distinct()]);

        string? Met(object thing)
        {
            if (StateIds.Of(view, thing) is { } id)
                about.Add(id);

            return null;
        }
    }
}
