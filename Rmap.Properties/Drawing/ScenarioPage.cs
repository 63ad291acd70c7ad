using System.Net;
using System.Reflection;

namespace Rmap.Properties.Drawing;

/// <summary>
/// A scenario as a page for a browser: one file that needs no other, and no network. The page is <c>page.html</c> with its style and its
/// script put in, and the <see cref="PageData"/> that the script shows.
/// </summary>
internal static class ScenarioPage
{
    /// <summary>The page, LF only.</summary>
    /// <param name="file">The scenario.</param>
    /// <param name="text">The file's text, for its comments.</param>
    /// <param name="rules">The rules that were followed.</param>
    /// <param name="seen">What was seen.</param>
    internal static string Of(ScenarioFile file, string text, Rules rules, ScenarioSeen seen)
    {
        string title = Path.GetFileName(file.Name);
        string data = PageData.Of(title, rules.Name, ScenarioNotes.Of(text, file.Lines), seen);
        return Part("page.html")
            .Replace("{title}", WebUtility.HtmlEncode(title), StringComparison.Ordinal)
            .Replace("{style}", Part("page.css"), StringComparison.Ordinal)
            .Replace("{script}", Part("page.js"), StringComparison.Ordinal)
            .Replace("{data}", data, StringComparison.Ordinal);
    }

    private static string Part(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
