namespace Rmap.Regressions.Mutation;

/// <summary>A small mistake planted in the model.</summary>
/// <param name="File">The source file, from the folder of the model, with <c>/</c>.</param>
/// <param name="Line">The line where it begins, from 1.</param>
/// <param name="Member">The member, with the types it stands in.</param>
/// <param name="Was">What the source says there, on one line.</param>
/// <param name="Is">What the mutant says instead.</param>
/// <param name="Nth">Which of those that are alike in all of this but the line, from 0.</param>
internal sealed record Mutant(string File, int Line, string Member, string Was, string Is, int Nth)
{
    /// <summary>The room of the model: a folder, or a file at the top.</summary>
    internal string Room => File.Contains('/') ? File[..File.IndexOf('/')] : Path.GetFileNameWithoutExtension(File);

    /// <summary>What it is told by: the same as long as its member is not changed, wherever that stands.</summary>
    internal string Key => $"{File}\t{Member}\t{Was}\t{Is}\t{Nth}";
}
