namespace Rmap.Model.State;

/// <content>What ksmd knows.</content>
public abstract partial class StateVisitor
{
    /// <summary>ksmd's settings, counters, stable tree and mms with all their items. Every pass builds the unstable tree anew.</summary>
    protected void Visit(KsmState ksm)
    {
        Number("shared", ksm.PagesShared, Role.Index);
        Number("sharing", ksm.PagesSharing, Role.Index);
        Number("unshared", ksm.PagesUnshared, Role.Index);
        Number("volatile", ksm.PagesVolatile, Role.Report);
        Number("zero", ksm.ZeroPages, Role.Report);
        Fact("unmerging", ksm.Run == 2);
        Number("max_page_sharing", ksm.MaxPageSharing);
        for (StablePlace? place = ksm.Stable.FirstInOrder; place is not null; place = place.NextInOrder())
        {
            Number("depth", place.Depth, Role.Index);
            Fact("red", place.IsRed, Role.Index);
            Fact("chain", place.IsChain, Role.Index);
            Things("nodes", place.Nodes, Role.Index);
        }

        End();
        foreach (KsmMmSlot slot in ksm.Slots)
        {
            Thing("slot", slot.Mm);
            Things("rmap_list", slot.Items, Role.Index);
        }

        End();
    }

    /// <summary>A stable node. It knows its page by the frame's number.</summary>
    protected void Visit(StableNode node)
    {
        Fact("freed", node.IsFreed, Role.Index);
        if (node.IsFreed)
            return;

        Number("kpfn", node.KPfn.Number, Role.Index);
        Number("items", node.Length, Role.Index);
        Things("hlist", node.Items, Role.Index);
    }

    /// <summary>An item.</summary>
    protected void Visit(RmapItem item)
    {
        Thing("mm", item.Mm);
        Number("address", item.Address.Number, Role.Index);
        Number("oldchecksum", item.OldChecksum ?? -1, Role.Index);
        Thing("anon_vma", item.AnonVma, Role.Index);
        if (item is { AnonVma: not null, Index: { } index })
            Number("linear_page_index", index, Role.Index);

        Thing("head", item.Head, Role.Index);
        Fact("unstable", item.IsUnstable, Role.Index);
        Fact("freed", item.IsFreed, Role.Index);
    }
}
