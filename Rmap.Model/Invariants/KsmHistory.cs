namespace Rmap.Model.Invariants;

/// <summary>
/// What a checker remembers of the states before, so that an entry which maps a KSM page is excused from being reached only as
/// long as Linux excuses it.
/// </summary>
internal sealed class KsmHistory(Machine machine)
{
    private readonly HashSet<StableNode> known = [];
    private readonly HashSet<StableNode> swapped = [];
    private int passes;

    /// <summary>Whether the node's page has been in the swap cache, as far as checks have seen.</summary>
    internal bool HasBeenSwapped(StableNode node) => swapped.Contains(node);

    /// <summary>Whether ksmd has made a whole pass since a check saw a page of this node.</summary>
    internal bool HasBeenPassed(StableNode node) => machine.Ksm.FullScans > passes && known.Contains(node);

    /// <summary>Ends a check.</summary>
    internal void Remember(Listing<Page> pages)
    {
        passes = machine.Ksm.FullScans;
        foreach (Page page in pages)
        {
            if (StableNode.Of(page) is { } node)
            {
                known.Add(node);
                if (page.SwapCache is not null)
                    swapped.Add(node);
            }
        }
    }
}
