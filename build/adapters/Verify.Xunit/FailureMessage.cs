using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace VerifyTests;

/// <summary>
/// The message of a failed verification. Tools parse it, so up to and including the contents it is exactly the published one, with
/// LF only. A unified diff for people follows.
/// </summary>
internal static class FailureMessage
{
    private const int Context = 3;

    public static string Build(Comparison comparison, bool omitContent)
    {
        var (outcome, directory, receivedFile, verifiedFile, received, verified, stale) = comparison;
        var files = $"  - Received: {receivedFile}\n    Verified: {verifiedFile}\n";
        var message = new StringBuilder($"Directory: {directory}\n");
        if (outcome is not Outcome.Equal) message.Append($"{outcome}:\n{files}");
        if (stale.Count > 0) message.Append("Delete:\n").AppendJoin("", stale.Select(file => $"  - {Path.GetFileName(file)}\n"));
        if (outcome is Outcome.Equal) message.Append($"Equal:\n{files}");
        if (omitContent || outcome is Outcome.Equal) return message.ToString();

        message.Append($"\nFileContent:\n\n{outcome}:\n\nReceived: {receivedFile}\n{received}\n");
        if (outcome is Outcome.NotEqual) message.Append($"Verified: {verifiedFile}\n{verified}\n");
        message.Append('\n');
        if (outcome is Outcome.NotEqual)
        {
            message.Append($"Diff:\n\n--- {verifiedFile}\n+++ {receivedFile}\n").Append(UnifiedDiff(verified, received));
        }

        return message.ToString();
    }

    /// <summary>The changed lines with three lines of context, in hunks.</summary>
    private static string UnifiedDiff(string old, string @new)
    {
        var lines = new InlineDiffBuilder(new Differ()).BuildDiffModel(old, @new, ignoreWhitespace: false).Lines;
        var diff = new StringBuilder();
        var next = 0;
        while (lines.FindIndex(next, IsChange) is var change and >= 0)
        {
            var start = Math.Max(next, change - Context);
            var end = EndOfHunk(lines, change);
            var (oldLine, newLine) = (CountOld(lines[..start]) + 1, CountNew(lines[..start]) + 1);
            var hunk = lines[start..end];
            diff.Append($"@@ -{oldLine},{CountOld(hunk)} +{newLine},{CountNew(hunk)} @@\n");
            foreach (var line in hunk) diff.Append(Mark(line)).Append(line.Text).Append('\n');
            next = end;
        }

        return diff.ToString();
    }

    /// <summary>Behind the context of the last change that is near enough to the one before it to share a hunk.</summary>
    private static int EndOfHunk(List<DiffPiece> lines, int change)
    {
        var last = change;
        for (var i = change; i < lines.Count && i <= last + (2 * Context) + 1; i++)
        {
            if (IsChange(lines[i])) last = i;
        }

        return Math.Min(last + Context + 1, lines.Count);
    }

    private static bool IsChange(DiffPiece line) => line.Type is ChangeType.Inserted or ChangeType.Deleted;

    private static int CountOld(List<DiffPiece> lines) => lines.Count(line => line.Type is not ChangeType.Inserted);

    private static int CountNew(List<DiffPiece> lines) => lines.Count(line => line.Type is not ChangeType.Deleted);

    private static char Mark(DiffPiece line) => line.Type switch
    {
        ChangeType.Inserted => '+',
        ChangeType.Deleted => '-',
        _ => ' ',
    };
}
