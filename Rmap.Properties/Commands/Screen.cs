using Rmap.Properties.Reporting;
using Spectre.Console;

namespace Rmap.Properties.Commands;

/// <summary>
/// Where a command writes: text in colours to a terminal, plain to anything else, and never broken into lines of its own.
/// </summary>
internal sealed class Screen
{
    private static readonly Style Bad = new(Color.Red), Good = new(Color.Green), Faint = new(decoration: Decoration.Dim);

    private readonly IAnsiConsole lines;

    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="isTerminal">Whether somebody looks at the output, rather than a file or another program.</param>
    internal Screen(TextWriter output, TextWriter error, bool isTerminal)
    {
        Output = output;
        Error = error;
        IsTerminal = isTerminal;
        var settings = new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        };
        Console = AnsiConsole.Create(settings);
        lines = AnsiConsole.Create(settings);
        lines.Profile.Width = short.MaxValue;
    }

    /// <summary>Standard output.</summary>
    internal TextWriter Output { get; }

    /// <summary>Standard error.</summary>
    internal TextWriter Error { get; }

    internal bool IsTerminal { get; }

    /// <summary>Standard output for what moves: progress bars.</summary>
    internal IAnsiConsole Console { get; }

    internal void Line(string text = "") => lines.WriteLine(text);

    internal void LineOfBad(string text) => lines.WriteLine(text, Bad);

    internal void LineOfGood(string text) => lines.WriteLine(text, Good);

    /// <summary>A difference, as <see cref="StateDiff"/> tells it.</summary>
    internal void Difference(string difference, string indent)
    {
        foreach (string line in difference.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            lines.WriteLine(indent + line, line[0] switch
            {
                '-' => Bad,
                '+' => Good,
                _ => Faint,
            });
        }
    }

    /// <summary>Tells why nothing was done.</summary>
    /// <returns>The exit code for that.</returns>
    internal int Refuse(string problem)
    {
        Error.WriteLine(problem);
        return ExitCode.Refused;
    }
}

/// <summary>How a command ends.</summary>
internal static class ExitCode
{
    /// <summary>All held.</summary>
    internal const int Held = 0;

    /// <summary>An invariant, a property or an expectation did not hold.</summary>
    internal const int Failed = 1;

    /// <summary>The command could not be carried out: its options, a file.</summary>
    internal const int Refused = 2;

    /// <summary>An invariant did not hold, and the scenario that shows it could not be saved: it is in the output only.</summary>
    internal const int NotSaved = 3;

    /// <summary>All held until somebody ended it, as shells tell it of Ctrl-C.</summary>
    internal const int Interrupted = 130;
}
