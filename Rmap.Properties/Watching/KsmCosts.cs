namespace Rmap.Properties.Watching;

/// <summary>What ksmd may do in its passes, so that it neither works in vain nor makes walks longer.</summary>
/// <param name="machine">The machine.</param>
internal sealed class KsmCosts(Machine machine)
{
    private readonly Dictionary<(Mm Mm, VirtualPage Address), PageBefore> before = [];
    private readonly List<RmapVisit> visits = [];

    /// <summary>What a place mapped before the passes.</summary>
    /// <param name="Page">The page.</param>
    /// <param name="Node">The stable node that listed its item, or null.</param>
    /// <param name="IsUnchanged">Whether ksmd had seen it with this content.</param>
    private readonly record struct PageBefore(Page Page, StableNode? Node, bool IsUnchanged);

    internal void Before()
    {
        before.Clear();
        for (int i = 0; i < machine.Ksm.Slots.Count; i++)
        {
            KsmMmSlot slot = machine.Ksm.Slots[i];
            for (int j = 0; j < slot.Mm.Vmas.Count; j++)
                ReadPages(slot.Mm.Vmas[j]);

            foreach (RmapItem item in slot.Items)
            {
                if (before.TryGetValue((item.Mm, item.Address), out PageBefore then))
                {
                    before[(item.Mm, item.Address)] = then with
                    {
                        Node = item.Head,
                        IsUnchanged = item.OldChecksum == then.Page.Value,
                    };
                }
            }
        }
    }

    private void ReadPages(VmArea vma)
    {
        if (!vma.IsAnonPrepared)
            return;

        foreach ((VirtualPage address, Pte pte) in vma.Mm.PageTable.Walk(vma.Range))
        {
            if (pte.Kind == PteKind.Present)
                before[(vma.Mm, address)] = new PageBefore(pte.Page, Node: null, IsUnchanged: false);
        }
    }

    /// <summary>Compares with the state before.</summary>
    /// <param name="passes">How many passes; in a second one every page has been seen.</param>
    internal Violation? After(int passes)
    {
        for (int i = 0; passes == 1 && machine.Rules.KsmSparesChangedPages && i < machine.Ksm.Slots.Count; i++)
        {
            foreach (RmapItem item in machine.Ksm.Slots[i].Items)
            {
                if (HasBeenReplaced(item) && !before[(item.Mm, item.Address)].IsUnchanged)
                {
                    return new(Costs.KsmVolatile, $"page {item.Address} of {item.Mm} now maps {Mapped(item)}, a KSM page",
                        $"what it was, for one pass more: ksmd has not seen it with this content before");
                }
            }
        }

        foreach (StableNode node in machine.Ksm.StableTree)
        {
            if ((SharingOf(node) ?? WalkOf(node)) is { } violation)
                return violation;
        }

        return null;
    }

    /// <summary>Whether the place of an item maps the KSM page of its node in place of another page.</summary>
    private bool HasBeenReplaced(RmapItem item) => item.Head is { } node && Mapped(item) is { } page && page.Mapping == node
        && before.TryGetValue((item.Mm, item.Address), out PageBefore then) && then.Page != page;

    private static Page? Mapped(RmapItem item) => item.Mm.PageTable[item.Address] is { Kind: PteKind.Present } pte ? pte.Page : null;

    /// <summary>What replaced a page came below the limit; what came since had the page before.</summary>
    private Violation? SharingOf(StableNode node)
    {
        int replaced = 0;
        int kept = 0;
        foreach (RmapItem item in node.Items)
        {
            bool isReplaced = HasBeenReplaced(item);
            replaced += isReplaced ? 1 : 0;
            kept += isReplaced || (before.TryGetValue((item.Mm, item.Address), out PageBefore then) && then.Node == node) ? 0 : 1;
        }

        int limit = machine.Ksm.MaxPageSharing;
        return replaced == 0 || node.Items.Count - kept <= limit ? null : new(
            Costs.KsmSharing, $"{node} has {Describe.Items(node)}", $"{limit} items, max_page_sharing, and a second page for the others");
    }

    private Violation? WalkOf(StableNode node)
    {
        if (machine.Frames[node.KPfn] is not { } page || page.Mapping != node)
            return null;

        visits.Clear();
        foreach (RmapVisit visit in RmapWalk.Visits(page, machine.Rules))
            visits.Add(visit);

        foreach (RmapVisit visit in visits)
        {
            int looks = visits.Count(other => other == visit);
            int items = node.Items.Count(item => item.Address == visit.Address);
            if (looks > items)
            {
                return new(Costs.WalkOnce, $"the walk of {page}, {Describe.Owner(page)}, looks at {Describe.Walk(page, machine.Rules)}",
                    $"page {visit.Address} of {visit.Vma.Mm} no more often than items have this address: {items}");
            }
        }

        return null;
    }
}
