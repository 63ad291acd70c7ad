namespace Rmap.Properties.Defects;

/// <summary>
/// <c>get_next_rmap_item</c> puts a new item at the head of the list (<c>mm_slot->rmap_list</c>), not where the scan is. The next pass does
/// not find it, and begins anew with every page. First seen by ksm-item-order.
/// </summary>
public sealed class N23KsmItemAtHead() : Defect("N23", "new rmap_items go to the head of the list")
{
    public override int KsmPlaceOfNewItem(int cursor) => 0;
}

/// <summary>
/// <c>remove_rmap_item_from_tree</c> asks whether the node has items before it takes this one out. The last item then lowers pages_sharing
/// instead of pages_shared. First seen by ksm-pages.
/// </summary>
public sealed class N26KsmCountsBeforeRemoval() : Defect("N26", "the last item of a node is counted as one that shared")
{
    public override bool KsmIsStillShared(int left) => left + 1 > 0;
}

/// <summary>
/// A KSM page whose equals are full goes behind them in the stable tree, not into their chain: <c>stable_tree_insert</c> as if no limit of
/// sharing could make a second page of one content. A search finds the full one only. First seen by ksm-content.
/// </summary>
public sealed class N27KsmInsertsBehindEqual() : Defect("N27", "a second page of one content gets a place of its own")
{
    public override int KsmInsertOrder(Page kpage, Page other) => KsmCompare(kpage, other) is 0 ? 1 : KsmCompare(kpage, other);
}
