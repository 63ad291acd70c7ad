namespace Rmap.Properties.Architecture;

/// <summary>A project whose arrows are read.</summary>
/// <param name="Folder">Its folder, from the top of the checkout, with <c>/</c>.</param>
/// <param name="Usings">The namespaces that its project file imports everywhere.</param>
internal sealed record Project(string Folder, params string[] Usings)
{
    /// <summary>The model.</summary>
    internal static readonly Project Model = new("Rmap.Model");

    /// <summary>All projects whose arrows are read; each may use those before it.</summary>
    internal static readonly IReadOnlyList<Project> All =
    [
        Model,
        new("Rmap.Properties", "Xunit", "VerifyTests", "VerifyXunit", "static VerifyXunit.Verifier"),
        new("Rmap.Regressions", "Xunit", "VerifyTests", "VerifyXunit", "static VerifyXunit.Verifier"),
        new("bench/Rmap.Benchmarks"),
    ];

    /// <summary>The name of its assembly.</summary>
    internal string Name => Path.GetFileName(Folder);

    /// <summary>Whether a file belongs to it.</summary>
    internal bool Has(string path) => path.StartsWith($"{Folder}/", StringComparison.Ordinal);

    /// <summary>Its source files below a folder of the disk, in order of their paths.</summary>
    internal IReadOnlyList<Source> SourcesBelow(string root)
    {
        string top = Path.Combine(root, Folder);
        return
        [
            .. Directory.GetFiles(top, "*.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(top, file).Replace('\\', '/'))
                .Where(path => !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(path => new Source($"{Folder}/{path}", File.ReadAllText(Path.Combine(top, path)).ReplaceLineEndings("\n"))),
        ];
    }
}
