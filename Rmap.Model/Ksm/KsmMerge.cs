using Rmap.Model.Memory;
using Rmap.Model.Rmap;

namespace Rmap.Model.Ksm;

/// <summary>
/// What ksmd does with one page (<c>cmp_and_merge_page</c> and what it calls, 6.18). Left out: page locks, large folios, failing
/// allocations, TLB flushes.
/// </summary>
internal sealed class KsmMerge
{
    private readonly Machine machine;
    private readonly StableTree stable;
    private readonly UnstableTree unstable;

    internal KsmMerge(Machine machine, StableTree stable, UnstableTree unstable)
    {
        this.machine = machine;
        this.stable = stable;
        this.unstable = unstable;
    }

    internal Rules Rules => machine.Rules;

    /// <summary>What precedes a pass: <c>lru_add_drain_all</c>, and the unstable tree is empty.</summary>
    internal void StartPass()
    {
        machine.MlockBatch.Drain();
        unstable.StartPass();
    }

    /// <summary>
    /// <c>cmp_and_merge_page</c>: shares the page with an equal KSM page; else, if it has not changed since the last pass, with an equal
    /// page of the unstable tree, the two becoming a KSM page; else leaves it there for others.
    /// </summary>
    internal void CompareAndMerge(Page page, RmapItem item)
    {
        StableNode? node = StableNode.Of(page);
        if (node is not null && item.Head == node)
        {
            return;
        }

        if (node is null && Rules.KsmChecksumBeforeStableTree)
        {
            RemoveFromTree(item);
            if (HasChanged(item, page) || MergeWithZeroPage(item, page))
            {
                return;
            }
        }

        Page? kpage = stable.Search(page);
        RemoveFromTree(item);
        if (kpage is not null)
        {
            if (MergeWith(item, page, kpage) && StableNode.Of(kpage) is { } shared)
            {
                stable.Append(item, shared);
            }

            return;
        }

        if (!Rules.KsmChecksumBeforeStableTree && (HasChanged(item, page) || MergeWithZeroPage(item, page)))
        {
            return;
        }

        if (unstable.SearchInsert(item, page) is { } treeItem && MergeTwo(item, page, treeItem))
        {
            StableNode created = stable.Insert(page);
            stable.Append(treeItem, created);
            stable.Append(item, created);
        }
    }

    /// <summary><c>try_to_merge_with_zero_page</c>: if that is switched on and the page is full of zeroes.</summary>
    /// <returns>Whether there is no more to be done: it has been merged, or its VMA is not mergeable any more.</returns>
    private bool MergeWithZeroPage(RmapItem item, Page page)
    {
        if (!machine.Options.KsmUseZeroPages || page.Value != 0)
        {
            return false;
        }

        if (FindMergeableVma(item) is not { } vma)
        {
            return true;
        }

        if (WriteProtect(vma, page, becomesKsm: false) is not { } address)
        {
            return false;
        }

        vma.Mm.PageTable[address] = Pte.Zero(Rules.KsmZeroPageBits);
        if (vma.Mm.PageTable[address].IsKsmZero)
        {
            machine.Ksm.ZeroPages.Mapped(vma.Mm);
        }

        Unmapped(vma, page);
        return true;
    }

    /// <summary><c>remove_rmap_item_from_tree</c>.</summary>
    internal void RemoveFromTree(RmapItem item)
    {
        if (item.Head is not null)
        {
            stable.Remove(item);
        }
        else if (item.IsUnstable)
        {
            unstable.Remove(item);
        }
    }

    /// <summary><c>find_mergeable_vma</c>: the mergeable VMA at the item's address, or null.</summary>
    internal static VmArea? FindMergeableVma(RmapItem item) =>
        !item.Mm.HasExited && item.Mm.Lookup(item.Address) is { AnonVma: not null } vma && vma.Has(VmFlags.Mergeable) ? vma : null;

    /// <summary>
    /// <c>break_ksm</c>: if the address maps a KSM page, a fault makes a private copy. Left out: the repetition in case something
    /// came in between.
    /// </summary>
    /// <returns>False if there is no memory for the copy.</returns>
    internal bool Break(VmArea vma, VirtualPage address) =>
        !Rules.KsmMustBreak(vma.Mm.PageTable[address])
        || PageFault.Handle(vma, address, Rules.KsmBreaksByWrite ? FaultKind.Write : FaultKind.Unshare) != VmFault.Oom;

    /// <summary>The gate of <c>oldchecksum</c>: a page that changes often is not worth merging. Remembers what it saw.</summary>
    private bool HasChanged(RmapItem item, Page page)
    {
        bool changed = Rules.KsmHasChanged(item, page);
        item.OldChecksum = page.Value;
        return changed;
    }

    /// <summary>
    /// <c>try_to_merge_two_pages</c>: the scanned page becomes a KSM page, the other item's PTE is led to it. If that fails, it is undone.
    /// </summary>
    private bool MergeTwo(RmapItem item, Page page, RmapItem treeItem)
    {
        Page treePage = UnstableTree.MergeablePage(treeItem)!;
        if (!MergeWith(item, page, null))
        {
            return false;
        }

        if (MergeWith(treeItem, treePage, page))
        {
            return true;
        }

        BreakCow(item);
        return false;
    }

    /// <summary>
    /// <c>try_to_merge_with_ksm_page</c>: leads the item's PTE to the KSM page; without one makes its page a KSM page. The item then
    /// records the AV of its VMA, through which rmap finds the PTE and those that fork makes of it.
    /// </summary>
    private bool MergeWith(RmapItem item, Page page, Page? kpage)
    {
        if (FindMergeableVma(item) is not { } vma || !MergeOne(vma, page, kpage))
        {
            return false;
        }

        if (Rules.KsmMergeLeavesUnstableTree)
        {
            RemoveFromTree(item);
        }

        item.AnonVma = Rules.AnonVmaForRmapItem(vma);
        if (Rules.KsmItemHoldsAnonVma)
        {
            AnonVmas.Get(item.AnonVma);
        }

        return true;
    }

    /// <summary><c>break_cow</c>: undoes the merge of an item that has not been appended yet.</summary>
    private void BreakCow(RmapItem item)
    {
        stable.ReleaseAnonVma(item);
        if (FindMergeableVma(item) is { } vma)
        {
            Break(vma, item.Address);
        }
    }

    /// <summary><c>try_to_merge_one_page</c>.</summary>
    private bool MergeOne(VmArea vma, Page page, Page? kpage)
    {
        if (page == kpage)
        {
            return true;
        }

        if (WriteProtect(vma, page, kpage is null) is not { } address)
        {
            return false;
        }

        if (kpage is not null)
        {
            bool identical = Rules.KsmIsIdentical(page, kpage);
            if (identical)
            {
                Replace(vma, address, page, kpage);
            }

            return identical;
        }

        page.Mapping = StableNode.Null;
        PageActivity.MarkAccessed(page);
        if (Rules.KsmDirtiesStablePage)
        {
            page.Set(PageFlags.Dirty);
        }

        return true;
    }

    /// <summary>
    /// <c>write_protect_page</c>: makes the page's PTE in this VMA clean and read-only and the page shared, unless somebody beyond
    /// page tables and swap cache holds the page.
    /// </summary>
    /// <returns>Where the VMA maps the page, or null if it does not or the page has to stay as it is.</returns>
    private VirtualPage? WriteProtect(VmArea vma, Page page, bool becomesKsm)
    {
        if (AddressInVma(page, vma) is not { } address || !vma.Mm.PageTable[address].Maps(page))
        {
            return null;
        }

        Pte pte = vma.Mm.PageTable[address];
        if (!pte.IsWritable && !pte.IsDirty && !page.IsAnonExclusive)
        {
            return address;
        }

        if (!Rules.KsmMayProtect(page, page.RefCount) || (page.IsAnonExclusive && !PageRmap.TryShareAnon(page, Rules)))
        {
            return null;
        }

        if (pte.IsDirty)
        {
            page.Set(PageFlags.Dirty);
        }

        bool keepWritable = becomesKsm && !Rules.KsmProtectsFirstMapping;
        vma.Mm.PageTable[address] = pte.Without(keepWritable ? PteBits.Dirty : PteBits.Dirty | PteBits.Writable);
        return address;
    }

    /// <summary><c>page_address_in_vma</c> of an anonymous page; nowhere if it is a KSM page or of another fork tree.</summary>
    private VirtualPage? AddressInVma(Page page, VmArea vma) =>
        page.Mapping is AnonVma anonVma && anonVma.Root == vma.AnonVma?.Root ? Rules.VmaAddress(vma, page.Index) : null;

    /// <summary><c>replace_page</c>: the PTE now maps the KSM page; the page it mapped loses a mapping.</summary>
    private void Replace(VmArea vma, VirtualPage address, Page page, Page kpage)
    {
        PageRmap.AddAnon(kpage, vma, exclusive: false);
        vma.Mm.PageTable[address] = Pte.Present(kpage, PteBits.Young);
        Unmapped(vma, page);
    }

    /// <summary>What follows for a page that an entry maps no more.</summary>
    private void Unmapped(VmArea vma, Page page)
    {
        PageRmap.Remove(page, vma);
        if (page.MapCount == 0)
        {
            machine.Swap.FreeSwap(page);
        }

        if (Rules.KsmPutsReplacedPage)
        {
            machine.Swap.FreeIfUnreferenced(page);
        }
    }
}
