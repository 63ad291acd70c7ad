namespace Rmap.Model.Ksm;

/// <summary>
/// ksmd's unstable tree (<c>mm/ksm.c</c>, 6.18): items whose pages did not change since the last pass and found no equal yet, in order
/// of content. Nothing keeps those pages from being written, so every pass builds it anew.
/// </summary>
internal static class UnstableTree
{
    /// <summary>Before a pass of this number, the tree is empty; the items keep their mark until they are visited (<c>seqnr</c>).</summary>
    internal static void Begin(KsmState ksm, int fullScans)
    {
        ksm.FullScans = fullScans;
        ksm.Unstable = new();
    }

    /// <summary>
    /// <c>unstable_tree_search_insert</c>: an item whose page has the same content, or null. If there is none, the item is put there; if
    /// it is the same page, which two processes still share by fork, it is not.
    /// </summary>
    internal static RmapItem? SearchInsert(TaskStruct current, RmapItem item, Page page)
    {
        KsmState ksm = current.Machine.Ksm;
        RmapItem? parent = null;
        bool left = false;
        for (RmapItem? at = ksm.Unstable.Root; at is not null; at = parent.Child(left))
        {
            if (at.MergeablePage is not { } treePage || treePage == page)
                return null;

            int order = current.Rules.KsmCompare(page, treePage);
            if (order == 0)
                return at;

            parent = at;
            left = order < 0;
        }

        ksm.Unstable.Insert(item, parent, left);
        (item.IsUnstable, item.LeftHead) = (true, null);
        item.Sequence = ksm.FullScans;
        ksm.PagesUnshared++;
        return null;
    }

    /// <summary><c>remove_rmap_item_from_tree</c> of an unstable item. One of an earlier pass is in no tree any more.</summary>
    internal static void Remove(TaskStruct current, RmapItem item)
    {
        if (item.Sequence == current.Machine.Ksm.FullScans)
            current.Machine.Ksm.Unstable.Remove(item);

        item.IsUnstable = false;
        current.Machine.Ksm.PagesUnshared--;
    }
}
