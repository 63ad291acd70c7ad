
namespace Rmap.Model.Invariants;

/// <summary>ksmd's notes, lists and counters.</summary>
internal static class KsmInvariants
{
    internal static Finding? MergeableMmsAreRegistered(Truth truth)
    {
        foreach (VmArea vma in truth.Vmas)
        {
            if ((vma.Flags & VmFlags.Mergeable) != 0 && vma.Mm.KsmSlot?.Mm != vma.Mm)
            {
                return new($"the VMA {vma} is VM_MERGEABLE, and {vma.Mm} has no mm slot", $"its mm registered with ksmd");
            }
        }

        return null;
    }

    internal static Finding? ZeroPagesAreMergeable(Truth truth)
    {
        foreach (ZeroPte zero in truth.KsmZero)
        {
            if ((zero.Vma.Flags & VmFlags.Mergeable) == 0)
            {
                return new($"page {zero.Address} of {zero.Vma.Mm} maps the zero page as KSM does, and {zero.Vma} is not VM_MERGEABLE",
                    $"its own page: unmerging gives it back");
            }
        }

        return null;
    }

    internal static Finding? ItemsAreInOrder(Truth truth)
    {
        RmapItem? previous = null;
        foreach (RmapItem item in truth.Items)
        {
            if (previous?.Slot == item.Slot && item.Address <= previous.Address)
            {
                return new($"the rmap_item of page {item.Address} of {item.Mm} behind that of page {previous.Address}",
                    $"strictly ascending addresses");
            }

            previous = item;
        }

        return null;
    }

    internal static Finding? ItemsAreInOneTree(Truth truth)
    {
        int inNodes = 0;
        foreach (RmapItem item in truth.Items)
        {
            inNodes += item.Head is null ? 0 : 1;
            if ((item.Head is null) != (item.AnonVma is null) || (item.Head is not null && (item.IsUnstable
                || !item.Head.Items.Contains(item))))
            {
                return new($"the rmap_item of page {item.Address} of {item.Mm}: stable node {(object?)item.Head ?? "none"}, "
                    + $"AV {(object?)item.AnonVma ?? "none"}{(item.IsUnstable ? ", in the unstable tree" : "")}",
                    $"a stable node that lists it and an AV, or neither; and never both trees");
            }
        }

        int listed = 0;
        foreach (StableNode node in truth.StableNodes)
        {
            listed += node.Items.Count;
            foreach (RmapItem item in node.Items)
            {
                if (item.Head != node)
                {
                    return new(
                        $"{node} lists the rmap_item of page {item.Address} of {item.Mm}, whose head is {(object?)item.Head ?? "null"}",
                        $"{node} as its head");
                }
            }
        }

        return listed == inNodes ? null : new($"stable nodes list {listed} items",
            $"{inNodes}, as many as the mm slots hold that have a stable node");
    }

    internal static Finding? LengthsAreCounted(Truth truth)
    {
        foreach (StableNode node in truth.StableNodes)
        {
            if (node.Length != node.Items.Count)
            {
                return new($"{node} has rmap_hlist_len {node.Length}", $"{node.Items.Count}: {Describe.Items(node)}");
            }
        }

        return null;
    }

    internal static Finding? PagesAreCounted(Truth truth)
    {
        int shared = 0;
        int sharing = 0;
        foreach (StableNode node in truth.StableNodes)
        {
            shared += node.Items.Count > 0 ? 1 : 0;
            sharing += Math.Max(0, node.Items.Count - 1);
        }

        int unshared = 0;
        foreach (RmapItem item in truth.Items)
        {
            unshared += item.IsUnstable ? 1 : 0;
        }

        KsmState ksm = truth.Machine.Ksm;
        int rest = truth.Items.Length - shared - sharing - unshared;
        if (ksm.PagesShared != shared || ksm.PagesSharing != sharing || ksm.PagesUnshared != unshared || ksm.PagesVolatile != rest)
        {
            return new(
                $"pages_shared {ksm.PagesShared}, sharing {ksm.PagesSharing}, unshared {ksm.PagesUnshared}, volatile {ksm.PagesVolatile}",
                $"{shared}, {sharing}, {unshared}, {rest}: the nodes with items, their further items, unstable items, the rest");
        }

        int zero = truth.KsmZero.Length;
        return ksm.ZeroPages - ksm.ZeroPagesAstray == zero ? null : new(
            $"ksm_zero_pages {ksm.ZeroPages}{Astray(ksm.ZeroPagesAstray)}",
            $"{zero}{Astray(ksm.ZeroPagesAstray)}, as page tables hold");
    }

    internal static Finding? ItemsOfMmsAreCounted(Truth truth)
    {
        IReadOnlyList<KsmMmSlot> slots = truth.Machine.Ksm.Slots;
        for (int i = 0; i < slots.Count; i++)
        {
            int merging = 0;
            foreach (RmapItem item in slots[i].Items)
            {
                merging += item.Head is null ? 0 : 1;
            }

            if (Wrong(slots[i].Mm, slots[i].Items.Count, merging) is { } finding)
            {
                return finding;
            }
        }

        int at = 0;
        foreach (Mm mm in truth.Mms)
        {
            if (mm.KsmSlot is null && Wrong(mm, 0, 0) is { } finding)
            {
                return finding;
            }

            int first = at;
            while (at < truth.KsmZero.Length && truth.KsmZero[at].Vma.Mm == mm)
            {
                at++;
            }

            if (mm.KsmZeroPages - mm.KsmZeroPagesAstray != at - first)
            {
                return new($"{mm} has ksm_zero_pages {mm.KsmZeroPages}{Astray(mm.KsmZeroPagesAstray)}",
                    $"{at - first}{Astray(mm.KsmZeroPagesAstray)}, as its page table holds");
            }
        }

        return null;
    }

    private static string Astray(int count) => count == 0 ? "" : $" beside {count} of which Linux lost count";

    private static Finding? Wrong(Mm mm, int items, int merging) =>
        mm.KsmRmapItems == items && mm.KsmMergingPages == merging ? null : new(
            $"{mm} has ksm_rmap_items {mm.KsmRmapItems} and ksm_merging_pages {mm.KsmMergingPages}",
                $"{items} and {merging}, as its mm slot holds");

    internal static Finding? ContentsAreInOrder(Truth truth)
    {
        Page? previous = null;
        StableNode? last = null;
        foreach (StableNode node in truth.StableNodes)
        {
            if (truth.Machine.Frames[node.KPfn] is not { } page || page.Mapping != node)
            {
                // Stale: its page is gone, and ksmd will prune it when it comes by.
                continue;
            }

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
