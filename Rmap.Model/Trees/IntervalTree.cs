namespace Rmap.Model.Trees;

/// <summary>An element of an <see cref="IntervalTree{T}"/>, owned by the object that is kept there.</summary>
/// <typeparam name="T">What is kept.</typeparam>
/// <param name="value">The object.</param>
public sealed class IntervalNode<T>(T value)
{
    /// <summary>The object.</summary>
    public T Value { get; } = value;

    /// <summary>First key of the interval, as it was when the node was inserted.</summary>
    public long Start { get; internal set; }

    /// <summary>Last key of the interval (inclusive), as it was when the node was inserted.</summary>
    public long Last { get; internal set; }

    /// <summary>The tree the node is in, or null.</summary>
    public IntervalTree<T>? Tree { get; internal set; }

    internal IntervalNode<T>? Left, Right, Parent;
    internal int Height;
    internal long SubtreeLast;

    /// <summary>The next interval in order, or null.</summary>
    public IntervalNode<T>? NextInOrder()
    {
        if (Right is not null)
        {
            return Leftmost(Right);
        }

        IntervalNode<T> node = this;
        while (node.Parent is { } parent)
        {
            if (parent.Left == node)
            {
                return parent;
            }

            node = parent;
        }

        return null;
    }

    /// <summary>The next interval in order that overlaps [<paramref name="start"/>, <paramref name="last"/>], or null.</summary>
    public IntervalNode<T>? Next(long start, long last)
    {
        IntervalNode<T> node = this;
        while (true)
        {
            if (node.Right is { } right && right.SubtreeLast >= start)
            {
                return FirstIn(right, start, last);
            }

            IntervalNode<T> child;
            do
            {
                child = node;
                if (node.Parent is null)
                {
                    return null;
                }

                node = node.Parent;
            }
            while (node.Right == child);

            if (node.Start > last)
            {
                return null;
            }

            if (node.Last >= start)
            {
                return node;
            }
        }
    }

    internal static IntervalNode<T>? FirstIn(IntervalNode<T> node, long start, long last)
    {
        while (true)
        {
            if (node.Left is { } left && left.SubtreeLast >= start)
            {
                node = left;
            }
            else if (node.Start <= last && node.Last >= start)
            {
                return node;
            }
            else if (node.Start <= last && node.Right is { } right && right.SubtreeLast >= start)
            {
                node = right;
            }
            else
            {
                return null;
            }
        }
    }

    internal static IntervalNode<T> Leftmost(IntervalNode<T> node)
    {
        while (node.Left is not null)
        {
            node = node.Left;
        }

        return node;
    }
}

/// <summary>
/// A balanced (AVL) search tree of intervals, ordered by start and augmented with the greatest end of each subtree, after
/// <c>include/linux/interval_tree_generic.h</c> of 6.18: inserting and removing take O(log n), finding the k intervals that
/// overlap a range O(log n + k). Of equal starts the one inserted later comes later. Linux balances by colours; the order is the same.
/// </summary>
/// <typeparam name="T">What is kept.</typeparam>
public sealed class IntervalTree<T>
{
    private IntervalNode<T>? root;

    /// <summary>Intervals in the tree.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => root is null;

    /// <summary>Nodes on the longest way down.</summary>
    internal int Depth => Height(root);

    /// <summary>The first interval in order, or null.</summary>
    public IntervalNode<T>? FirstInOrder => root is null ? null : IntervalNode<T>.Leftmost(root);

    /// <summary>All intervals in order.</summary>
    public IEnumerable<T> InOrder()
    {
        for (IntervalNode<T>? node = FirstInOrder; node is not null; node = node.NextInOrder())
        {
            yield return node.Value;
        }
    }

    /// <summary>The first interval in order that overlaps [<paramref name="start"/>, <paramref name="last"/>], or null.</summary>
    public IntervalNode<T>? First(long start, long last) =>
        root is null || root.SubtreeLast < start ? null : IntervalNode<T>.FirstIn(root, start, last);

    /// <summary>Inserts a node that is in no tree, behind those with the same start.</summary>
    public void Insert(IntervalNode<T> node, long start, long last)
    {
        Claim(node, start, last);
        if (root is null)
        {
            root = node;
            Update(node);
            return;
        }

        IntervalNode<T> at = root;
        while ((start < at.Start ? at.Left : at.Right) is { } below)
        {
            at = below;
        }

        Attach(node, at, left: start < at.Start);
    }

    /// <summary>
    /// Inserts a node right after another one with the same start (<c>vma_interval_tree_insert_after</c>): fork puts the child's
    /// VMA behind its parent's.
    /// </summary>
    public void InsertAfter(IntervalNode<T> node, IntervalNode<T> previous, long last)
    {
        if (previous.Tree != this)
        {
            throw new InvalidOperationException("The interval to insert behind is not in this tree.");
        }

        Claim(node, previous.Start, last);
        if (previous.Right is null)
        {
            Attach(node, previous, left: false);
        }
        else
        {
            Attach(node, IntervalNode<T>.Leftmost(previous.Right), left: true);
        }
    }

    /// <summary>Takes a node out.</summary>
    public void Remove(IntervalNode<T> node)
    {
        if (node.Tree != this)
        {
            throw new InvalidOperationException("The interval is not in this tree.");
        }

        IntervalNode<T>? changed;
        if (node.Left is null || node.Right is null)
        {
            changed = node.Parent;
            Replace(node, node.Left ?? node.Right);
        }
        else
        {
            IntervalNode<T> successor = IntervalNode<T>.Leftmost(node.Right);
            changed = successor.Parent == node ? successor : successor.Parent;
            if (successor.Parent != node)
            {
                Replace(successor, successor.Right);
                SetRight(successor, node.Right);
            }

            Replace(node, successor);
            SetLeft(successor, node.Left);
        }

        node.Left = node.Right = node.Parent = null;
        node.Tree = null;
        Count--;
        Rebalance(changed);
    }

    private void Claim(IntervalNode<T> node, long start, long last)
    {
        if (node.Tree is not null)
        {
            throw new InvalidOperationException("The interval is in a tree already.");
        }

        node.Tree = this;
        node.Start = start;
        node.Last = last;
        Count++;
    }

    private void Attach(IntervalNode<T> node, IntervalNode<T> parent, bool left)
    {
        node.Parent = parent;
        if (left)
        {
            parent.Left = node;
        }
        else
        {
            parent.Right = node;
        }

        Rebalance(node);
    }

    private void Replace(IntervalNode<T> node, IntervalNode<T>? by)
    {
        if (node.Parent is null)
        {
            root = by;
        }
        else if (node.Parent.Left == node)
        {
            node.Parent.Left = by;
        }
        else
        {
            node.Parent.Right = by;
        }

        if (by is not null)
        {
            by.Parent = node.Parent;
        }
    }

    private void Rebalance(IntervalNode<T>? node)
    {
        for (; node is not null; node = node.Parent)
        {
            Update(node);
            int balance = Height(node.Left) - Height(node.Right);
            if (balance > 1)
            {
                if (Height(node.Left!.Left) < Height(node.Left.Right))
                {
                    RotateLeft(node.Left);
                }

                node = RotateRight(node);
            }
            else if (balance < -1)
            {
                if (Height(node.Right!.Right) < Height(node.Right.Left))
                {
                    RotateRight(node.Right);
                }

                node = RotateLeft(node);
            }
        }
    }

    private IntervalNode<T> RotateLeft(IntervalNode<T> node)
    {
        IntervalNode<T> up = node.Right!;
        Replace(node, up);
        SetRight(node, up.Left);
        SetLeft(up, node);
        Update(node);
        Update(up);
        return up;
    }

    private IntervalNode<T> RotateRight(IntervalNode<T> node)
    {
        IntervalNode<T> up = node.Left!;
        Replace(node, up);
        SetLeft(node, up.Right);
        SetRight(up, node);
        Update(node);
        Update(up);
        return up;
    }

    private static void SetLeft(IntervalNode<T> node, IntervalNode<T>? child)
    {
        node.Left = child;
        if (child is not null)
        {
            child.Parent = node;
        }
    }

    private static void SetRight(IntervalNode<T> node, IntervalNode<T>? child)
    {
        node.Right = child;
        if (child is not null)
        {
            child.Parent = node;
        }
    }

    private static int Height(IntervalNode<T>? node) => node?.Height ?? 0;

    private static void Update(IntervalNode<T> node)
    {
        node.Height = 1 + Math.Max(Height(node.Left), Height(node.Right));
        node.SubtreeLast = Math.Max(node.Last, Math.Max(node.Left?.SubtreeLast ?? long.MinValue, node.Right?.SubtreeLast ?? long.MinValue));
    }
}
