namespace Rmap.Model.Invariants;

/// <summary>
/// What a checker remembers of the states before, so that an entry which maps a KSM page is excused from being reached only as
/// long as Linux excuses it.
/// </summary>
internal sealed class KsmHistory(Machine machine)
{
    private StableNode?[] known = new StableNode?[16];
    private StableNode?[] swapped = new StableNode?[16];
    private int passes;

    /// <summary>Whether the node's page has been in the swap cache, as far as checks have seen.</summary>
    internal bool HasBeenSwapped(StableNode node) => Is(node, swapped);

    /// <summary>Whether ksmd has made a whole pass since a check saw a page of this node.</summary>
    internal bool HasBeenPassed(StableNode node) => machine.Ksm.FullScans > passes && Is(node, known);

    /// <summary>Ends a check.</summary>
    internal void Remember(Listing<Page> pages)
    {
        passes = machine.Ksm.FullScans;
        foreach (Page page in pages)
        {
            if (StableNode.Of(page) is { } node)
            {
                Set(ref known, node);
                if (page.SwapCache is not null)
                    Set(ref swapped, node);
            }
        }
    }

    private static bool Is(StableNode node, StableNode?[] nodes) => node.Id < nodes.Length && nodes[node.Id] == node;

    private static void Set(ref StableNode?[] nodes, StableNode node)
    {
        if (node.Id >= nodes.Length)
            Array.Resize(ref nodes, 2 * node.Id);

        nodes[node.Id] = node;
    }
}
