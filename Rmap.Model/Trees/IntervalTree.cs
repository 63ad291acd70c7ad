using System.Diagnostics.CodeAnalysis;

namespace Rmap.Model.Trees;

/// <summary>An element of an <see cref="IntervalTree{T}"/>, owned by the object that is kept there.</summary>
/// <typeparam name="T">What is kept.</typeparam>
/// <param name="value">The object.</param>
public sealed class IntervalNode<T>(T value) : RbNode<IntervalNode<T>>
{
    private long subtreeLast;

    /// <summary>The object.</summary>
    public T Value { get; } = value;

    /// <summary>First key of the interval, as it was when the node was inserted.</summary>
    public long Start { get; internal set; }

    /// <summary>Last key of the interval (inclusive), as it was when the node was inserted.</summary>
    public long Last { get; internal set; }

    /// <summary>The next interval in order that overlaps [<paramref name="start"/>, <paramref name="last"/>], or null.</summary>
    public IntervalNode<T>? Next(long start, long last)
    {
        IntervalNode<T>? node = this;
        while (!Reaches(node.Right, start))
        {
            node = node.NextAbove();
            if (node is null || node.Start > last)
                return null;

            if (node.Last >= start)
                return node;
        }

        return node.Right.FirstBelow(start, last);
    }

    /// <summary>The first one, from here down, that overlaps [<paramref name="start"/>, <paramref name="last"/>], or null.</summary>
    internal IntervalNode<T>? FirstBelow(long start, long last)
    {
        IntervalNode<T> node = this;
        while (true)
        {
            if (Reaches(node.Left, start))
                node = node.Left;
            else if (node.Start <= last && node.Last >= start)
                return node;
            else if (node.Start <= last && Reaches(node.Right, start))
                node = node.Right;
            else
                return null;
        }
    }

    internal override bool Augment()
    {
        long before = subtreeLast;
        subtreeLast = Math.Max(Last, Math.Max(Left?.subtreeLast ?? long.MinValue, Right?.subtreeLast ?? long.MinValue));
        return subtreeLast != before;
    }

    private static bool Reaches([NotNullWhen(true)] IntervalNode<T>? node, long start) => node is not null && node.subtreeLast >= start;
}

/// <summary>
/// A search tree of intervals, ordered by start and augmented with the greatest end of each subtree, after
/// <c>include/linux/interval_tree_generic.h</c> of 6.18: inserting and removing take O(log n), finding the k intervals that
/// overlap a range O(log n + k). Of equal starts the one inserted later comes later.
/// </summary>
/// <typeparam name="T">What is kept.</typeparam>
public sealed class IntervalTree<T> : RbTree<IntervalNode<T>>
{
    /// <summary>All intervals in order.</summary>
    public IEnumerable<T> InOrder() => Nodes().Select(node => node.Value);

    /// <summary>The first interval in order that overlaps [<paramref name="start"/>, <paramref name="last"/>], or null.</summary>
    public IntervalNode<T>? First(long start, long last) => Root?.FirstBelow(start, last);

    /// <summary>Inserts a node that is in no tree, behind those with the same start.</summary>
    public void Insert(IntervalNode<T> node, long start, long last)
    {
        IntervalNode<T>? parent = null;
        bool left = false;
        for (IntervalNode<T>? at = Root; at is not null; at = left ? at.Left : at.Right)
        {
            parent = at;
            left = start < at.Start;
        }

        Insert(node, start, last, parent, left);
    }

    /// <summary>
    /// Inserts a node right after another one with the same start (<c>vma_interval_tree_insert_after</c>): fork puts the child's
    /// VMA behind its parent's.
    /// </summary>
    public void InsertAfter(IntervalNode<T> node, IntervalNode<T> previous, long last)
    {
        if (previous.Tree != this)
            throw new InvalidOperationException("The interval to insert behind is not in this tree.");

        bool left = previous.Right is not null;
        Insert(node, previous.Start, last, left ? previous.NextInOrder() : previous, left);
    }

    private void Insert(IntervalNode<T> node, long start, long last, IntervalNode<T>? parent, bool left)
    {
        if (node.Tree is not null)
            throw new InvalidOperationException("The interval is in a tree already.");

        node.Start = start;
        node.Last = last;
        Insert(node, parent, left);
    }
}
