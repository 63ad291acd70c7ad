using static Rmap.Model.Invariants.Check;

namespace Rmap.Model.Invariants;

/// <summary>What holds of AVs, the links between them and VMAs, and the anonymous pages that belong to them.</summary>
internal static class AnonVmaInvariants
{
    /// <summary>An AV that only rmap_items keep may outlive its parent: nobody looks there.</summary>
    internal static readonly Invariant AvLive = new(Subject.AnonVmas, "av-live",
        "No VMA, mapped page, rmap_item or AV with VMAs leads to an AV that has been freed.",
        "VM_WARN in __folio_rmap_sanity_checks(); folio_get_anon_vma()",
        truth => Each(truth, truth.LinkedVmas,
            (_, in vma) => vma.AnonVma is not { IsFreed: true } && FreedInChain(vma) is null,
            (_, in vma) => vma.AnonVma is { IsFreed: true } own
                ? Freed($"vma->anon_vma of {vma}", own)
                : Freed($"the chain of {vma}", FreedInChain(vma)!))
        ?? Each(truth, truth.Anon,
            (_, in pte) => !AnonVmaOf(pte).IsFreed,
            (_, in pte) => Freed($"the mapping of {pte.Page}, which {pte} maps,", AnonVmaOf(pte)))
        ?? Each(truth, truth.AnonVmas,
            (truth, in anonVma) => !anonVma.Root.IsFreed && (!anonVma.Parent.IsFreed || truth.Of(anonVma).Links == 0),
            (_, in anonVma) => anonVma.Root.IsFreed
                ? Freed($"the root of {anonVma}", anonVma.Root)
                : Freed($"the parent of {anonVma}", anonVma.Parent))
        ?? Each(truth, truth.Items,
            (_, in item) => item.AnonVma is not { IsFreed: true },
            (_, in item) => Freed($"the rmap_item of page {item.Address} of {item.Mm}", item.AnonVma!)));

    internal static readonly Invariant OwnAv = new(Subject.AnonVmas, "own-av",
        "A VMA's own AV is in its chain; it has none if the chain is empty.",
        "check_anon_vma_clone(), unlink_anon_vmas() of 7.2",
        truth => Each(truth, truth.LinkedVmas,
            (_, in vma) => vma.AnonVma is null ? vma.ChainLength == 0 : Truth.IsInChain(vma, vma.AnonVma),
            (_, in vma) => new(
                $"vma->anon_vma of {vma} is {(object?)vma.AnonVma ?? "null"}, its chain {Describe.Chain(vma)}",
                $"an AV of the chain, or null if that is empty")));

    internal static readonly Invariant Link = new(Subject.AnonVmas, "link",
        "A link is in the chain of its VMA and in the tree of its AV, and there is one at most for each pair.",
        "anon_vma_chain_link(); unlink_anon_vmas()",
        truth => Each(truth, truth.LinkedVmas,
            (truth, in vma) => WrongLink(truth, vma) is null,
            (truth, in vma) => Misplaced(WrongLink(truth, vma)!, vma))
        ?? Each(truth, truth.AnonVmas,
            (truth, in anonVma) => anonVma.Tree.Count == truth.Of(anonVma).Links,
            (truth, in anonVma) => new($"the tree of {anonVma} knows {Describe.Tree(anonVma)}",
                $"the {truth.Of(anonVma).Links} VMAs that have it in their chains, and no other")));

    internal static readonly Invariant IntervalKey = new(Subject.AnonVmas, "interval-key",
        "The trees of AVs have each VMA under the page offsets that it has now.",
        "anon_vma_interval_tree_verify(); pre and post update in vma_prepare(), vma_complete()",
        truth => Each(truth, truth.AnonVmas,
            (_, in anonVma) => WrongKey(anonVma.Tree, link => link.Vma, vma => vma.AnonPageOffset, anonVma) is null,
            (_, in anonVma) => WrongKey(anonVma.Tree, link => link.Vma, vma => vma.AnonPageOffset, anonVma)!));

    internal static readonly Invariant OneRoot = new(Subject.AnonVmas, "one-root",
        "All AVs of a chain have the same root.",
        "WARN_ON in lock_anon_vma_root()",
        truth => Each(truth, truth.LinkedVmas,
            (_, in vma) => OfOtherRoot(vma) is null,
            (_, in vma) => new($"the chain {Describe.Chain(vma)} of {vma}: {OfOtherRoot(vma)} has the root {OfOtherRoot(vma)!.Root}",
                $"the same root as {vma.ChainFromTail(0).AnonVma}, {vma.ChainFromTail(0).AnonVma.Root}")));

    internal static readonly Invariant RootLast = new(Subject.AnonVmas, "root-last",
        "A chain ends with the root (up to 6.18).",
        "unlink_anon_vmas(): the root is freed last",
        truth => !truth.Machine.Rules.ChainEndsWithRoot ? null : Each(truth, truth.LinkedVmas,
            (_, in vma) => vma.ChainLength == 0 || vma.ChainFromTail(0).AnonVma.Root == vma.ChainFromTail(0).AnonVma,
            (_, in vma) => new($"the chain {Describe.Chain(vma)} of {vma}",
                $"{vma.ChainFromTail(0).AnonVma.Root}, the root, as its last AV")));

    internal static readonly Invariant RootAlone = new(Subject.AnonVmas, "root-alone",
        "A VMA whose own AV is a root has inherited nothing: its chain is this AV alone.",
        "reusable_anon_vma(), vma_is_fork_child()",
        truth => Each(truth, truth.LinkedVmas,
            (_, in vma) => vma.AnonVma is null || vma.AnonVma.Root != vma.AnonVma || vma.ChainLength == 1,
            (_, in vma) => new($"vma->anon_vma of {vma} is the root {vma.AnonVma}, its chain {Describe.Chain(vma)}",
                $"{vma.AnonVma} alone: it has inherited nothing")));

    internal static readonly Invariant Ancestors = new(Subject.AnonVmas, "ancestors",
        "A VMA that an AV knows is known to the AV's parent, too.",
        "anon_vma_fork(): a child is attached to all AVs of its parent",
        truth => Each(truth, truth.LinkedVmas,
            (truth, in vma) => WithoutParent(truth, vma) is null,
            (truth, in vma) => new(
                $"the chain {Describe.Chain(vma)} of {vma} has {WithoutParent(truth, vma)} without its parent "
                + $"{WithoutParent(truth, vma)!.Parent}",
                $"every VMA of an AV in the trees of its ancestors, too")));

    internal static readonly Invariant EqualChains = new(Subject.AnonVmas, "equal-chains",
        "VMAs with the same own AV have the same AVs in their chains.",
        "is_mergeable_anon_vma(): a merge keeps one chain (CVE-2022-42703)",
        truth => Each(truth, truth.LinkedVmas,
            (truth, in vma) => vma.AnonVma is not { } own || HaveEqualChains(truth, vma, truth.Of(own).FirstActive!),
            (truth, in vma) => Unequal(vma, truth.Of(vma.AnonVma!).FirstActive!)));

    internal static readonly Invariant ActiveVmas = new(Subject.AnonVmas, "active-vmas",
        "num_active_vmas of an AV is the number of VMAs whose own it is.",
        "VM_WARN_ON in unlink_anon_vmas()",
        truth => Each(truth, truth.AnonVmas,
            (truth, in anonVma) => anonVma.NumActiveVmas == truth.Of(anonVma).Active,
            (truth, in anonVma) => new($"{anonVma} has num_active_vmas {anonVma.NumActiveVmas}",
                $"{truth.Of(anonVma).Active}, the VMAs whose own it is")));

    internal static readonly Invariant Children = new(Subject.AnonVmas, "children",
        "num_children of an AV is the number of AVs with VMAs whose parent it is; a root counts itself.",
        "VM_WARN_ON in unlink_anon_vmas()",
        truth => Each(truth, truth.AnonVmas,
            (truth, in anonVma) => anonVma.NumChildren == truth.Of(anonVma).Children,
            (truth, in anonVma) => new($"{anonVma} has num_children {anonVma.NumChildren}",
                $"{truth.Of(anonVma).Children}, the AVs with VMAs whose parent it is (a root is its own)")));

    internal static readonly Invariant AvRefCount = new(Subject.AnonVmas, "av-refcount",
        "The refcount of an AV is 1 while it has VMAs, plus 1 per rmap_item, for a root plus 1 per other AV of its tree.",
        "get_anon_vma(), put_anon_vma()",
        truth => Each(truth, truth.AnonVmas,
            (truth, in anonVma) => anonVma.RefCount == truth.Of(anonVma).References,
            (truth, in anonVma) => new($"{anonVma} has refcount {anonVma.RefCount}",
                $"{truth.Of(anonVma).References}: {(truth.Of(anonVma).Links > 0 ? 1 : 0)} for its VMAs, "
                + $"{truth.Of(anonVma).Descendants} for other AVs of its tree, {truth.Of(anonVma).Items} for rmap_items")));

    internal static readonly Invariant AvLeak = new(Subject.AnonVmas, "av-leak",
        "An AV to which nothing leads has been freed.",
        "put_anon_vma()",
        truth => Same(truth, truth.Machine.AnonVmas.InUse, truth.AnonVmas.Count,
            (truth, live, known) => new($"{live} AVs have not been freed",
                $"{known}: VMAs, mapped pages, rmap_items and other AVs lead to {Describe.All(truth.AnonVmas)}")));

    internal static readonly Invariant AnonNeedsAv = new(Subject.AnonVmas, "anon-needs-av",
        "A VMA with an anonymous page or a swap entry has an AV.",
        "do_swap_page(), vma_needs_copy(), unuse_mm() skip those without",
        truth => Each(truth, [truth.Anon, truth.Ksm, truth.Swapped],
            (_, in pte) => pte.Vma.AnonVma is not null,
            (_, in pte) => new($"{pte} {Describe.Held(pte, "anonymous")}, and vma->anon_vma of {pte.Vma} is null", $"an AV")));

    internal static readonly Invariant SharedHasNoAv = new(Subject.AnonVmas, "shared-has-no-av",
        "A shared VMA has no AV.",
        "vmf_anon_prepare() is for private mappings",
        truth => Each(truth, truth.LinkedVmas,
            (_, in vma) => (vma.Flags & VmFlags.Shared) == 0 || vma.AnonVma is null,
            (_, in vma) => new($"vma->anon_vma of the shared VMA {vma} is {vma.AnonVma}", $"null: its pages are the file's")));

    internal static readonly Invariant AnonIndex = new(Subject.AnonVmas, "anon-index",
        "The index of an anonymous page is the page offset of every place that maps it.",
        "VM_BUG_ON_PAGE in __page_check_anon_rmap()",
        truth => Each(truth, truth.Anon,
            (_, in pte) => pte.Page.Index == pte.AnonIndex,
            (_, in pte) => new($"{pte}, page offset {pte.AnonIndex}, maps {pte.Page} with index {pte.Page.Index}",
                $"the index equal to the page offset")));

    internal static readonly Invariant AnonRoot = new(Subject.AnonVmas, "anon-root",
        "The AV of an anonymous page has the same root as that of every VMA that maps it.",
        "VM_BUG_ON_FOLIO in __page_check_anon_rmap()",
        truth => Each(truth, truth.Anon,
            (_, in pte) => AnonVmaOf(pte).Root == pte.Vma.AnonVma!.Root,
            (_, in pte) => new($"{pte} maps {pte.Page}, whose AV {AnonVmaOf(pte)} has the root {AnonVmaOf(pte).Root}",
                $"the root of vma->anon_vma {pte.Vma.AnonVma}, {pte.Vma.AnonVma!.Root}")));

    internal static readonly Invariant AnonReach = new(Subject.AnonVmas, "anon-reach",
        "The AV of an anonymous page knows every VMA that maps it.",
        "rmap_walk_anon(): try_to_unmap() must bring the mapcount to 0",
        truth => Each(truth, truth.Anon,
            (_, in pte) => Truth.IsInChain(pte.Vma, AnonVmaOf(pte)),
            (_, in pte) => new(
                $"{pte} maps {pte.Page} of {AnonVmaOf(pte)}, which does not know the VMA {pte.Vma} "
                + $"with the chain {Describe.Chain(pte.Vma)}",
                $"{AnonVmaOf(pte)} in that chain")));

    /// <summary>The first interval of a tree that is not that of its VMA as it is now, or not in order; null if none is.</summary>
    internal static Finding? WrongKey<T>(IntervalTree<T> tree, Func<T, VmArea> vmaOf, Func<VmArea, long> firstOf, PageMapping owner)
    {
        long previous = long.MinValue;
        for (IntervalNode<T>? node = tree.FirstInOrder; node is not null; node = node.NextInOrder())
        {
            VmArea vma = vmaOf(node.Value);
            if (vma.IsDetached)
                return new($"the tree of {owner} has the VMA {vma}, which has been freed", $"VMAs in use");

            long first = firstOf(vma);
            long last = first + (vma.Range.End.Number - vma.Range.Start.Number) - 1;
            if (node.Start != first || node.Last != last)
            {
                return new($"the tree of {owner} has the VMA {vma} under [{node.Start}, {node.Last}]",
                    $"[{first}, {last}], its page offsets now");
            }

            if (node.Start < previous)
                return new($"the tree of {owner} has {node.Start} behind {previous}", $"its intervals ordered by their start");

            previous = node.Start;
        }

        return null;
    }

    private static AnonVma AnonVmaOf(in FoundPte pte) => (AnonVma)pte.Page.Mapping!;

    /// <summary>The first AV of a VMA's chain of which this holds, in view of the VMA; null if it holds of none.</summary>
    private static AnonVma? InChain(VmArea vma, Func<AnonVma, VmArea, bool> holds)
    {
        for (int i = 0; i < vma.ChainLength; i++)
        {
            if (holds(vma.ChainFromTail(i).AnonVma, vma))
                return vma.ChainFromTail(i).AnonVma;
        }

        return null;
    }

    private static AnonVma? FreedInChain(VmArea vma) => InChain(vma, (anonVma, _) => anonVma.IsFreed);

    private static AnonVma? OfOtherRoot(VmArea vma) =>
        InChain(vma, (anonVma, vma) => anonVma.Root != vma.ChainFromTail(0).AnonVma.Root);

    private static AnonVma? WithoutParent(Truth truth, VmArea vma)
    {
        int mark = truth.MarkChain(vma);
        for (int i = 0; i < vma.ChainLength; i++)
        {
            if (!truth.IsMarked(vma.ChainFromTail(i).AnonVma.Parent, mark))
                return vma.ChainFromTail(i).AnonVma;
        }

        return null;
    }

    private static bool HaveEqualChains(Truth truth, VmArea vma, VmArea other)
    {
        if (vma == other || vma.ChainLength != other.ChainLength)
            return vma == other;

        int mark = truth.MarkChain(other);
        bool areEqual = true;
        for (int i = 0; i < vma.ChainLength && areEqual; i++)
            areEqual = truth.IsMarked(vma.ChainFromTail(i).AnonVma, mark);

        return areEqual;
    }

    private static Finding Freed(Telling place, AnonVma anonVma) =>
        new($"{place} leads to {anonVma}, which has been freed", $"an AV in use");

    private static AnonVmaChain? WrongLink(Truth truth, VmArea vma)
    {
        int mark = truth.NewMark();
        for (int i = 0; i < vma.ChainLength; i++)
        {
            AnonVmaChain link = vma.ChainFromTail(i);
            if (link.Vma != vma || link.Node.Tree != link.AnonVma.Tree || truth.Mark(link.AnonVma, mark))
                return link;
        }

        return null;
    }

    private static Finding Misplaced(AnonVmaChain link, VmArea vma)
    {
        Telling how = link.Vma != vma ? (Telling)$"that belongs to {link.Vma}"
            : link.Node.Tree != link.AnonVma.Tree ? (Telling)$"that is not in its tree"
            : $"twice";
        return new($"the chain {Describe.Chain(vma)} of {vma} has a link to {link.AnonVma} {how}",
            $"each AV once, and the link of this VMA in its tree");
    }

    private static Finding Unequal(VmArea vma, VmArea other) => new(
        $"vma->anon_vma is {vma.AnonVma} of both {other} with the chain {Describe.Chain(other)} and {vma} with {Describe.Chain(vma)}",
        $"the same AVs in both chains: a merge keeps one of them");
}
