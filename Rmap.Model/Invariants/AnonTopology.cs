namespace Rmap.Model.Invariants;

/// <summary>VMAs, AVs and the links between them.</summary>
internal static class AnonTopology
{
    internal static Finding? OwnAnonVmaIsInChain(Truth truth)
    {
        foreach (VmArea vma in truth.Vmas)
        {
            if (vma.AnonVma is null ? vma.ChainLength != 0 : !Truth.IsInChain(vma, vma.AnonVma))
            {
                return new($"vma->anon_vma of {vma} is {(object?)vma.AnonVma ?? "null"}, its chain {Describe.Chain(vma)}",
                    $"an AV of the chain, or null if that is empty");
            }
        }

        return null;
    }

    internal static Finding? LinksAreOnBothSides(Truth truth)
    {
        foreach (VmArea vma in truth.Vmas)
        {
            int mark = truth.NewMark();
            for (int i = 0; i < vma.ChainLength; i++)
            {
                AnonVmaChain link = vma.ChainFromTail(i);
                ref AnonVmaCount count = ref truth.Of(link.AnonVma);
                if (link.Vma != vma || link.Node.Tree != link.AnonVma.Tree || count.Mark == mark)
                {
                    return new($"the chain {Describe.Chain(vma)} of {vma} has a link to {link.AnonVma} {Misplaced(link, vma)}",
                        $"each AV once, and the link of this VMA in its tree");
                }

                count.Mark = mark;
            }
        }

        foreach (AnonVma anonVma in truth.AnonVmas)
        {
            if (anonVma.Tree.Count != truth.Of(anonVma).Links)
            {
                return new($"the tree of {anonVma} knows {Describe.Tree(anonVma)}",
                    $"the {truth.Of(anonVma).Links} VMAs that have it in their chains, and no other");
            }
        }

        return null;
    }

    private static Telling Misplaced(AnonVmaChain link, VmArea vma) =>
        link.Vma != vma ? (Telling)$"that belongs to {link.Vma}"
        : link.Node.Tree != link.AnonVma.Tree ? (Telling)$"that is not in its tree"
        : $"twice";

    internal static Finding? KeysAreCurrent(Truth truth)
    {
        foreach (AnonVma anonVma in truth.AnonVmas)
        {
            long previous = long.MinValue;
            for (IntervalNode<AnonVmaChain>? node = anonVma.Tree.FirstInOrder; node is not null; node = node.NextInOrder())
            {
                if (Key(node, node.Value.Vma, anonVma, previous) is { } finding)
                {
                    return finding;
                }

                previous = node.Start;
            }
        }

        return null;
    }

    internal static Finding? IMmapKnowsItsVmas(Truth truth)
    {
        int mapping = 0;
        foreach (VmArea vma in truth.Vmas)
        {
            if (vma.File is not null)
            {
                mapping++;
                if (vma.Shared.Tree != vma.File.Mapping.IMmap)
                {
                    return new(
                        $"{vma} maps {vma.File.Mapping} and is in {(vma.Shared.Tree is null ? "no i_mmap" : "the i_mmap of another file")}",
                        $"in i_mmap of {vma.File.Mapping}");
                }
            }
        }

        int known = 0;
        IReadOnlyList<AddressSpace> files = truth.Machine.Files.All;
        for (int i = 0; i < files.Count; i++)
        {
            known += files[i].IMmap.Count;
            long previous = long.MinValue;
            for (IntervalNode<VmArea>? node = files[i].IMmap.FirstInOrder; node is not null; node = node.NextInOrder())
            {
                if (Key(node, node.Value, files[i], previous) is { } finding)
                {
                    return finding;
                }

                previous = node.Start;
            }
        }

        return known == mapping ? null : new($"i_mmap of all files holds {known} VMAs", $"{mapping}, as many as map a file");
    }

    private static Finding? Key<T>(IntervalNode<T> node, VmArea vma, PageMapping owner, long previous)
    {
        long last = vma.PageOffset + (vma.Range.End.Number - vma.Range.Start.Number) - 1;
        if (node.Start != vma.PageOffset || node.Last != last)
        {
            return new($"the tree of {owner} has the VMA {vma} under [{node.Start}, {node.Last}]",
                $"[{vma.PageOffset}, {last}], its page offsets now");
        }

        return node.Start >= previous ? null : new(
            $"the tree of {owner} has {node.Start} behind {previous}", $"its intervals ordered by their start");
    }

    internal static Finding? ChainHasOneRoot(Truth truth)
    {
        foreach (VmArea vma in truth.Vmas)
        {
            for (int i = 1; i < vma.ChainLength; i++)
            {
                if (vma.ChainFromTail(i).AnonVma.Root != vma.ChainFromTail(0).AnonVma.Root)
                {
                    AnonVma odd = vma.ChainFromTail(i).AnonVma;
                    return new($"the chain {Describe.Chain(vma)} of {vma}: {odd} has the root {odd.Root}",
                        $"the same root as {vma.ChainFromTail(0).AnonVma}, {vma.ChainFromTail(0).AnonVma.Root}");
                }
            }
        }

        return null;
    }

    internal static Finding? ChainEndsWithRoot(Truth truth)
    {
        if (!truth.Machine.Rules.ChainEndsWithRoot)
        {
            return null;
        }

        foreach (VmArea vma in truth.Vmas)
        {
            if (vma.ChainLength > 0 && vma.ChainFromTail(0).AnonVma.Root != vma.ChainFromTail(0).AnonVma)
            {
                return new($"the chain {Describe.Chain(vma)} of {vma}", $"{vma.ChainFromTail(0).AnonVma.Root}, the root, as its last AV");
            }
        }

        return null;
    }

    internal static Finding? RootIsAlone(Truth truth)
    {
        foreach (VmArea vma in truth.Vmas)
        {
            if (vma.AnonVma is { } own && own.Root == own && vma.ChainLength != 1)
            {
                return new($"vma->anon_vma of {vma} is the root {own}, its chain {Describe.Chain(vma)}",
                    $"{own} alone: it has inherited nothing");
            }
        }

        return null;
    }

    internal static Finding? ChainHasParents(Truth truth)
    {
        foreach (VmArea vma in truth.Vmas)
        {
            for (int i = 0; i < vma.ChainLength; i++)
            {
                AnonVma anonVma = vma.ChainFromTail(i).AnonVma;
                if (!Truth.IsInChain(vma, anonVma.Parent))
                {
                    return new($"the chain {Describe.Chain(vma)} of {vma} has {anonVma} without its parent {anonVma.Parent}",
                        $"every VMA of an AV in the trees of its ancestors, too");
                }
            }
        }

        return null;
    }

    internal static Finding? EqualAnonVmasHaveEqualChains(Truth truth)
    {
        foreach (VmArea vma in truth.Vmas)
        {
            if (vma.AnonVma is not { } own)
            {
                continue;
            }

            VmArea other = truth.Of(own).FirstActive!;
            if (other != vma && !AreEqual(vma, other))
            {
                return new(
                    $"vma->anon_vma is {own} of both {other} with the chain {Describe.Chain(other)} and {vma} with {Describe.Chain(vma)}",
                    $"the same AVs in both chains: a merge keeps one of them");
            }
        }

        return null;
    }

    private static bool AreEqual(VmArea vma, VmArea other)
    {
        bool equal = vma.ChainLength == other.ChainLength;
        for (int i = 0; equal && i < vma.ChainLength; i++)
        {
            equal = Truth.IsInChain(other, vma.ChainFromTail(i).AnonVma);
        }

        return equal;
    }

    internal static Finding? ActiveVmasAreCounted(Truth truth)
    {
        foreach (AnonVma anonVma in truth.AnonVmas)
        {
            if (anonVma.NumActiveVmas != truth.Of(anonVma).Active)
            {
                return new($"{anonVma} has num_active_vmas {anonVma.NumActiveVmas}",
                    $"{truth.Of(anonVma).Active}, the VMAs whose own it is");
            }
        }

        return null;
    }

    internal static Finding? ChildrenAreCounted(Truth truth)
    {
        foreach (AnonVma anonVma in truth.AnonVmas)
        {
            if (anonVma.NumChildren != truth.Of(anonVma).Children)
            {
                return new($"{anonVma} has num_children {anonVma.NumChildren}",
                    $"{truth.Of(anonVma).Children}, the AVs with VMAs whose parent it is (a root is its own)");
            }
        }

        return null;
    }

    internal static Finding? ReferencesAreCounted(Truth truth)
    {
        foreach (AnonVma anonVma in truth.AnonVmas)
        {
            ref AnonVmaCount count = ref truth.Of(anonVma);
            int expected = (count.Links > 0 ? 1 : 0) + count.Descendants + count.Items;
            if (anonVma.RefCount != expected)
            {
                return new($"{anonVma} has refcount {anonVma.RefCount}",
                    $"{expected}: {(count.Links > 0 ? 1 : 0)} for its VMAs, {count.Descendants} for other AVs of its tree, "
                    + $"{count.Items} for rmap_items");
            }
        }

        return null;
    }

    internal static Finding? AnonPagesNeedAnAnonVma(Truth truth)
    {
        foreach (PresentPte pte in truth.Anon)
        {
            if (pte.Vma.AnonVma is null)
            {
                return NoAnonVma(pte.Vma, $"{pte} maps the anonymous {pte.Page}");
            }
        }

        foreach (PresentPte pte in truth.Ksm)
        {
            if (pte.Vma.AnonVma is null)
            {
                return NoAnonVma(pte.Vma, $"{pte} maps the KSM page {pte.Page}");
            }
        }

        foreach (SwapPte pte in truth.Swapped)
        {
            if (pte.Vma.AnonVma is null)
            {
                return NoAnonVma(pte.Vma, $"{pte} holds a swap entry for {pte.Slot}");
            }
        }

        return null;
    }

    private static Finding NoAnonVma(VmArea vma, Telling what) => new($"{what}, and vma->anon_vma of {vma} is null", $"an AV");

    internal static Finding? SharedVmasHaveNoAnonPages(Truth truth)
    {
        foreach (VmArea vma in truth.Vmas)
        {
            if ((vma.Flags & VmFlags.Shared) != 0 && vma.AnonVma is not null)
            {
                return new($"vma->anon_vma of the shared VMA {vma} is {vma.AnonVma}", $"null: its pages are the file's");
            }
        }

        return null;
    }
}
