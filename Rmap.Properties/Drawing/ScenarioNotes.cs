namespace Rmap.Properties.Drawing;

/// <summary>What the comments of a scenario's file say.</summary>
/// <param name="Heading">The comments that the file begins with, paragraph by paragraph.</param>
/// <param name="OfSteps">For each step the comments above it and behind it, paragraph by paragraph.</param>
/// <param name="End">The comments behind the last step.</param>
internal sealed record ScenarioNotes(IReadOnlyList<string> Heading, IReadOnlyList<IReadOnlyList<string>> OfSteps, IReadOnlyList<string> End)
{
    /// <summary>Reads them.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="steps">The line of each step, from 1.</param>
    internal static ScenarioNotes Of(string text, IReadOnlyList<int> steps)
    {
        string[] lines = text.TrimStart('\uFEFF').Split('\n');
        ReadOnlySpan<string?> comments = lines.Select(Comment).ToArray();
        int heading = lines.TakeWhile(line => line.StartsWith('#')).Count();
        var notes = new List<IReadOnlyList<string>>();
        int from = heading;
        foreach (int line in steps)
        {
            notes.Add([.. Paragraphs(comments[from..(line - 1)]), .. Paragraphs(comments[(line - 1)..line])]);
            from = line;
        }

        return new ScenarioNotes(Paragraphs(comments[..heading]), notes, Paragraphs(comments[from..]));
    }

    private static string? Comment(string line) =>
        line.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? line[(at + 1)..].Trim() : null;

    /// <summary>Comments on lines that follow each other are one paragraph; one that says nothing ends it.</summary>
    private static List<string> Paragraphs(ReadOnlySpan<string?> comments)
    {
        var all = new List<string>();
        bool isOpen = false;
        foreach (string? comment in comments)
        {
            if (string.IsNullOrEmpty(comment))
            {
                isOpen = false;
                continue;
            }

            if (isOpen)
                all[^1] += $" {comment}";
            else
                all.Add(comment);

            isOpen = true;
        }

        return all;
    }
}
