namespace Rmap.Model.Trees;

/// <summary><c>struct rb_node</c>: what an object brings along to be kept in an <see cref="RbTree{TNode}"/>.</summary>
/// <typeparam name="TNode">The object.</typeparam>
public abstract class RbNode<TNode>
    where TNode : RbNode<TNode>
{
    internal TNode? Left, Right, Parent;
    internal bool IsRed;

    /// <summary>The tree it is in, or null.</summary>
    public RbTree<TNode>? Tree { get; internal set; }

    /// <summary>How many nodes are above it. In order, and with the colours, it tells the shape of the tree.</summary>
    internal int Depth => Parent is null ? 0 : 1 + Parent.Depth;

    /// <summary><c>rb_next</c>: the next one in order, or null.</summary>
    public TNode? NextInOrder() => Right is not null ? Leftmost(Right) : NextAbove();

    /// <summary>The next one in order among those that it is below, or null.</summary>
    internal TNode? NextAbove()
    {
        RbNode<TNode> node = this;
        while (node.Parent is { } parent && parent.Right == node)
        {
            node = parent;
        }

        return node.Parent;
    }

    internal TNode? Child(bool left) => left ? Left : Right;

    /// <summary>
    /// Computes anew what it keeps of the nodes below it, which those know already (<c>rb_augment_callbacks</c>). Most trees keep nothing.
    /// </summary>
    internal virtual void Augment()
    {
    }

    internal static TNode Leftmost(TNode node)
    {
        while (node.Left is not null)
        {
            node = node.Left;
        }

        return node;
    }
}
