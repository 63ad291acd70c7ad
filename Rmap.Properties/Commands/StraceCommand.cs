using System.Text;
using Rmap.Properties.Strace;

namespace Rmap.Properties.Commands;

/// <summary>
/// <c>strace LOG</c>: what a real program did to its memory, as a scenario. The scenario goes to standard output, what is not in it is told
/// on standard error.
/// </summary>
internal static class StraceCommand
{
    internal static int Run(Screen screen, Func<Stream> input, string path)
    {
        if (!ScenarioInput.TryRead(path, input, out byte[] bytes, out string? problem))
            return screen.Refuse(problem!);

        string name = ScenarioInput.NameOf(path);
        var progress = new ProgressLine(screen.Error, name);
        bool isLog = StraceScenario.TryRead(
            Encoding.UTF8.GetString(bytes), name, out StraceScenario? read, out ScenarioError? error, progress.Tell);
        progress.Clear();
        if (!isLog)
            return screen.Refuse($"{error}\nMake the log with strace -f -y -e trace=%memory,%process: see docs/programs.md.");

        screen.Output.Write(ScenarioText.Print(read!.Scenario, $"Made from {name}."));
        screen.Error.WriteLine($"{name}: {read.Scenario.Steps.Length} operations; left out: {LeftOut.Tell(read.LeftOut)}.");
        foreach (string note in read.Notes)
            screen.Error.WriteLine($"{name}: {note}.");

        return ExitCode.Held;
    }
}
