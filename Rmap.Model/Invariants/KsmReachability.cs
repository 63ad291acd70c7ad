using static Rmap.Model.Invariants.Check;

namespace Rmap.Model.Invariants;

/// <summary>
/// Which entries that map a KSM page its walk must find. Linux promises less here than for other pages: a PTE is found through the
/// rmap_item that ksmd made for it, or for the PTE that fork copied it from. Some PTEs have none.
/// <list type="number">
/// <item>When ksmd merges a page that processes share by fork, all their PTEs map a KSM page from then on, but only the one that
/// ksmd was looking at gets an item. The others map it where its old index says, and so do the copies that fork makes of them.</item>
/// <item>A swap entry of a KSM page is not known to ksmd. While some other PTE keeps the page in memory, mremap may move the entry,
/// or MADV_UNMERGEABLE pass over it, before a fault maps the page there again.</item>
/// </list>
/// In a VM_MERGEABLE VMA the excuse ends with the next whole pass of ksmd, which makes an item for what it meets; unless one that is
/// left over from an earlier mapping at this address makes ksmd believe that it has been here. In any other VMA it never ends.
/// No other PTE is excused.
/// </summary>
internal static class KsmReachability
{
    internal static readonly Invariant KsmReach = new(Subject.Ksm, "ksm-reach",
        "A place that maps a KSM page has an rmap_item, or was forked from one that has; some are excused.",
        "rmap_walk_ksm(); ksm_madvise() in move_vma()",
        truth => Each(truth, truth.Ksm,
            (truth, in pte) => IsReached(pte) || IsExcused(truth.KsmHistory, pte),
            (_, in pte) => new(
                $"{pte} maps {pte.Page} of {pte.Page.Mapping} with {Describe.Items((StableNode)pte.Page.Mapping!)}; "
                + $"{pte.Vma} has the chain {Describe.Chain(pte.Vma)}",
                $"an item for this address whose AV knows the VMA")));

    internal static bool IsReached(in FoundPte pte) => pte.Page.Mapping is StableNode { IsFreed: false } node
        && First(node.Items, pte, (item, pte) => item.Address == pte.Address && (item.Index ?? pte.AnonIndex) == pte.AnonIndex
            && item.AnonVma is { } anonVma && Truth.IsInChain(pte.Vma, anonVma)) is not null;

    private static bool IsExcused(KsmHistory history, in FoundPte pte)
    {
        var node = (StableNode)pte.Page.Mapping!;
        bool cameWithoutKsmd = pte.AnonIndex == pte.Page.Index || history.HasBeenSwapped(node);
        bool hasBeenVisited = (pte.Vma.Flags & VmFlags.Mergeable) != 0 && history.HasBeenPassed(node) && !HasLeftover(node, pte);
        return cameWithoutKsmd && !hasBeenVisited;
    }

    private static bool HasLeftover(StableNode node, in FoundPte pte) =>
        First(node.Items, pte, (item, pte) => item.Mm == pte.Vma.Mm && item.Address == pte.Address) is not null;
}
