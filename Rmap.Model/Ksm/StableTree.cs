namespace Rmap.Model.Ksm;

/// <summary>
/// ksmd's stable tree (<c>mm/ksm.c</c>, 6.18): the KSM pages in order of content, and the items that share each. Left out: page
/// locks, several NUMA nodes.
/// </summary>
internal sealed class StableTree
{
    private readonly RbTree<StablePlace> tree = new();
    private readonly SmallestFirst ids = new();
    private readonly Machine machine;

    internal StableTree(Machine machine) => this.machine = machine;

    /// <summary><c>ksm_pages_shared</c>.</summary>
    internal int PagesShared { get; private set; }

    /// <summary><c>ksm_pages_sharing</c>.</summary>
    internal int PagesSharing { get; private set; }

    /// <summary>The first place in order of content, or null.</summary>
    internal RbNode<StablePlace>? FirstPlace => tree.First;

    /// <summary>The places in order of content.</summary>
    internal IEnumerable<StablePlace> Places => tree.InOrder();

    /// <summary>
    /// <c>ksm_get_folio</c>: the page of a node if it still is its page; else the node is stale and removed.
    /// </summary>
    internal Page? GetPage(StableNode node)
    {
        Page? page = machine.Frames[node.KPfn];
        if (page is not null && machine.Rules.KsmIsStillItsPage(node, page))
        {
            return page;
        }

        Remove(node);
        return null;
    }

    /// <summary>
    /// <c>stable_tree_search</c>: the KSM page with this content that takes one more item, or null. A KSM page finds itself.
    /// </summary>
    internal Page? Search(Page page)
    {
        if (StableNode.Of(page) is not null)
        {
            return page;
        }

        StableNode? found = Find(page, machine.Rules.KsmSearchPrunesChains, insert: false, out _, out _);
        return found is not null && MayShare(found, 0) ? machine.Frames[found.KPfn] : null;
    }

    /// <summary>
    /// <c>stable_tree_insert</c>: gives a new KSM page a node. If the content is there already, no node with it has room: the
    /// new one becomes a dup in its chain, which is made if need be.
    /// </summary>
    internal StableNode Insert(Page kpage)
    {
        StableNode? equal = Find(kpage, false, insert: true, out RbNode<StablePlace>? parent, out bool left);
        StablePlace place = equal?.Place ?? new StablePlace();
        if (equal is null)
        {
            tree.Insert(place.TreeNode, parent, left);
        }
        else
        {
            place.IsChain = true;
        }

        var node = new StableNode(ids.Take(), kpage.Pfn, place);
        place.Nodes.Insert(0, node);
        kpage.Mapping = node;
        return node;
    }

    /// <summary><c>stable_tree_append</c>.</summary>
    internal void Append(RmapItem item, StableNode node)
    {
        node.Length++;
        item.Head = node;
        node.Items.Insert(0, item);
        if (node.Items.Count > 1)
        {
            PagesSharing++;
        }
        else
        {
            PagesShared++;
        }

        item.Mm.KsmMergingPages++;
    }

    /// <summary>
    /// <c>remove_rmap_item_from_tree</c> of a stable item. A node that it leaves empty stays; a stale one goes with all its items.
    /// </summary>
    internal void Remove(RmapItem item)
    {
        StableNode node = item.Head!;
        if (GetPage(node) is null)
        {
            return;
        }

        node.Items.Remove(item);
        Detach(item, node, node.Items.Count);
    }

    /// <summary>
    /// <c>remove_all_stable_nodes</c>: empties the tree, from its root on, up to a node whose page is mapped still.
    /// </summary>
    /// <returns>Whether it is empty.</returns>
    internal bool TryRemoveAll()
    {
        while (tree.Root is { } root)
        {
            StablePlace place = root.Value;
            bool wasChain = place.IsChain;
            while (place.Nodes.Count > 0)
            {
                if (!TryRemoveUnused(place.Nodes[0]))
                {
                    return false;
                }
            }

            if (wasChain)
            {
                tree.Erase(root);
            }
        }

        return true;
    }

    /// <summary>
    /// <c>remove_stable_node</c>: also of a page that is mapped no more, but alive in the swap cache. It stays a KSM page, of no node.
    /// </summary>
    private bool TryRemoveUnused(StableNode node)
    {
        if (GetPage(node) is not { } page)
        {
            return true;
        }

        if (page.MapCount > 0)
        {
            return false;
        }

        page.Mapping = StableNode.Null;
        Remove(node);
        return true;
    }

    /// <summary><c>remove_node_from_stable_tree</c>. A chain that it leaves empty stays until a search meets it.</summary>
    private void Remove(StableNode node)
    {
        for (int i = 0; i < node.Items.Count; i++)
        {
            Detach(node.Items[i], node, node.Items.Count - 1 - i);
        }

        node.Items.Clear();

        node.Place.Nodes.Remove(node);
        if (!node.Place.IsChain)
        {
            tree.Erase(node.Place.TreeNode);
        }

        node.IsFreed = true;
        ids.Return(node.Id);
    }

    private void Detach(RmapItem item, StableNode node, int left)
    {
        if (machine.Rules.KsmIsStillShared(left))
        {
            PagesSharing--;
        }
        else
        {
            PagesShared--;
        }

        item.Mm.KsmMergingPages--;
        node.Length -= machine.Rules.KsmRemovalShortensNode ? 1 : 0;
        item.Head = null;
        ReleaseAnonVma(item);
    }

    /// <summary>Lets go of the AV that the item recorded when it was merged.</summary>
    internal void ReleaseAnonVma(RmapItem item)
    {
        if (machine.Rules.KsmItemHoldsAnonVma)
        {
            machine.AnonVmas.Put(item.AnonVma!);
        }

        item.AnonVma = null;
    }

    /// <summary>
    /// The way that search and insertion have in common: down to the place of this content. A stale node on the way is
    /// pruned, which may turn the tree, so the search begins again.
    /// </summary>
    /// <returns>The best node of the content, or null and where a new place for it would hang.</returns>
    private StableNode? Find(Page page, bool prune, bool insert, out RbNode<StablePlace>? parent, out bool left)
    {
        parent = null;
        left = false;
        RbNode<StablePlace>? at = tree.Root;
        while (at is not null)
        {
            if (Best(at.Value, prune) is not { } node)
            {
                parent = null;
                at = tree.Root;
                continue;
            }

            Page other = machine.Frames[node.KPfn]!;
            int order = insert ? machine.Rules.KsmInsertOrder(page, other) : machine.Rules.KsmCompare(page, other);
            if (order == 0)
            {
                return node;
            }

            parent = at;
            left = order < 0;
            at = parent.Child(left);
        }

        return null;
    }

    /// <summary>
    /// <c>__stable_node_chain</c>, <c>stable_node_dup</c>: the node at a place; of a chain the fullest dup that still has room, and
    /// without pruning the first that has. A chain of one becomes a plain node again, one of none disappears.
    /// </summary>
    private StableNode? Best(StablePlace place, bool prune)
    {
        if (!place.IsChain)
        {
            return GetPage(place.Nodes[0]) is null ? null : place.Nodes[0];
        }

        StableNode? best = null;
        for (int i = 0; i < place.Nodes.Count;)
        {
            StableNode dup = place.Nodes[i];
            if (GetPage(dup) is null)
            {
                continue;
            }

            i++;
            if (best is null || IsBetter(dup, best))
            {
                best = dup;
            }

            if (!prune && MayShare(best, 0))
            {
                break;
            }
        }

        if (best is null)
        {
            tree.Erase(place.TreeNode);
        }
        else if (place.Nodes.Count == 1)
        {
            place.IsChain = false;
        }
        else if (place.Nodes[0] != best && MayShare(best, 1))
        {
            place.Nodes.Remove(best);
            place.Nodes.Insert(0, best);
        }

        return best;
    }

    private bool MayShare(StableNode node, int more) => machine.Rules.KsmMayShare(node, more, machine.Ksm.MaxPageSharing);

    private bool IsBetter(StableNode dup, StableNode best) =>
        MayShare(dup, 0) && (!MayShare(best, 0) || dup.Length > best.Length);
}
