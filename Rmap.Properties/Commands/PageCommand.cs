using Rmap.Properties.Drawing;

namespace Rmap.Properties.Commands;

/// <summary><c>replay FILE --html</c>: a scenario as a page for a browser.</summary>
internal static class PageCommand
{
    internal static int Run(Screen screen, ScenarioInput input)
    {
        ScenarioSeen seen = ScenarioSeen.Of(input.File, input.Rules);
        screen.Output.Write(ScenarioPage.Of(input.File, input.Text, input.Rules, seen));
        return seen.Holds ? ExitCode.Held : ExitCode.Failed;
    }
}
