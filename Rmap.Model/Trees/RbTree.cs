namespace Rmap.Model.Trees;

/// <summary>A node of an <see cref="RbTree{T}"/>.</summary>
internal sealed class RbNode<T>(T value)
{
    internal RbNode<T>? Left, Right, Parent;
    internal bool IsRed;

    /// <summary>What tells the tree that the node is in, or null.</summary>
    internal object? Membership;

    internal T Value { get; } = value;

    internal RbNode<T>? Child(bool left) => left ? Left : Right;
}

/// <summary>
/// A red-black tree as <c>lib/rbtree.c</c> of 6.18 balances it. Its shape matters: a search of the stable tree prunes the stale nodes
/// that it meets on its way, so which ones go depends on where they stand. The caller searches the place of a new node.
/// </summary>
internal sealed class RbTree<T>
{
    /// <summary>Another one after all nodes were forgotten, so that these need not be told.</summary>
    private object membership = new();

    internal RbNode<T>? Root { get; private set; }

    /// <summary><c>rb_first</c>.</summary>
    internal RbNode<T>? First => Root is null ? null : Leftmost(Root);

    /// <summary>All values in order.</summary>
    internal IEnumerable<T> InOrder()
    {
        for (RbNode<T>? node = First; node is not null; node = Next(node))
        {
            yield return node.Value;
        }
    }

    /// <summary>Forgets all nodes (<c>RB_ROOT</c>).</summary>
    internal void Clear()
    {
        Root = null;
        membership = new object();
    }

    /// <summary><c>rb_link_node</c> and <c>rb_insert_color</c>: puts a new node below a node that has no child on that side.</summary>
    internal void Insert(RbNode<T> node, RbNode<T>? parent, bool left)
    {
        if (node.Membership == membership)
        {
            throw new InvalidOperationException("The node is in the tree already: walks of the tree would never end.");
        }

        node.Membership = membership;
        node.Left = node.Right = node.Parent = null;
        node.IsRed = true;
        SetChild(parent, left, node);
        while (node.Parent is { IsRed: true } above)
        {
            RbNode<T> grand = above.Parent!;
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
    internal void Erase(RbNode<T> node)
    {
        if (node.Membership != membership)
        {
            throw new InvalidOperationException("The node is not in the tree.");
        }

        node.Membership = null;
        RbNode<T>? child;
        RbNode<T>? parent;
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
            RbNode<T> successor = Leftmost(node.Right);
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

        if (!lostBlack)
        {
            return;
        }

        if (child is not null)
        {
            child.IsRed = false;
        }
        else
        {
            FillUp(parent, left);
        }
    }

    /// <summary>One side of <paramref name="parent"/> has one black node too few.</summary>
    private void FillUp(RbNode<T>? parent, bool left)
    {
        while (parent is not null)
        {
            RbNode<T> sibling = parent.Child(!left)!;
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
                RbNode<T> near = sibling.Child(left)!;
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

    private void Rotate(RbNode<T> node, bool left)
    {
        RbNode<T> up = node.Child(!left)!;
        Replace(node, up);
        SetChild(node, !left, up.Child(left));
        SetChild(up, left, node);
    }

    private void Replace(RbNode<T> node, RbNode<T>? by)
    {
        SetChild(node.Parent, node.Parent?.Left == node, by);
    }

    private void SetChild(RbNode<T>? parent, bool left, RbNode<T>? child)
    {
        if (parent is null)
        {
            Root = child;
        }
        else if (left)
        {
            parent.Left = child;
        }
        else
        {
            parent.Right = child;
        }

        if (child is not null)
        {
            child.Parent = parent;
        }
    }

    private static RbNode<T> Leftmost(RbNode<T> node)
    {
        while (node.Left is not null)
        {
            node = node.Left;
        }

        return node;
    }

    internal static RbNode<T>? Next(RbNode<T> node)
    {
        if (node.Right is not null)
        {
            return Leftmost(node.Right);
        }

        while (node.Parent is { } parent && parent.Right == node)
        {
            node = parent;
        }

        return node.Parent;
    }
}
