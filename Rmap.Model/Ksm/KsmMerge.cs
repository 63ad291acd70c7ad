using Rmap.Model.Memory;
using Rmap.Model.Rmap;
using Rmap.Model.Swap;

namespace Rmap.Model.Ksm;

/// <summary>
/// What ksmd does with one page (<c>cmp_and_merge_page</c> and what it calls, 6.18). Left out: page locks, large folios, failing
/// allocations, TLB flushes.
/// </summary>
internal static class KsmMerge
{
    /// <summary>
    /// <c>cmp_and_merge_page</c>: shares the page with an equal KSM page; else, if it has not changed since the last pass, with an equal
    /// page of the unstable tree, the two becoming a KSM page; else leaves it there for others.
    /// </summary>
    internal static void CompareAndMerge(TaskStruct current, Page page, RmapItem item)
    {
        StableNode? node = StableNode.Of(page);
        if (node is not null && (item.Head == node || item.LeftHead == node.Id))
            return;

        if (node is null && current.Rules.KsmChecksumBeforeStableTree)
        {
            RemoveFromTree(current, item);
            if (HasChanged(current, item, page) || MergeWithZeroPage(current, item, page))
                return;
        }

        Page? kpage = StableTree.Search(current, page);
        RemoveFromTree(current, item);
        if (kpage is not null)
        {
            if (MergeWith(current, item, page, kpage) && StableNode.Of(kpage) is { } shared)
                StableTree.Append(current, item, shared);

            return;
        }

        if (!current.Rules.KsmChecksumBeforeStableTree && (HasChanged(current, item, page) || MergeWithZeroPage(current, item, page)))
            return;

        if (UnstableTree.SearchInsert(current, item, page) is { } treeItem && MergeTwo(current, item, page, treeItem))
        {
            StableNode created = StableTree.Insert(current, page);
            StableTree.Append(current, treeItem, created);
            StableTree.Append(current, item, created);
        }
    }

    /// <summary><c>try_to_merge_with_zero_page</c>: if that is switched on and the page is full of zeroes.</summary>
    /// <returns>Whether there is no more to be done: it has been merged, or its VMA is not mergeable any more.</returns>
    private static bool MergeWithZeroPage(TaskStruct current, RmapItem item, Page page)
    {
        if (!current.Options.KsmUseZeroPages || page.Value != 0)
            return false;

        if (item.MergeableVma is not { } vma)
            return true;

        if (WriteProtect(current, vma, page, becomesKsm: false) is not { } address)
            return false;

        Pte zero = Pte.Zero(current.Rules.KsmZeroPageBits);
        KsmZeroPages.Mapped(current, vma.Mm, zero);
        Replace(current, vma, address, page, zero);
        return true;
    }

    /// <summary><c>remove_rmap_item_from_tree</c>.</summary>
    internal static void RemoveFromTree(TaskStruct current, RmapItem item)
    {
        if (item.Head is not null)
            StableTree.Remove(current, item);
        else if (item.IsUnstable)
            UnstableTree.Remove(current, item);
    }

    /// <summary>
    /// <c>break_ksm</c>: if the address maps a KSM page, a fault makes a private copy. Left out: the repetition in case something
    /// came in between.
    /// </summary>
    /// <returns>False if there is no memory for the copy.</returns>
    internal static bool Break(TaskStruct current, VmArea vma, VirtualPage address) =>
        !current.Rules.KsmMustBreak(vma.Mm.PageTable[address])
        || PageFault.Handle(current, vma, address, current.Rules.KsmBreaksByWrite ? FaultKind.Write : FaultKind.Unshare) != VmFault.Oom;

    /// <summary>The gate of <c>oldchecksum</c>: a page that changes often is not worth merging. Remembers what it saw.</summary>
    private static bool HasChanged(TaskStruct current, RmapItem item, Page page)
    {
        bool changed = current.Rules.KsmHasChanged(item, page);
        item.OldChecksum = page.Value;
        return changed;
    }

    /// <summary>
    /// <c>try_to_merge_two_pages</c>: the scanned page becomes a KSM page, the other item's PTE is led to it. If that fails, it is undone.
    /// </summary>
    private static bool MergeTwo(TaskStruct current, RmapItem item, Page page, RmapItem treeItem)
    {
        Page treePage = treeItem.MergeablePage!;
        if (!MergeWith(current, item, page, null))
            return false;

        if (MergeWith(current, treeItem, treePage, page))
            return true;

        BreakCow(current, item);
        return false;
    }

    /// <summary>
    /// <c>try_to_merge_with_ksm_page</c>: leads the item's PTE to the KSM page; without one makes its page a KSM page. The item then
    /// records the AV of its VMA, through which rmap finds the PTE and those that fork makes of it.
    /// </summary>
    private static bool MergeWith(TaskStruct current, RmapItem item, Page page, Page? kpage)
    {
        if (item.MergeableVma is not { } vma || !MergeOne(current, vma, page, kpage))
            return false;

        if (current.Rules.Does(LinuxStep.KsmMergeLeavesUnstableTree))
            RemoveFromTree(current, item);

        PageRmap.HoldFor(current, item, vma);
        return true;
    }

    /// <summary><c>break_cow</c>: undoes the merge of an item that has not been appended yet.</summary>
    private static void BreakCow(TaskStruct current, RmapItem item)
    {
        PageRmap.ReleaseFor(current, item);
        if (item.MergeableVma is { } vma)
            Break(current, vma, item.Address);
    }

    /// <summary><c>try_to_merge_one_page</c>.</summary>
    private static bool MergeOne(TaskStruct current, VmArea vma, Page page, Page? kpage)
    {
        if (page == kpage)
            return true;

        if (WriteProtect(current, vma, page, kpage is null) is not { } address)
            return false;

        if (kpage is not null)
        {
            if (!current.Rules.KsmIsIdentical(page, kpage))
                return false;

            PageRmap.AddAnon(current, kpage, vma, exclusive: false);
            Replace(current, vma, address, page, Pte.Present(kpage, PteBits.Young));
            return true;
        }

        page.Mapping = StableNode.Null;
        PageActivity.MarkAccessed(page);
        if (current.Rules.Does(LinuxStep.KsmDirtiesStablePage))
            page.Set(PageFlags.Dirty);

        return true;
    }

    /// <summary>
    /// <c>write_protect_page</c>: makes the page's PTE in this VMA clean and read-only and the page shared, unless somebody beyond
    /// page tables and swap cache holds the page.
    /// </summary>
    /// <returns>Where the VMA maps the page, or null if it does not or the page has to stay as it is.</returns>
    private static VirtualPage? WriteProtect(TaskStruct current, VmArea vma, Page page, bool becomesKsm)
    {
        if (PageRmap.AddressInVma(current, page, vma) is not { } address || !vma.Mm.PageTable[address].Maps(page))
            return null;

        Pte pte = vma.Mm.PageTable[address];
        if (!pte.IsWritable && !pte.IsDirty && !page.IsAnonExclusive)
            return address;

        if (!current.Rules.KsmMayProtect(page, page.RefCount) || (page.IsAnonExclusive && !PageRmap.TryShareAnon(page, current.Rules)))
            return null;

        if (pte.IsDirty)
            page.Set(PageFlags.Dirty);

        bool keepWritable = becomesKsm && current.Rules.Skips(LinuxStep.KsmProtectsFirstMapping);
        vma.Mm.PageTable[address] = pte.Without(keepWritable ? PteBits.Dirty : PteBits.Dirty | PteBits.Writable);
        return address;
    }

    /// <summary><c>replace_page</c>: the entry now maps the KSM page or the zero page; the page it mapped loses a mapping.</summary>
    private static void Replace(TaskStruct current, VmArea vma, VirtualPage address, Page page, Pte by)
    {
        vma.Mm.PageTable[address] = by;
        PageRmap.Remove(current, page, vma);
        if (page.MapCount == 0)
            SwapCache.FreeSwap(current, page);

        if (current.Rules.Does(LinuxStep.KsmPutsReplacedPage))
            current.Machine.Frames.Put(page);
    }
}
