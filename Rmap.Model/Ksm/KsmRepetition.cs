namespace Rmap.Model.Ksm;

/// <summary>
/// Passes of ksmd that would only do again what earlier ones did. A pass depends on nothing but what it finds, and so once a state comes
/// back all that follows does: whole rounds of it can be left out. Only the number of passes (<c>seqnr</c>) tells the difference, and
/// nobody asks for more of that than whether it is the same.
/// </summary>
internal sealed class KsmRepetition
{
    /// <summary>As few passes are simply made.</summary>
    private const int Few = 16;

    /// <summary>
    /// The longest round that is noticed. Most often it is one pass; a merge that fails each time lets two frames take turns.
    /// </summary>
    private const int LongestRound = 4;

    private readonly List<List<long>> states = [];

    /// <summary>Asked after each pass.</summary>
    /// <param name="ksm">What ksmd knows.</param>
    /// <param name="left">How many passes are to follow.</param>
    /// <returns>How many of them can be left out.</returns>
    internal int Passes(KsmState ksm, int left)
    {
        if (left <= Few)
            return 0;

        List<long> now = State(ksm);
        int round = states.FindLastIndex(state => state.SequenceEqual(now)) is >= 0 and int last ? states.Count - last : 0;
        states.Add(now);
        if (states.Count > LongestRound)
            states.RemoveAt(0);

        return round == 0 ? 0 : left / round * round;
    }

    /// <summary>All that a pass finds and may change: items, nodes, entries, and the pages behind these.</summary>
    private static List<long> State(KsmState ksm)
    {
        List<long> state = [ksm.ZeroPages, ksm.PagesShared, ksm.PagesSharing, ksm.PagesUnshared];
        foreach (KsmMmSlot slot in ksm.Slots)
        {
            state.Add(slot.Items.Count);
            foreach (RmapItem item in slot.Items)
            {
                long age = item.IsUnstable ? ksm.FullScans - item.Sequence : -1;
                state.AddRange([item.Address.Number, item.OldChecksum ?? -1, item.Head?.Id ?? 0, age]);
            }

            foreach ((VirtualPage address, Pte pte) in slot.Mm.Vmas.SelectMany(Entries))
            {
                state.AddRange([address.Number, (long)pte.Kind, (long)pte.Bits]);
                if (pte.IsPresent)
                    AddPage(state, pte.Page);
            }
        }

        foreach (StableNode node in ksm.StableTree)
        {
            state.AddRange([node.Id, node.KPfn.Number, node.Length, node.Place.IsChain ? 1 : 0]);
            foreach (RmapItem item in node.Items)
                state.AddRange([item.Mm.Owner.Number, item.Address.Number]);
        }

        return state;
    }

    private static void AddPage(List<long> state, Page page) => state.AddRange(
    [
        page.Pfn.Number, page.Value, (long)page.Flags, page.MapCount, page.RefCount, page.Index, page.SwapCache?.Number ?? 0,
        StableNode.Of(page)?.Id ?? 0,
    ]);

    private static List<(VirtualPage Address, Pte Pte)> Entries(VmArea vma)
    {
        List<(VirtualPage, Pte)> entries = [];
        if (vma.IsMergeable)
        {
            foreach ((VirtualPage Address, Pte Pte) entry in vma.Mm.PageTable.Walk(vma.Range))
                entries.Add(entry);
        }

        return entries;
    }
}
