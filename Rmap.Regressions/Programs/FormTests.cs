using System.Text;
using Rmap.Properties.Running;
using Rmap.Properties.Strace;

namespace Rmap.Regressions.Programs;

/// <summary>
/// What becomes of small logs in <c>Forms</c>, each in one of the forms that strace prints, or with something at which a reader could
/// stumble: the scenario, what is left out of it, what is said. Where the model answers otherwise than the log, that is told, too.
/// </summary>
public class FormTests
{
    private static readonly string Folder = Checkout.PathOf("Rmap.Regressions/Programs/Forms");

    [Fact]
    public Task What_becomes_of_each_form()
    {
        var told = new StringBuilder();
        foreach (string file in Directory.GetFiles(Folder, "*.strace").Order(StringComparer.Ordinal))
            told.Append($"== {Path.GetFileName(file)}\n{Tell(file)}\n");

        return Verify(told.ToString().TrimEnd());
    }

    private static string Tell(string file)
    {
        string text = Encoding.UTF8.GetString(File.ReadAllBytes(file));
        if (!StraceScenario.TryRead(text, Path.GetFileName(file), out StraceScenario? read, out ScenarioError? error))
            return $"{error}\n";

        var told = new StringBuilder();
        var run = new CheckedMachine(RulesCatalogue.Linux.Default, read.Scenario.Options);
        foreach (Step step in read.Scenario.Steps)
        {
            Assert.Null(run.Execute(step.Operation, out Outcome? outcome));
            string otherwise = step.Accepts(outcome!) ? "" : $", but the model gives {outcome}";
            string expected = step.Expected is null ? "" : $" => {step.Expected}{otherwise}";
            told.Append($"{ScenarioText.Print(step.Operation)}{expected}\n");
        }

        foreach (LeftOut leftOut in read.LeftOut)
            told.Append($"# left out, {leftOut.Reason}: {leftOut.Count} {leftOut.What}\n");

        foreach (string note in read.Notes)
            told.Append($"# {note}\n");

        return told.ToString();
    }
}
