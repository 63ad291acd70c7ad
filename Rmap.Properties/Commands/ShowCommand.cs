namespace Rmap.Properties.Commands;

/// <summary><c>show FILE</c>: the state that a scenario leads to.</summary>
internal static class ShowCommand
{
    internal static int Run(Screen screen, ScenarioInput input, long? after, Func<Machine, StateNames?, string> print)
    {
        int steps = input.Scenario.Steps.Length;
        if (after > steps)
            return screen.Refuse($"--after {after}: {input.File.Name} has {steps} operations.\nGive a number from 0 to {steps}.");

        var machine = new Machine(input.Rules, input.Scenario.Options);
        foreach (Step step in input.Scenario.Steps[..(int)(after ?? steps)])
            machine.Execute(step.Operation);

        screen.Output.Write(print(machine, null));
        return ExitCode.Held;
    }
}
