using System.Runtime.CompilerServices;

namespace Rmap.Properties.Running;

/// <summary>The checkout that the tests were built from: what they read there, and what they save there.</summary>
public static class Checkout
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    /// <summary>Where a file or folder of the checkout is.</summary>
    /// <param name="path">Its path from the top of the checkout, with <c>/</c>.</param>
    public static string PathOf(string path) => Path.Combine(Root, path);

    /// <summary>A text file of the checkout, LF only.</summary>
    /// <param name="path">Its path from the top of the checkout, with <c>/</c>.</param>
    public static string Text(string path) => File.ReadAllText(PathOf(path)).ReplaceLineEndings("\n");

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
