namespace Rmap.Model.Invariants;

/// <summary>No structure leads to something that has been freed, and what nothing leads to has been freed.</summary>
internal static class Life
{
    internal static Finding? EntriesNameLivePagesAndSlots(Truth truth)
    {
        Machine machine = truth.Machine;
        if ((FreedPage(machine, truth.Anon) ?? FreedPage(machine, truth.File) ?? FreedPage(machine, truth.Ksm)
            ?? FreedPage(machine, truth.Unowned)) is { } finding)
        {
            return finding;
        }

        foreach (SwapPte pte in truth.Swapped)
        {
            if (machine.Swap[pte.Slot.Number] != pte.Slot)
            {
                return new($"{pte} holds a swap entry for {pte.Slot}, which has been freed", $"a slot in use");
            }
        }

        return null;
    }

    private static Finding? FreedPage(Machine machine, ReadOnlySpan<PresentPte> ptes)
    {
        foreach (PresentPte pte in ptes)
        {
            if (machine.Frames[pte.Page.Pfn] != pte.Page)
            {
                return new($"{pte} maps {pte.Page}, which has been freed", $"a page in use");
            }
        }

        return null;
    }

    internal static Finding? MappedPagesHaveAnOwner(Truth truth) =>
        truth.Unowned.IsEmpty ? null : new(
            $"{truth.Unowned[0]} maps {truth.Unowned[0].Page}, whose mapping is null", $"an AV, a stable node or a file, or no mapping");

    internal static Finding? AnonVmasAreLive(Truth truth)
    {
        foreach (VmArea vma in truth.Vmas)
        {
            if (vma.AnonVma is { IsFreed: true })
            {
                return Freed($"vma->anon_vma of {vma}", vma.AnonVma);
            }

            for (int i = 0; i < vma.ChainLength; i++)
            {
                AnonVma linked = vma.ChainFromTail(i).AnonVma;
                if (linked.IsFreed)
                {
                    return Freed($"the chain of {vma}", linked);
                }
            }
        }

        foreach (PresentPte pte in truth.Anon)
        {
            if (((AnonVma)pte.Page.Mapping!).IsFreed)
            {
                return Freed($"the mapping of {pte.Page}, which {pte} maps,", (AnonVma)pte.Page.Mapping);
            }
        }

        foreach (AnonVma anonVma in truth.AnonVmas)
        {
            if (anonVma.Root.IsFreed)
            {
                return Freed($"the root of {anonVma}", anonVma.Root);
            }

            // An AV that only rmap_items keep may outlive its parent: nobody looks there.
            if (anonVma.Parent.IsFreed && truth.Of(anonVma).Links > 0)
            {
                return Freed($"the parent of {anonVma}", anonVma.Parent);
            }
        }

        foreach (RmapItem item in truth.Items)
        {
            if (item.AnonVma is { IsFreed: true })
            {
                return Freed($"the rmap_item of page {item.Address} of {item.Mm}", item.AnonVma);
            }
        }

        return null;
    }

    private static Finding Freed(Telling place, AnonVma anonVma) =>
        new($"{place} leads to {anonVma}, which has been freed", $"an AV in use");

    internal static Finding? PagesInUseAreNeeded(Truth truth)
    {
        foreach (Page page in truth.Pages)
        {
            if (truth.Of(page).Mapped == 0 && page.SwapCache is null && page.Mapping is not AddressSpace && !truth.Of(page).IsHeld)
            {
                return new($"{page} is neither mapped nor cached nor pinned", $"its frame freed");
            }
        }

        return null;
    }

    internal static Finding? SlotsInUseAreNeeded(Truth truth)
    {
        SwapArea swap = truth.Machine.Swap;
        for (int number = 1; number < swap.End; number++)
        {
            if (swap[number] is { Cache: null, Owner: null } slot && truth.EntriesFor(slot) == 0)
            {
                return new($"{slot} has neither entries nor a page in the swap cache", $"the slot freed");
            }
        }

        return null;
    }

    internal static Finding? AnonVmasInUseAreNeeded(Truth truth)
    {
        int live = truth.Machine.AnonVmas.InUse;
        return live == truth.AnonVmas.Length ? null : new(
            $"{live} AVs have not been freed",
                $"{truth.AnonVmas.Length}: so many are led to by VMAs, mapped pages, rmap_items or other AVs");
    }

    internal static Finding? KsmPagesAndNodesBelongTogether(Truth truth)
    {
        foreach (PresentPte pte in truth.Ksm)
        {
            var node = (StableNode)pte.Page.Mapping!;
            if (node != StableNode.Null && (node.IsFreed || node.KPfn != pte.Page.Pfn))
            {
                return new(
                    $"{pte} maps {pte.Page} of {node}, {(node.IsFreed ? "which has been freed" : $"whose page is in frame {node.KPfn}")}",
                    $"a stable node in use whose kpfn is the page's frame");
            }
        }

        return null;
    }
}
