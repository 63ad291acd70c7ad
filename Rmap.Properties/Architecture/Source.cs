namespace Rmap.Properties.Architecture;

/// <summary>A source file.</summary>
/// <param name="Path">Its path from the top of the checkout, with <c>/</c>.</param>
/// <param name="Text">What it says.</param>
internal sealed record Source(string Path, string Text)
{
    /// <summary>The folder it stands in.</summary>
    internal string Folder => FolderOf(Path);

    /// <summary>How many lines it has.</summary>
    internal int Lines => Text.Count(character => character == '\n');

    /// <summary>The folder of a file.</summary>
    internal static string FolderOf(string path) => path[..path.LastIndexOf('/')];
}
