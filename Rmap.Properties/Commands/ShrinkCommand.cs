using Rmap.Properties.Running;
using Rmap.Properties.Shrinking;

namespace Rmap.Properties.Commands;

/// <summary>
/// <c>shrink FILE</c>: a failing scenario to a minimal one that breaks the same invariant. The scenario goes to standard output, what
/// is to be said about it to standard error.
/// </summary>
internal static class ShrinkCommand
{
    internal static int Run(Screen screen, ScenarioInput input)
    {
        if (ScenarioRunner.FirstFailure(input.Scenario, input.Rules) is not { } failure)
        {
            return screen.Refuse(
                $"{input.File.Name} breaks no invariant under {input.Rules.Name}.\n"
                + "Give a scenario that does, or other rules with --rules.");
        }

        (Scenario minimal, Failure last) = Minimiser.Minimise(input.Scenario, failure, input.Rules);
        minimal = new Scenario(minimal.Steps, minimal.Options, input.Rules.Name);
        Invariant invariant = last.Violation.Invariant;
        screen.Output.Write(ScenarioText.Print(minimal, $"{invariant.Id}: {invariant.Sentence}"));
        screen.Error.WriteLine($"{invariant.Id}: from {input.Scenario.Steps.Length} operations to {minimal.Steps.Length}.");
        return ExitCode.Held;
    }
}
