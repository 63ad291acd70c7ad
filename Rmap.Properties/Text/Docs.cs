namespace Rmap.Properties.Text;

/// <summary>The pages in <c>docs/</c>, whose examples are tested.</summary>
internal static class Docs
{
    /// <summary>A page.</summary>
    internal static string Page(string name) => File.ReadAllText(Path.Combine(Repository, "docs", name));

    /// <summary>The first example of a page: what is indented by four spaces.</summary>
    internal static string FirstExample(string name)
    {
        IEnumerable<string> lines = Page(name).Split('\n').SkipWhile(line => !line.StartsWith("    ", StringComparison.Ordinal))
            .TakeWhile(line => line.Length == 0 || line.StartsWith("    ", StringComparison.Ordinal));
        return string.Join('\n', lines.Select(line => line.Length == 0 ? line : line[4..])).TrimEnd('\n') + "\n";
    }

    private static string Repository
    {
        get
        {
            string folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Rmap.sln")))
                folder = Path.GetDirectoryName(folder)!;

            return folder;
        }
    }
}
