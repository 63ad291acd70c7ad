namespace VerifyXunit;

/// <summary>Checks that git and editors leave snapshots as they are. Some published versions overlook the .gitignore on Linux.</summary>
public static class VerifyChecks
{
    // For these the published check wants another section in .editorconfig; nothing here has such snapshots.
    private static readonly string[] Indented = ["json", "xml", "html", "htm", "yaml", "svg"];

    /// <summary>Checks the solution of the running test.</summary>
    public static Task Run()
    {
        Check(new ProjectInfo(UseVerifyAttribute.GetMethod().ReflectedType!.Assembly).SolutionDirectory);
        return Task.CompletedTask;
    }

    internal static void Check(string directory)
    {
        Expect(Lines(".gitignore").Contains("*.received.*"), ".gitignore", "*.received.*");

        foreach (var project in Directory.EnumerateFiles(directory, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var imported = File.ReadLines(project).FirstOrDefault(line => line.Contains("<None Update=\"") && line.Contains(".verified."));
            if (imported is null) continue;
            throw new InvalidOperationException($"{project} imports a snapshot; remove the line: {imported.Trim()}");
        }

        var extensions = Directory.EnumerateFiles(directory, "*.verified.*", SearchOption.AllDirectories)
            .Select(file => Path.GetExtension(file)[1..]).Distinct().Order(StringComparer.Ordinal).ToList();
        if (extensions.Count == 0) return;
        if (extensions.Intersect(Indented).FirstOrDefault() is { } unsupported)
        {
            throw new InvalidOperationException($"A snapshot has the extension '{unsupported}', which this adapter does not support.");
        }

        const string Section = "[*.{received,verified}.{";
        var header = Lines(".editorconfig").FirstOrDefault(line => line.StartsWith(Section, StringComparison.Ordinal));
        var listed = header?[Section.Length..].TrimEnd(']', '}').Split(',') ?? [];
        Expect(!extensions.Except(listed).Any(), ".editorconfig", $"{Section}{string.Join(',', extensions)}}}]");
        foreach (var extension in extensions)
        {
            var line = $"*.verified.{extension} text eol=lf working-tree-encoding=UTF-8";
            Expect(Lines(".gitattributes").Contains(line), ".gitattributes", line);
        }

        string[] Lines(string file) => File.ReadAllLines(Path.Combine(directory, file));

        void Expect(bool holds, string file, string line)
        {
            if (!holds) throw new InvalidOperationException($"Expected {Path.Combine(directory, file)} to contain the line: {line}");
        }
    }
}
