using Rmap.Properties.Drawing;

namespace Rmap.Properties.Commands;

/// <summary><c>pages FOLDER</c>: a page for a browser beside each scenario.</summary>
internal static class PagesCommand
{
    internal static int Run(Suite suite, string folder, Func<string?, string?> asked)
    {
        string[] files;
        try
        {
            files = [.. Directory.GetFiles(folder, "*.rmap").Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return suite.Screen.Refuse($"Cannot look into '{folder}': {exception.Message}\nGive a folder with scenarios.");
        }

        if (files.Length == 0)
            return suite.Screen.Refuse($"There is no scenario in '{folder}'.\nGive a folder with files that end in .rmap.");

        foreach (string file in files)
        {
            if (ScenarioInput.Read(file, asked, suite, out string? problem) is not { } input)
                return suite.Screen.Refuse(problem!);

            string page = Path.ChangeExtension(file, ".html");
            ScenarioSeen seen = ScenarioSeen.Of(input.File, input.Rules);
            try
            {
                System.IO.File.WriteAllText(page, ScenarioPage.Of(input.File, input.Text, input.Rules, seen));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return suite.Screen.Refuse($"Cannot write '{page}': {exception.Message}");
            }

            suite.Screen.Line($"{page}{(seen.Failure is null ? "" : $": {seen.Failure.Invariant.Id} does not hold")}");
        }

        return ExitCode.Held;
    }
}
