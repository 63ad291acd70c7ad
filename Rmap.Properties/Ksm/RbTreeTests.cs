namespace Rmap.Properties.KsmTests;

/// <summary>The tree that both of ksmd's trees are made of.</summary>
[Trait("Speed", "Quick")]
public class RbTreeTests
{
    [Fact]
    public void It_stays_ordered_and_balanced_whatever_is_put_in_and_taken_out()
    {
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            var tree = new RbTree<Node>();
            var nodes = new SortedDictionary<int, Node>();
            for (int step = 0; step < 100; step++)
            {
                int key = random.Next(40);
                if (nodes.Remove(key, out Node? node))
                    tree.Remove(node);
                else
                    nodes.Add(key, Insert(tree, key));

                Assert.Equal(nodes.Keys, tree.Nodes().Select(node => node.Value));
                Check(tree.Root, null, false);
                Assert.False(tree.Root?.IsRed ?? false);
            }
        }
    }

    /// <summary>Shapes worked out by hand after <c>lib/rbtree.c</c>: (left key right), red keys with a star.</summary>
    [Theory]
    [InlineData("1 2 3", "", "(1* 2 3*)")]
    [InlineData("3 1 2", "", "(1* 2 3*)")]
    [InlineData("1 2 3 4 5", "", "(1 2 (3* 4 5*))")]
    [InlineData("1 2 3 4 5 6", "", "(1 2 (3 4* (. 5 6*)))")]
    [InlineData("1 2 3 4 5 6 7 8", "", "((1 2* 3) 4 (5 6* (. 7 8*)))")]
    [InlineData("1 2 3 4", "1", "(2 3 4)")]
    [InlineData("1 2 3 4 5", "2", "(1 3 (. 4 5*))")]
    [InlineData("1 2 3 4 5 6", "1", "((. 2 3*) 4 (. 5 6*))")]
    [InlineData("4 2 6 1 3", "6", "(1 2 (3* 4 .))")]
    [InlineData("4 2 6 3", "6", "(2 3 4)")]
    public void Its_shape_is_that_of_the_kernels(string inserted, string erased, string shape)
    {
        var tree = new RbTree<Node>();
        var nodes = inserted.Split(' ').Select(int.Parse).ToDictionary(key => key, key => Insert(tree, key));
        foreach (string key in erased.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            tree.Remove(nodes[int.Parse(key)]);

        Assert.Equal(shape, Shape(tree.Root));
    }

    [Fact]
    public void A_node_is_in_the_tree_once_or_not_at_all()
    {
        var tree = new RbTree<Node>();
        Node node = Insert(tree, 1);
        Node other = Insert(tree, 2);
        Assert.Throws<InvalidOperationException>(() => tree.Insert(node, other, left: false));
        tree.Remove(node);
        Assert.Throws<InvalidOperationException>(() => tree.Remove(node));
        var next = new RbTree<Node>();
        Assert.Throws<InvalidOperationException>(() => next.Remove(other));
        next.Insert(other, null, left: false);
        Assert.Equal([other], next.Nodes());
        Assert.Throws<InvalidOperationException>(() => tree.Remove(other));
    }

    private static Node Insert(RbTree<Node> tree, int key)
    {
        Node? parent = null;
        bool left = false;
        for (Node? at = tree.Root; at is not null; at = at.Child(left))
        {
            parent = at;
            left = key < at.Value;
        }

        var node = new Node(key);
        tree.Insert(node, parent, left);
        return node;
    }

    /// <summary>The number of black nodes down to each leaf.</summary>
    private static int Check(Node? node, Node? parent, bool parentIsRed)
    {
        if (node is null)
            return 0;

        Assert.Same(parent, node.Parent);
        Assert.Equal(parent is null ? 0 : parent.Depth + 1, node.Depth);
        Assert.False(parentIsRed && node.IsRed);
        int blacks = Check(node.Left, node, node.IsRed);
        Assert.Equal(blacks, Check(node.Right, node, node.IsRed));
        return blacks + (node.IsRed ? 0 : 1);
    }

    private static string Shape(Node? node)
    {
        if (node is null)
            return ".";

        string key = node.Value + (node.IsRed ? "*" : "");
        return node.Left is null && node.Right is null ? key : $"({Shape(node.Left)} {key} {Shape(node.Right)})";
    }

    private sealed class Node(int value) : RbNode<Node>
    {
        internal int Value { get; } = value;
    }
}
