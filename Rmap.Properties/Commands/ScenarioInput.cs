using System.Text;

namespace Rmap.Properties.Commands;

/// <summary>The scenario that a command works on, and the rules it is to follow.</summary>
/// <param name="File">The scenario with its lines.</param>
/// <param name="Rules">The rules asked for, else those that it names, else the default.</param>
/// <param name="Text">The scenario as it was written.</param>
internal sealed record ScenarioInput(ScenarioFile File, Rules Rules, string Text)
{
    internal Scenario Scenario => File.Scenario;

    /// <summary>Reads it.</summary>
    /// <param name="path">A file, or <c>-</c> for standard input.</param>
    /// <param name="asked">The name of the rules to follow, given that which the scenario names, or null.</param>
    /// <param name="suite">Where to find them.</param>
    /// <param name="problem">What is wrong and what to do, or null.</param>
    internal static ScenarioInput? Read(string path, Func<string?, string?> asked, Suite suite, out string? problem)
    {
        if (!TryRead(path, suite.Input, out byte[] bytes, out problem))
            return null;

        if (!ScenarioText.TryParse(bytes, NameOf(path), out ScenarioFile? file, out ScenarioError? error))
        {
            problem = $"{error}\nThe grammar is in docs/scenario.md.";
            return null;
        }

        Rules? found = suite.FindRules(asked(file.Scenario.Rules), out problem);
        return found is null ? null : new ScenarioInput(file, found, Encoding.UTF8.GetString(bytes));
    }

    /// <summary>How messages call a file.</summary>
    internal static string NameOf(string path) => path == "-" ? "standard input" : path;

    /// <summary>Reads the bytes of a file, or of standard input for <c>-</c>.</summary>
    internal static bool TryRead(string path, Func<Stream> input, out byte[] bytes, out string? problem)
    {
        bytes = [];
        problem = null;
        try
        {
            using Stream stream = path == "-" ? input() : System.IO.File.OpenRead(path);
            using var content = new MemoryStream();
            stream.CopyTo(content);
            bytes = content.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = $"Cannot read '{path}': {exception.Message}\nGive a file, or - for standard input.";
        }

        return problem is null;
    }
}
