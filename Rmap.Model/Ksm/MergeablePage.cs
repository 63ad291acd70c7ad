namespace Rmap.Model.Ksm;

/// <summary>Where the address that an rmap_item is about leads to now (<c>mm/ksm.c</c>, 6.18).</summary>
internal static class MergeablePage
{
    /// <summary><c>find_mergeable_vma</c>: the mergeable VMA at the item's address, or null.</summary>
    internal static VmArea? FindVma(RmapItem item) =>
        !item.Mm.HasExited && item.Mm.Lookup(item.Address) is { IsAnonPrepared: true } vma && vma.Has(VmFlags.Mergeable) ? vma : null;

    /// <summary><c>get_mergeable_page</c>: the anonymous page that an item's process has at its address, or null.</summary>
    internal static Page? Get(RmapItem item)
    {
        if (FindVma(item) is null)
            return null;

        Pte pte = item.Mm.PageTable[item.Address];
        return pte.IsPresent && pte.Page.IsAnon ? pte.Page : null;
    }
}
