using static Rmap.Model.Invariants.Check;

namespace Rmap.Model.Invariants;

/// <summary>What holds of ksmd's notes, lists and counters.</summary>
internal static class KsmInvariants
{
    internal static readonly Invariant KsmNodeLive = new(Subject.Ksm, "ksm-node-live",
        "The stable node of a mapped KSM page is in use and knows the page's frame.",
        "ksm_get_folio()",
        truth => Each(truth, truth.Ksm,
            (_, in pte) => NodeOf(pte) == StableNode.Null || (!NodeOf(pte).IsFreed && NodeOf(pte).KPfn == pte.Page.Pfn),
            (_, in pte) => new(
                $"{pte} maps {pte.Page} of {NodeOf(pte)}, "
                + $"{(NodeOf(pte).IsFreed ? "which has been freed" : $"whose page is in frame {NodeOf(pte).KPfn}")}",
                $"a stable node in use whose kpfn is the page's frame")));

    internal static readonly Invariant KsmReadOnly = new(Subject.Ksm, "ksm-read-only",
        "A KSM page is mapped read-only everywhere and not AnonExclusive.",
        "VM_WARN in folio_set_stable_node(); VM_BUG_ON in replace_page()",
        truth => Each(truth, truth.Ksm,
            (_, in pte) => !pte.IsWritable && (pte.Page.Flags & PageFlags.AnonExclusive) == 0,
            (_, in pte) => new($"{pte} maps the KSM page {pte.Page}{(pte.IsWritable ? " writable" : ", which is AnonExclusive")}",
                $"read-only and not AnonExclusive: a store must copy")));

    internal static readonly Invariant KsmRegistered = new(Subject.Ksm, "ksm-registered",
        "An address space with a mergeable VMA is registered with ksmd.",
        "MMF_VM_MERGEABLE: ksm_madvise(), ksm_fork()",
        truth => Each(truth, truth.Vmas,
            (_, in vma) => (vma.Flags & VmFlags.Mergeable) == 0 || vma.Mm.KsmSlot?.Mm == vma.Mm,
            (_, in vma) => new($"the VMA {vma} is VM_MERGEABLE, and {vma.Mm} has no mm slot", $"its mm registered with ksmd")));

    internal static readonly Invariant KsmItemOrder = new(Subject.Ksm, "ksm-item-order",
        "The rmap_items of an address space are strictly ascending by address.",
        "get_next_rmap_item()",
        truth => Pairs(truth.Items,
            (previous, item) => previous.Slot != item.Slot || item.Address > previous.Address,
            (previous, item) => new(
                $"the rmap_item of page {item.Address} of {item.Mm} behind that of page {previous.Address}",
                $"strictly ascending addresses")));

    internal static readonly Invariant KsmItem = new(Subject.Ksm, "ksm-item",
        "An rmap_item is in the list of its stable node and has an AV, or has neither; it is never in both trees.",
        "STABLE_FLAG, UNSTABLE_FLAG; remove_rmap_item_from_tree()",
        truth => Each(truth, truth.Items,
            (_, in item) => item.Head is null
                ? item.AnonVma is null
                : item.AnonVma is not null && !item.IsUnstable && !item.Head.IsFreed && item.Head.Items.Contains(item),
            (_, in item) => new($"the rmap_item of page {item.Address} of {item.Mm}: stable node {(object?)item.Head ?? "none"}, "
                + $"AV {(object?)item.AnonVma ?? "none"}{(item.IsUnstable ? ", in the unstable tree" : "")}",
                $"a stable node that lists it and an AV, or neither; and never both trees"))
        ?? Each(truth, truth.StableNodes,
            (_, in node) => OfOtherHead(node) is null,
            (_, in node) => Foreign(OfOtherHead(node)!, node))
        ?? Same(truth, truth.StableNodes.Sum(node => node.Items.Count), truth.Items.Sum(item => item.Head is null ? 0 : 1),
            (truth, listed, inNodes) => new($"stable nodes list {listed} items: {Describe.Nodes(truth)}",
                $"{inNodes}, as many as the mm slots hold that have a stable node")));

    internal static readonly Invariant KsmLength = new(Subject.Ksm, "ksm-length",
        "rmap_hlist_len of a stable node is the length of its list.",
        "VM_BUG_ON and WARN_ON_ONCE in stable_tree_append()",
        truth => Each(truth, truth.StableNodes,
            (_, in node) => node.Length == node.Items.Count,
            (_, in node) => new($"{node} has rmap_hlist_len {node.Length}", $"{node.Items.Count}: {Describe.Items(node)}")));

    internal static readonly Invariant KsmZeroPage = new(Subject.Ksm, "ksm-zero-page",
        "A zero page that KSM placed lies in a VM_MERGEABLE VMA.",
        "unmerge_ksm_pages() before VM_MERGEABLE is cleared",
        truth => Each(truth, truth.KsmZero,
            (_, in zero) => (zero.Vma.Flags & VmFlags.Mergeable) != 0,
            (_, in zero) => new(
                $"page {zero.Address} of {zero.Vma.Mm} maps the zero page as KSM does, and {zero.Vma} is not VM_MERGEABLE",
                $"its own page: unmerging gives it back")));

    internal static readonly Invariant KsmPages = new(Subject.Ksm, "ksm-pages",
        "pages_shared, pages_sharing, pages_unshared, pages_volatile and ksm_zero_pages equal a recount.",
        "/sys/kernel/mm/ksm",
        PagesAreCounted);

    internal static readonly Invariant KsmMm = new(Subject.Ksm, "ksm-mm",
        "ksm_rmap_items, ksm_merging_pages and ksm_zero_pages of an address space equal a recount.",
        "/proc/PID/ksm_stat",
        truth => Each(truth, truth.KsmSlots,
            (_, in slot) => slot.Mm.KsmRmapItems == slot.Items.Count && slot.Mm.KsmMergingPages == Merged(slot),
            (_, in slot) => WrongItems(slot.Mm, slot.Items.Count, Merged(slot)))
        ?? Each(truth, truth.Mms,
            (_, in count) => count.Mm.KsmSlot is not null || count.Mm is { KsmRmapItems: 0, KsmMergingPages: 0 },
            (_, in count) => WrongItems(count.Mm, 0, 0))
        ?? Each(truth, truth.Mms,
            (_, in count) => count.Mm.KsmZeroPages - count.Mm.KsmZeroPagesAstray == count.KsmZero,
            (_, in count) => new($"{count.Mm} has ksm_zero_pages {count.Mm.KsmZeroPages}{Astray(count.Mm.KsmZeroPagesAstray)}",
                $"{count.KsmZero}{Astray(count.Mm.KsmZeroPagesAstray)}, as its page table holds")));

    internal static readonly Invariant KsmContent = new(Subject.Ksm, "ksm-content",
        "The stable tree is in order of content: no content twice, except in one chain.",
        "stable_tree_search(), stable_tree_insert(); a KSM page never changes",
        ContentsAscend);

    private static StableNode NodeOf(in FoundPte pte) => (StableNode)pte.Page.Mapping!;

    private static RmapItem? OfOtherHead(StableNode node) =>
        First(node.Items, node, (item, node) => item.Head != node || item.IsFreed);

    private static Finding Foreign(RmapItem item, StableNode node) => new(
        $"{node} lists the rmap_item of page {item.Address} of {item.Mm}, "
        + $"{(item.IsFreed ? "which has been freed" : $"whose head is {(object?)item.Head ?? "null"}")}",
        $"items in use with {node} as their head");

    private static Finding? PagesAreCounted(Truth truth)
    {
        int shared = truth.StableNodes.Sum(node => Math.Min(node.Items.Count, 1));
        int sharing = truth.StableNodes.Sum(node => Math.Max(node.Items.Count - 1, 0));
        int unshared = truth.Items.Sum(item => item.IsUnstable ? 1 : 0);
        KsmState ksm = truth.Machine.Ksm;
        int rest = truth.Items.Count - shared - sharing - unshared;
        if (ksm.PagesShared != shared || ksm.PagesSharing != sharing || ksm.PagesUnshared != unshared || ksm.PagesVolatile != rest)
        {
            return new(
                $"pages_shared {ksm.PagesShared}, sharing {ksm.PagesSharing}, unshared {ksm.PagesUnshared}, volatile {ksm.PagesVolatile}",
                $"{shared}, {sharing}, {unshared}, {rest}: nodes with items, their further items, unstable items, the rest, "
                + $"of nodes {Describe.Nodes(truth)}, items {Describe.All(truth.Items)}");
        }

        int zero = truth.KsmZero.Count;
        return ksm.ZeroPages - ksm.ZeroPagesAstray == zero ? null : new(
            $"ksm_zero_pages {ksm.ZeroPages}{Astray(ksm.ZeroPagesAstray)}",
            $"{zero}{Astray(ksm.ZeroPagesAstray)}, as page tables hold: {Describe.Places(truth.KsmZero)}");
    }

    private static string Astray(int count) => count == 0 ? "" : $" beside {count} of which Linux lost count";

    private static int Merged(KsmMmSlot slot) => slot.Items.Count(item => item.Head is not null);

    private static Finding WrongItems(Mm mm, int items, int merging) => new(
        $"{mm} has ksm_rmap_items {mm.KsmRmapItems} and ksm_merging_pages {mm.KsmMergingPages}",
        $"{items} and {merging}, as its mm slot holds");

    /// <summary>A stale node says nothing: its page is gone, and ksmd will prune it when it comes by.</summary>
    private static Finding? ContentsAscend(Truth truth)
    {
        Page? previous = null;
        StableNode? last = null;
        foreach (StableNode node in truth.StableNodes)
        {
            if (truth.Machine.Frames[node.KPfn] is not { } page || page.Mapping != node)
                continue;

            bool sameChain = last?.Place == node.Place;
            if (previous is not null && (sameChain ? page.Value != previous.Value : page.Value <= previous.Value))
            {
                return new(
                    $"{node} with the content {page.Value} {(sameChain ? "in one chain with" : "behind")} {last} with {previous.Value}",
                    sameChain ? (Telling)$"dups of equal content" : $"contents in ascending order, each in one place");
            }

            previous = page;
            last = node;
        }

        return null;
    }
}
