namespace Rmap.Model;

/// <summary>The rules of Linux 6.12.</summary>
public class Linux612 : Rules
{
    /// <inheritdoc/>
    public override string Name => "linux-6.12";
}
