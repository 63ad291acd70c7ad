using FsCheck.Xunit;
using Rmap.Properties.Generating;

namespace Rmap.Properties.Properties;

/// <summary>Property 7: the interval tree against a list.</summary>
[Trait("Speed", "Quick")]
public class IntervalTreeProperties
{
    [Property(MaxTest = 300, Replay = "1,11")]
    public void It_finds_what_a_list_finds_in_the_same_order(ulong seed)
    {
        var random = new SplitMix(seed);
        var tree = new IntervalTree<int>();
        var list = new List<IntervalNode<int>>();
        for (int i = 0; i < 200; i++)
        {
            Change(ref random, tree, list, i);
            long start = random.Below(24);
            long last = start + random.Below(6);
            Assert.Equal(list.Where(node => node.Start <= last && node.Last >= start).Select(node => node.Value), Found(tree, start, last));
            Assert.Equal(list.Select(node => node.Value), tree.InOrder());
            Assert.Equal(list.Count, tree.Count);
        }
    }

    /// <summary>
    /// A red-black tree of n nodes is at most twice log2(n + 1) deep, as each second node on a way is black at least and all ways have the
    /// same number of black ones; what comes in ascending order takes it near that.
    /// </summary>
    [Fact]
    public void It_stays_shallow_whatever_the_order()
    {
        const int Nodes = 1 << 14;
        var tree = new IntervalTree<int>();
        for (int i = 0; i < Nodes; i++)
            tree.Insert(new IntervalNode<int>(i), i, i);

        Assert.InRange(Depth(tree.Root), 14, 28);
    }

    [Fact]
    public void What_is_inserted_behind_a_stranger_is_refused()
    {
        var stranger = new IntervalNode<int>(1);
        var tree = new IntervalTree<int>();
        Assert.Throws<InvalidOperationException>(() => tree.InsertAfter(new IntervalNode<int>(2), stranger, 0));
    }

    private static void Change(ref SplitMix random, IntervalTree<int> tree, List<IntervalNode<int>> list, int value)
    {
        int draw = random.Below(10);
        if (draw < 4 && list.Count > 0)
        {
            int victim = random.Below(list.Count);
            tree.Remove(list[victim]);
            list.RemoveAt(victim);
            return;
        }

        var node = new IntervalNode<int>(value);
        if (draw == 4 && list.Count > 0)
        {
            int before = random.Below(list.Count);
            tree.InsertAfter(node, list[before], list[before].Start + random.Below(8));
            list.Insert(before + 1, node);
            return;
        }

        long start = random.Below(24);
        tree.Insert(node, start, start + random.Below(8));
        int place = list.FindIndex(other => other.Start > start);
        list.Insert(place < 0 ? list.Count : place, node);
    }

    private static int Depth(IntervalNode<int>? node) => node is null ? 0 : 1 + Math.Max(Depth(node.Left), Depth(node.Right));

    private static List<int> Found(IntervalTree<int> tree, long start, long last)
    {
        var found = new List<int>();
        for (IntervalNode<int>? node = tree.First(start, last); node is not null; node = node.Next(start, last))
            found.Add(node.Value);

        return found;
    }
}
