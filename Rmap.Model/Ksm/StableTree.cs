using Rmap.Model.Rmap;

namespace Rmap.Model.Ksm;

/// <summary>
/// ksmd's stable tree (<c>mm/ksm.c</c>, 6.18): the KSM pages in order of content, and the items that share each. Left out: page
/// locks, several NUMA nodes.
/// </summary>
internal static class StableTree
{
    /// <summary><c>ksm_get_folio</c>: the page of a node if it still is its page; else the node is stale and removed.</summary>
    internal static Page? GetPage(TaskStruct current, StableNode node)
    {
        Page? page = current.Machine.Frames[node.KPfn];
        if (page is not null && current.Rules.KsmIsStillItsPage(node, page))
            return page;

        Remove(current, node);
        return null;
    }

    /// <summary>
    /// <c>stable_tree_search</c>: the KSM page with this content that takes one more item, or null. A KSM page finds itself.
    /// </summary>
    internal static Page? Search(TaskStruct current, Page page)
    {
        if (StableNode.Of(page) is not null)
            return page;

        StableNode? found = Find(current, page, insert: false, out _, out _);
        return found is not null && MayShare(current, found, 0) ? current.Machine.Frames[found.KPfn] : null;
    }

    /// <summary>
    /// <c>stable_tree_insert</c>: gives a new KSM page a node. If the content is there already, no node with it has room: the
    /// new one becomes a dup in its chain, which is made if need be.
    /// </summary>
    internal static StableNode Insert(TaskStruct current, Page kpage)
    {
        StableNode? equal = Find(current, kpage, insert: true, out StablePlace? parent, out bool left);
        StablePlace place = equal?.Place ?? new StablePlace();
        if (equal is null)
            current.Machine.Ksm.Stable.Insert(place, parent, left);
        else
            place.IsChain = true;

        var node = new StableNode(current.Machine.Ksm.Nodes.Take(), kpage.Pfn, place);
        place.Nodes.Insert(0, node);
        kpage.Mapping = node;
        return node;
    }

    /// <summary><c>stable_tree_append</c>.</summary>
    internal static void Append(TaskStruct current, RmapItem item, StableNode node)
    {
        node.Length++;
        (item.Head, item.LeftHead) = (node, null);
        node.Items.Insert(0, item);
        if (node.Items.Count > 1)
            current.Machine.Ksm.PagesSharing++;
        else
            current.Machine.Ksm.PagesShared++;

        item.Mm.KsmMergingPages++;
    }

    /// <summary>
    /// <c>remove_rmap_item_from_tree</c> of a stable item. A node that it leaves empty stays; a stale one goes with all its items.
    /// </summary>
    internal static void Remove(TaskStruct current, RmapItem item)
    {
        StableNode node = item.Head!;
        if (GetPage(current, node) is null)
            return;

        node.Items.Remove(item);
        Detach(current, item, node, node.Items.Count);
    }

    /// <summary><c>remove_all_stable_nodes</c>: empties the tree, from its root on, up to a node whose page is mapped still.</summary>
    /// <returns>Whether it is empty.</returns>
    internal static bool TryRemoveAll(TaskStruct current)
    {
        while (current.Machine.Ksm.Stable.Root is { } place)
        {
            bool wasChain = place.IsChain;
            while (place.Nodes.Count > 0)
            {
                if (!TryRemoveUnused(current, place.Nodes[0]))
                    return false;
            }

            if (wasChain)
                current.Machine.Ksm.Stable.Remove(place);
        }

        return true;
    }

    /// <summary>
    /// <c>remove_stable_node</c>: also of a page that is mapped no more, but alive in the swap cache. It stays a KSM page, of no node.
    /// </summary>
    private static bool TryRemoveUnused(TaskStruct current, StableNode node)
    {
        if (GetPage(current, node) is not { } page)
            return true;

        if (page.MapCount > 0)
            return false;

        page.Mapping = StableNode.Null;
        Remove(current, node);
        return true;
    }

    /// <summary><c>remove_node_from_stable_tree</c>. A chain that it leaves empty stays until a search meets it.</summary>
    private static void Remove(TaskStruct current, StableNode node)
    {
        for (int i = 0; i < node.Items.Count; i++)
        {
            Detach(current, node.Items[i], node, node.Items.Count - 1 - i);
            node.Items[i].LeftHead = current.Rules.KsmFreedNodeIsForgotten ? null : node.Id;
        }

        node.Items.Clear();
        node.Place.Nodes.Remove(node);
        if (!node.Place.IsChain)
            current.Machine.Ksm.Stable.Remove(node.Place);

        node.IsFreed = true;
        current.Machine.Ksm.Nodes.Return(node.Id);
    }

    private static void Detach(TaskStruct current, RmapItem item, StableNode node, int left)
    {
        if (current.Rules.KsmIsStillShared(left))
            current.Machine.Ksm.PagesSharing--;
        else
            current.Machine.Ksm.PagesShared--;

        item.Mm.KsmMergingPages--;
        node.Length -= current.Rules.Does(LinuxStep.KsmRemovalShortensNode) ? 1 : 0;
        item.Head = null;
        PageRmap.ReleaseFor(current, item);
    }

    /// <summary>
    /// The way that search and insertion have in common: down to the place of this content. A stale node on the way is
    /// pruned, which may turn the tree, so the search begins again.
    /// </summary>
    /// <returns>The best node of the content, or null and where a new place for it would hang.</returns>
    private static StableNode? Find(TaskStruct current, Page page, bool insert, out StablePlace? parent, out bool left)
    {
        parent = null;
        left = false;
        StablePlace? at = current.Machine.Ksm.Stable.Root;
        while (at is not null)
        {
            if (Best(current, at) is not { } node)
                return Find(current, page, insert, out parent, out left);

            Page other = current.Machine.Frames[node.KPfn]!;
            int order = insert ? current.Rules.KsmInsertOrder(page, other) : current.Rules.KsmCompare(page, other);
            if (order == 0)
                return node;

            parent = at;
            left = order < 0;
            at = parent.Child(left);
        }

        return null;
    }

    /// <summary>
    /// <c>__stable_node_chain</c>, <c>stable_node_dup</c>: the node at a place; of a chain the first dup that has room, or the first
    /// of all. A chain of one becomes a plain node again, one of none disappears. Left out: that Linux goes through the whole chain if the
    /// last time is 2 seconds ago (<c>stable_node_chains_prune_millisecs</c>), as no time passes here.
    /// </summary>
    private static StableNode? Best(TaskStruct current, StablePlace place)
    {
        if (!place.IsChain)
            return GetPage(current, place.Nodes[0]) is null ? null : place.Nodes[0];

        StableNode? best = null;
        for (int i = 0; i < place.Nodes.Count;)
        {
            StableNode dup = place.Nodes[i];
            if (GetPage(current, dup) is null)
                continue;

            i++;
            best ??= dup;
            if (MayShare(current, dup, 0))
            {
                best = dup;
                break;
            }
        }

        if (best is null)
        {
            current.Machine.Ksm.Stable.Remove(place);
        }
        else if (current.Rules.KsmChainCollapses(place))
        {
            place.IsChain = false;
        }
        else if (place.Nodes[0] != best && MayShare(current, best, 1))
        {
            place.Nodes.Remove(best);
            place.Nodes.Insert(0, best);
        }

        return best;
    }

    private static bool MayShare(TaskStruct current, StableNode node, int more) =>
        current.Rules.KsmMayShare(node, more, current.Machine.Ksm.MaxPageSharing);
}
