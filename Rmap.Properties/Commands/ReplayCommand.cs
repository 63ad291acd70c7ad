using Rmap.Model;

namespace Rmap.Properties.Commands;

/// <summary><c>replay FILE</c>: a scenario, operation by operation.</summary>
internal static class ReplayCommand
{
    private const int OutcomeColumn = 48;

    internal static int Run(Screen screen, ScenarioInput input, bool state)
    {
        var machine = new Machine(input.Rules, input.Scenario.Options);
        var checker = new InvariantChecker(machine);
        var names = new StateNames();
        string before = StateText.Of(machine, names);
        int expected = 0;
        var failed = new List<string>();
        for (int i = 0; i < input.Scenario.Steps.Length; i++)
        {
            Step step = input.Scenario.Steps[i];
            int line = input.File.Lines[i];
            Outcome outcome = machine.Execute(step.Operation);
            string told = $"{line,4}  {ScenarioText.Print(step.Operation)}".PadRight(OutcomeColumn) + $" => {outcome}";
            expected += step.Expected is null ? 0 : 1;
            if (step.Accepts(outcome))
            {
                screen.Line(told);
            }
            else
            {
                failed.Add($"{input.File.Name}:{line}: expected {step.Expected}, got {outcome}");
                screen.LineOfBad($"{told}, expected {step.Expected}");
            }

            string after = StateText.Of(machine, names);
            screen.Difference(state ? StateDiff.Of(before, after) : "", "      ");
            before = after;
            if (checker.FirstViolation() is { } violation)
            {
                Report(screen, violation, names);
                screen.LineOfBad($"{input.File.Name}:{line}: {violation.Invariant.Id} does not hold under {input.Rules.Name}.");
                return ExitCode.Failed;
            }
        }

        return Conclude(screen, input, expected, failed);
    }

    private static void Report(Screen screen, Violation violation, StateNames names)
    {
        screen.Line();
        screen.LineOfBad($"{violation.Invariant.Id}: {violation.Invariant.Sentence}");
        screen.Line($"  seen:      {violation.Saw.With(names)}");
        screen.Line($"  expected:  {violation.Expected.With(names)}");
        screen.Line($"  in Linux:  {violation.Invariant.Kernel}");
        screen.Line();
    }

    private static int Conclude(Screen screen, ScenarioInput input, int expected, List<string> failed)
    {
        screen.Line();
        failed.ForEach(screen.LineOfBad);
        string done = $"{input.Scenario.Steps.Length} operations under {input.Rules.Name}, {Invariants.All.Count} invariants hold after each";
        if (failed.Count > 0)
        {
            screen.LineOfBad($"{done}; {failed.Count} of {expected} expectations failed.");
            return ExitCode.Failed;
        }

        screen.LineOfGood(expected == 0 ? $"{done}." : $"{done}; {expected} expectations held.");
        return ExitCode.Held;
    }
}
