namespace Rmap.Properties.Generating;

/// <summary>The size of generated cases: small, so that operations meet.</summary>
/// <param name="Processes">Processes alive at once, at most.</param>
/// <param name="Pages">Pages of the address space that are used.</param>
/// <param name="Operations">Operations of a case.</param>
/// <param name="IsPlain">
/// Whether all cases lie at the beginning of the address space, with small numbers and on a machine with the usual settings: what is drawn
/// for a real kernel, or to be short.
/// </param>
public sealed record Limits(int Processes = 6, int Pages = 48, int Operations = 50, bool IsPlain = false)
{
    /// <summary>The defaults.</summary>
    public static readonly Limits Default = new();
}
