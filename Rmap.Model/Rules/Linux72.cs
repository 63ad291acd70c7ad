namespace Rmap.Model;

/// <summary>The rules of Linux 7.2.</summary>
public class Linux72 : Rules
{
    /// <inheritdoc/>
    public override string Name => "linux-7.2";

    /// <summary>
    /// Changed in 7.0 when <c>anon_vma_clone</c> was rewritten: it walks the source's chain from its head, so that every clone
    /// reverses the order.
    /// </summary>
    public override bool CloneWalksChainFromHead => true;
}
