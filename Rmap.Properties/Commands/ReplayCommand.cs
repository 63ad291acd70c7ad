using Rmap.Model.Sched;
using Rmap.Properties.Racing;
using Rmap.Properties.Reporting;
using Rmap.Properties.Running;
using Rmap.Properties.Together;

namespace Rmap.Properties.Commands;

/// <summary><c>replay FILE</c>: a scenario, operation by operation.</summary>
internal static class ReplayCommand
{
    private const int OutcomeColumn = 48;

    internal static int Run(Screen screen, ScenarioInput input, bool state)
    {
        var run = new CheckedMachine(input.Rules, input.Scenario.Options);
        var names = new StateNames();
        string before = StateText.Of(run.Machine, names);
        var failed = new List<string>();
        See(0);
        using var threads = new Interleaving();
        for (int i = 0; i < input.Scenario.Steps.Length; i++)
        {
            if (input.Scenario.Blocks.FirstOrDefault(block => block.First == i) is { } together)
            {
                Violation? broken = Together(together);
                i = together.End - 1;
                if (broken is not null)
                {
                    Report(screen, broken, names);
                    failed.Add($"{input.File.Name}:{input.File.Lines[i]}: {broken.Invariant.Id} does not hold under {input.Rules.Name}");
                    break;
                }

                See(i + 1);
                continue;
            }

            Step step = input.Scenario.Steps[i];
            string place = $"{input.File.Name}:{input.File.Lines[i]}";
            Violation? violation = run.Execute(step.Operation, out Outcome? outcome);
            string told = $"{input.File.Lines[i],4}  {ScenarioText.Print(step.Operation)}".PadRight(OutcomeColumn) + $" => {outcome}";
            if (outcome is null || step.Accepts(outcome))
            {
                screen.Line(told);
            }
            else
            {
                failed.Add($"{place}: expected {step.Expected}, got {outcome}");
                screen.LineOfBad($"{told}, expected {step.Expected}");
            }

            if (state && outcome is not null)
            {
                string after = StateText.Of(run.Machine, names);
                screen.Difference(StateDiff.Of(before, after), "      ");
                before = after;
            }

            if (violation is not null)
            {
                Report(screen, violation, names);
                failed.Add($"{place}: {violation.Invariant.Id} does not hold under {input.Rules.Name}");
                break;
            }

            See(i + 1);
        }

        return Conclude(screen, input, failed);

        Violation? Together(Block block)
        {
            BlockColumns? columns = null;
            BlockCase tasks = BlockCase.Of(input.Scenario, block);
            Violation? violation = run.Execute(
                tasks, threads, new TurnSchedule(block.Schedule),
                inner => columns = new BlockColumns(run.Machine, threads, tasks.Tasks, state ? names : null, inner),
                out Outcome[][]? outcomes);
            screen.Line();
            foreach (string line in columns!.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                screen.Line(line);

            for (int task = 0; outcomes is not null && task < block.Count; task++)
            {
                foreach ((int place, int index) in block.StepsOf(task).Index())
                {
                    Step step = input.Scenario.Steps[index];
                    Outcome outcome = outcomes[task][place];
                    string told = $"{input.File.Lines[index],4}  {(char)('a' + task)}: {ScenarioText.Print(step.Operation)}"
                        .PadRight(OutcomeColumn) + $" => {outcome}";
                    if (step.Accepts(outcome))
                    {
                        screen.Line(told);
                        continue;
                    }

                    failed.Add($"{input.File.Name}:{input.File.Lines[index]}: expected {step.Expected}, got {outcome}");
                    screen.LineOfBad($"{told}, expected {step.Expected}");
                }
            }

            before = StateText.Of(run.Machine, names);
            return violation;
        }

        void See(int after)
        {
            foreach (string unmet in Expectations.Unmet(input.File, after, run.Machine))
            {
                failed.Add(unmet);
                screen.LineOfBad($"      {unmet}");
            }
        }
    }

    private static void Report(Screen screen, Violation violation, StateNames names)
    {
        screen.Line();
        screen.LineOfBad($"{violation.Invariant.Id}: {violation.Invariant.Sentence}");
        screen.Line($"  in Linux: {violation.Invariant.Kernel}");
        screen.Line($"  saw:      {names.Tell(violation.Saw)}");
        screen.Line($"  expected: {names.Tell(violation.Expected)}");
    }

    private static int Conclude(Screen screen, ScenarioInput input, List<string> failed)
    {
        screen.Line();
        if (failed.Count > 0)
        {
            failed.ForEach(screen.LineOfBad);
            return ExitCode.Failed;
        }

        int expected = input.Scenario.Steps.Count(step => step.Expected is not null) + input.Scenario.Expectations.Length;
        screen.LineOfGood(
            $"{Count(input.Scenario.Steps.Length, "operation")} under {input.Rules.Name}:"
            + $" all {Invariants.All.Count} invariants held after each"
            + (expected == 0 ? "." : $", and {Count(expected, "expectation")}."));
        return ExitCode.Held;
    }

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
