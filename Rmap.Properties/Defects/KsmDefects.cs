namespace Rmap.Properties.Defects;

/// <summary>
/// 2026, proposed with a5650de0413f and never released in this form. To speed up the walk, an item's AV was searched at the item's address
/// only. That is the page offset of a VMA only as long as it has not been moved.
/// </summary>
public sealed class A16KsmWalkKeyIsAddress() : Defect("A16", "the walk of a KSM page takes addresses for page offsets")
{
    public override (long First, long Last) KsmWalkInterval(RmapItem item) => (item.Address.Number, item.Address.Number);
}

/// <summary>
/// 2009, fixed by db114b83ab60; before 2.6.33. ksmd recorded no AV, so entries that fork had copied were unknown until it scanned the
/// child.
/// Reclaim could not unmap such a page everywhere.
/// </summary>
public sealed class A18KsmWalkMissesFork() : Defect("A18", "the walk of a KSM page leaves out fork children")
{
    public override bool KsmWalkTakes(VmArea vma, RmapItem item, bool newForks) => vma.Mm == item.Mm && !newForks;
}

/// <summary>
/// 2009 to 2013, ksm_might_need_to_copy. A KSM page that was swapped out may be wanted where it does not belong: by other fork trees,
/// or at other page offsets. Mapped there as it is, no walk finds it.
/// </summary>
public sealed class A21KsmSwapInForeignAnonVma() : Defect("A21", "a swap-in maps pages of other fork trees")
{
    public override bool KsmMustCopy(Page page, VmArea vma, VirtualPage address, int run) => false;
}

/// <summary>
/// 2019 to 2021, from 52d1e606ee73 to 09854ba94c6a. A KSM page with one mapping was handed to its writer without leaving the stable tree
/// in all cases. ksmd then merges other pages into one that is being written.
/// </summary>
public sealed class A29KsmPageReusedInPlace() : Defect("A29", "a KSM page is written in place")
{
    public override bool MayReuse(Page page) => page.MapCount == 1 && !page.IsHeld && page.SwapCache is null or { Count: 0 };
}

/// <summary>
/// 2025, fixed by cf7e7a3503df. With process-wide KSM a new mapping became VM_MERGEABLE after it had been asked whether it may join its
/// neighbours, which are: so it never could, and every mmap gave one more VMA.
/// </summary>
public sealed class A37KsmFlagBlocksMerge() : Defect("A37", "process-wide KSM keeps new mappings apart")
{
    public override string OnlyCosts => "more VMAs than necessary";

    public override bool MergeAnyBeforeMerge => false;
}

/// <summary>
/// 2023, fixed by 79271476b336. Unmerging passed over the zero pages that KSM had placed, so that they stayed where nothing was to be
/// shared any more, and the counters with them.
/// </summary>
public sealed class A39KsmUnmergeSkipsZeroPages() : Defect("A39", "unmerging leaves KSM's zero pages")
{
    public override bool KsmMustBreak(Pte pte) => pte.IsPresent && pte.Page.IsKsm;
}

/// <summary>A fork child begins without the count of the zero pages that it shares with its parent.</summary>
public sealed class M63KsmForkForgetsZeroPages() : Defect("M63b", "fork does not count KSM's zero pages")
{
    public override int KsmZeroPagesOfChild(Mm parent, int copied) => 0;
}

/// <summary>Pages are merged whose checksums are equal, not their contents: here the values 2n and 2n+1.</summary>
public sealed class M56KsmComparesChecksumsOnly() : Defect("M56", "ksmd merges pages of equal checksum")
{
    public override int KsmCompare(Page left, Page right) => (left.Value / 2).CompareTo(right.Value / 2);

    public override bool KsmIsIdentical(Page page, Page kpage) => true;
}

/// <summary>ksmd takes a page that changes all the time for one that is worth merging.</summary>
public sealed class M58KsmIgnoresChanges() : Defect("M58", "ksmd merges volatile pages")
{
    public override string OnlyCosts => "pages are merged and taken apart again";

    public override bool KsmHasChanged(RmapItem item, Page page) => false;
}

/// <summary>A stable node takes the page that now lies in its frame for its own, whatever it is.</summary>
public sealed class M60KsmNodeOutlivesItsPage() : Defect("M60", "a stable node trusts its frame")
{
    public override bool KsmIsStillItsPage(StableNode node, Page page) => true;
}

/// <summary>The sharing limit is not kept, so that the walk of one page can take for ever.</summary>
public sealed class M61KsmSharingWithoutLimit() : Defect("M61", "a stable node takes any number of items")
{
    public override string OnlyCosts => "longer walks";

    public override bool KsmMayShare(StableNode node, int more, int limit) => node.Length > 0;
}

/// <summary>Unmerging a range leaves its KSM pages in place.</summary>
public sealed class M63KsmUnmergeSkipsPages() : Defect("M63", "unmerging breaks nothing")
{
    public override bool KsmMustBreak(Pte pte) => false;
}
