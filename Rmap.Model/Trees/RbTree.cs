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
            node = parent;

        return node.Parent;
    }

    internal TNode? Child(bool left) => left ? Left : Right;

    /// <summary>
    /// Computes anew what it keeps of the nodes below it, which those know already (<c>rb_augment_callbacks</c>); whether that is another
    /// answer than before. Most trees keep nothing.
    /// </summary>
    internal virtual bool Augment() => false;

    internal static TNode Leftmost(TNode node)
    {
        while (node.Left is not null)
            node = node.Left;

        return node;
    }
}

/// <summary>
/// A red-black tree as <c>lib/rbtree.c</c> of 6.18 balances it. Its shape matters: a search of the stable tree prunes the stale nodes
/// that it meets on its way, so which ones go depends on where they stand. The caller searches the place of a new node.
/// </summary>
/// <typeparam name="TNode">What is kept.</typeparam>
public class RbTree<TNode>
    where TNode : RbNode<TNode>
{
    /// <summary>How many are in the tree.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => Root is null;

    /// <summary><c>rb_first</c>: the first one in order, or null.</summary>
    public TNode? FirstInOrder => Root is null ? null : RbNode<TNode>.Leftmost(Root);

    internal TNode? Root { get; private set; }

    /// <summary>All nodes in order.</summary>
    internal IEnumerable<TNode> Nodes()
    {
        for (TNode? node = FirstInOrder; node is not null; node = node.NextInOrder())
            yield return node;
    }

    /// <summary><c>rb_link_node</c> and <c>rb_insert_color</c>: puts a new node below a node that has no child on that side.</summary>
    internal void Insert(TNode node, TNode? parent, bool left)
    {
        if (node.Tree == this)
            throw new InvalidOperationException("The node is in the tree already: walks of the tree would never end.");

        Count++;
        node.Tree = this;
        node.Left = node.Right = node.Parent = null;
        node.IsRed = true;
        SetChild(parent, left, node);
        node.Augment();
        while (parent is not null && parent.Augment())
            parent = parent.Parent;

        while (node.Parent is { IsRed: true } above)
        {
            TNode grand = above.Parent!;
            bool onLeft = grand.Left == above;
            if (grand.Child(!onLeft) is { IsRed: true } uncle)
            {
                above.IsRed = uncle.IsRed = false;
                grand.IsRed = true;
                node = grand;
                continue;
            }

            if (above.Child(!onLeft) == node)
            {
                Rotate(above, onLeft);
                above = node;
            }

            above.IsRed = false;
            grand.IsRed = true;
            Rotate(grand, !onLeft);
            break;
        }

        Root!.IsRed = false;
    }

    /// <summary><c>rb_erase</c>.</summary>
    internal void Remove(TNode node)
    {
        if (node.Tree != this)
            throw new InvalidOperationException("The node is not in the tree.");

        TNode? child;
        TNode? parent;
        bool left;
        bool lostBlack;
        if (node.Left is null || node.Right is null)
        {
            child = node.Left ?? node.Right;
            parent = node.Parent;
            left = parent?.Left == node;
            lostBlack = !node.IsRed;
            Replace(node, child);
        }
        else
        {
            TNode successor = RbNode<TNode>.Leftmost(node.Right);
            child = successor.Right;
            lostBlack = !successor.IsRed;
            left = successor.Parent != node;
            parent = left ? successor.Parent : successor;
            if (left)
            {
                Replace(successor, child);
                SetChild(successor, false, node.Right);
            }

            Replace(node, successor);
            SetChild(successor, true, node.Left);
            successor.IsRed = node.IsRed;
        }

        Count--;
        node.Tree = null;
        node.Left = node.Right = node.Parent = null;
        AugmentFrom(parent);
        if (lostBlack && child is not null)
            child.IsRed = false;
        else if (lostBlack)
            FillUp(parent, left);
    }

    /// <summary>One side of <paramref name="parent"/> has one black node too few.</summary>
    private void FillUp(TNode? parent, bool left)
    {
        while (parent is not null)
        {
            TNode sibling = parent.Child(!left)!;
            if (sibling.IsRed)
            {
                sibling.IsRed = false;
                parent.IsRed = true;
                Rotate(parent, left);
                sibling = parent.Child(!left)!;
            }

            if (sibling.Left is not { IsRed: true } && sibling.Right is not { IsRed: true })
            {
                sibling.IsRed = true;
                if (parent.IsRed)
                {
                    parent.IsRed = false;
                    return;
                }

                left = parent.Parent?.Left == parent;
                parent = parent.Parent;
                continue;
            }

            if (sibling.Child(!left) is not { IsRed: true })
            {
                TNode near = sibling.Child(left)!;
                near.IsRed = false;
                sibling.IsRed = true;
                Rotate(sibling, !left);
                sibling = near;
            }

            sibling.IsRed = parent.IsRed;
            parent.IsRed = sibling.Child(!left)!.IsRed = false;
            Rotate(parent, left);
            return;
        }
    }

    private void Rotate(TNode node, bool left)
    {
        TNode up = node.Child(!left)!;
        Replace(node, up);
        SetChild(node, !left, up.Child(left));
        SetChild(up, left, node);
        node.Augment();
        up.Augment();
    }

    private static void AugmentFrom(TNode? node)
    {
        for (; node is not null; node = node.Parent)
            node.Augment();
    }

    private void Replace(TNode node, TNode? by) => SetChild(node.Parent, node.Parent?.Left == node, by);

    private void SetChild(TNode? parent, bool left, TNode? child)
    {
        if (parent is null)
            Root = child;
        else if (left)
            parent.Left = child;
        else
            parent.Right = child;

        if (child is not null)
            child.Parent = parent;
    }
}
