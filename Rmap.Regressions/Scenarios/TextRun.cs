namespace Rmap.Regressions.Scenarios;

/// <summary>
/// Operations written in a test, executed on the model: each comes out as the text says, or else well. Nothing else is checked.
/// </summary>
internal static class TextRun
{
    /// <summary>On a machine of its own, with the options that the text names.</summary>
    internal static Machine Run(string text, Rules? rules = null)
    {
        var machine = new Machine(rules, ScenarioText.Parse(text).Options);
        RunOn(machine, text);
        return machine;
    }

    /// <summary>On a machine that is there.</summary>
    internal static void RunOn(Machine machine, string text)
    {
        foreach (Step step in ScenarioText.Parse(text).Steps)
        {
            Outcome outcome = machine.Execute(step.Operation);
            Assert.True(step.Accepts(outcome), $"{ScenarioText.Print(step.Operation)}: {outcome} instead of {step.Expected}");
        }
    }
}
