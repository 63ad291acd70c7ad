namespace Rmap.Properties.Generating;

/// <summary>The size of generated cases: small, so that operations meet.</summary>
/// <param name="Processes">Processes alive at once, at most.</param>
/// <param name="Pages">Pages of the address space that are used.</param>
/// <param name="Operations">Operations of a case.</param>
public sealed record Limits(int Processes = 6, int Pages = 48, int Operations = 50)
{
    /// <summary>The defaults.</summary>
    public static readonly Limits Default = new();
}
