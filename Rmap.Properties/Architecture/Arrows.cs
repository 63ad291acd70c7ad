using Rmap.Properties.Running;

namespace Rmap.Properties.Architecture;

/// <summary>The sources of this checkout and their arrows, read once for all tests.</summary>
internal static class Arrows
{
    private static readonly Lazy<IReadOnlyList<(Project Project, IReadOnlyList<Source> Sources)>> Files =
        new(() => [.. Project.All.Select(project => (project, project.SourcesBelow(Checkout.PathOf(""))))]);

    private static readonly Lazy<ArrowReader> Reading = new(() =>
    {
        var reader = new ArrowReader();
        foreach ((Project project, IReadOnlyList<Source> sources) in Files.Value)
        {
            reader.Read(project, sources);
        }

        return reader;
    });

    /// <summary>The source files of the model.</summary>
    internal static IReadOnlyList<Source> Model => Files.Value[0].Sources;

    /// <summary>All arrows.</summary>
    internal static IReadOnlyList<Arrow> All => Reading.Value.Arrows;

    /// <summary>Names that mean nothing to the compiler: arrows may be missing there.</summary>
    internal static IReadOnlyList<string> Unknown => Reading.Value.Unknown;
}
