namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// Whether the chain of a VMA ends with the root of its AVs. Up to 6.18 <c>unlink_anon_vmas</c> relies on it to free the root last.
    /// No decision, but what the decisions promise: an invariant asks.
    /// </summary>
    public virtual bool ChainEndsWithRoot => true;
}
