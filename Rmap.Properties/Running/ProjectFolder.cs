using System.Runtime.CompilerServices;

namespace Rmap.Properties.Running;

/// <summary>Where the sources of this project lie, for what tests save beside them.</summary>
public static class ProjectFolder
{
    /// <summary>The folder of Rmap.Properties.csproj.</summary>
    public static string Path { get; } = System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(ThisFile()))!;

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
