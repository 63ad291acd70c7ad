namespace Rmap.Properties.Architecture;

/// <summary>A file uses what another one declares.</summary>
/// <param name="From">The path of the file that uses it.</param>
/// <param name="Line">The line where it does, from 1.</param>
/// <param name="To">The path of the file that declares it.</param>
/// <param name="Symbol">What is used: a type, or a member with its type.</param>
/// <param name="Gives">The type of a member's value; empty for a type.</param>
internal sealed record Arrow(string From, int Line, string To, string Symbol, string Gives = "")
{
    /// <inheritdoc/>
    public override string ToString() => $"{From}:{Line} -> {To} ({Symbol})";
}
