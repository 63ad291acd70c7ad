using Rmap.Properties.Running;

namespace Rmap.Properties.Checking;

/// <summary>Scenarios in which all holds.</summary>
internal static class CheckedRun
{
    internal static CheckedMachine After(string operations)
    {
        Scenario scenario = ScenarioText.Parse(operations);
        var run = new CheckedMachine(new Linux618(), scenario.Options);
        foreach (Step step in scenario.Steps)
        {
            Violation? violation = run.Execute(step.Operation, out Outcome? outcome);
            Assert.True(violation is null, $"{ScenarioText.Print(step.Operation)} => {outcome}: {violation?.Saw}");
        }

        return run;
    }
}
