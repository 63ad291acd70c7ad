namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>ksm_get_folio</c>: whether the page now in a stable node's frame is still the node's: it points back. The frame may
    /// have been freed and used again.
    /// </summary>
    public virtual bool KsmIsStillItsPage(StableNode node, Page page) => page.Mapping == node;

    /// <summary><c>memcmp_pages</c>: the order of contents in both trees; 0 if they are equal.</summary>
    public virtual int KsmCompare(Page left, Page right) => left.Value.CompareTo(right.Value);

    /// <summary>
    /// <c>try_to_merge_one_page</c>: whether a page may be replaced by a KSM page, asked again once it is write-protected
    /// (<c>pages_identical</c>).
    /// </summary>
    public virtual bool KsmIsIdentical(Page page, Page kpage) => page.Value == kpage.Value;

    /// <summary>
    /// <c>is_page_sharing_candidate</c>: whether a stable node takes more items: it has one at least and is below
    /// <c>max_page_sharing</c>.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="more">How many items it is about to get besides the one in question.</param>
    /// <param name="limit"><c>max_page_sharing</c>.</param>
    public virtual bool KsmMayShare(StableNode node, int more, int limit) => node.Length > 0 && node.Length + more < limit;

    /// <summary><c>stable_node_dup</c>: whether a chain that was searched becomes a plain node again: it has one dup left.</summary>
    public virtual bool KsmChainCollapses(StablePlace chain) => chain.Nodes.Count == 1;

    /// <summary>
    /// <c>stable_tree_insert</c>: where a new KSM page goes: below a node, behind it, or, at 0, beside it as a dup of its chain.
    /// </summary>
    public virtual int KsmInsertOrder(Page kpage, Page other) => KsmCompare(kpage, other);

    /// <summary>
    /// <c>cmp_and_merge_page</c>: whether a page changed since the last pass, or was not seen before (<c>oldchecksum</c>).
    /// </summary>
    public virtual bool KsmHasChanged(RmapItem item, Page page) => item.OldChecksum != page.Value;

    /// <summary>
    /// <c>cmp_and_merge_page</c>: whether a page has to be unchanged since the last pass to join even an existing KSM page. In 6.1 it may
    /// join one at ksmd's first visit.
    /// </summary>
    public virtual bool KsmChecksumBeforeStableTree => Since(6, 12);

    /// <summary>
    /// <c>write_protect_page</c>: whether nobody but page tables and swap cache holds a page, so that a read-only PTE keeps
    /// everybody from writing.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="references">All references but ksmd's own.</param>
    public virtual bool KsmMayProtect(Page page, int references) => references == page.MapCount + (page.SwapCache is null ? 0 : 1);

    /// <summary>
    /// <c>replace_page</c>: the bits of an entry in which KSM put the zero page: since 6.6 dirty, to be told from others. Before, none was
    /// counted or given back.
    /// </summary>
    public virtual PteBits KsmZeroPageBits => Since(6, 6) ? PteBits.Young | PteBits.Dirty : PteBits.Young;

    /// <summary>
    /// <c>try_to_merge_with_ksm_page</c>: the AV that an item records: the VMA's own, to which the VMAs of later fork children are linked.
    /// </summary>
    public virtual AnonVma AnonVmaForRmapItem(VmArea vma) => vma.AnonVma!;

    /// <summary>
    /// <c>get_next_rmap_item</c>: where in the list of an mm a new item goes: where the scan is, which keeps the list in order of address.
    /// </summary>
    /// <param name="cursor">The place of the scan.</param>
    public virtual int KsmPlaceOfNewItem(int cursor) => cursor;

    /// <summary>
    /// <c>remove_rmap_item_from_tree</c>: whether a node still has items once one is removed, so that <c>pages_sharing</c> goes down and
    /// not <c>pages_shared</c>.
    /// </summary>
    /// <param name="left">Items that are left.</param>
    public virtual bool KsmIsStillShared(int left) => left > 0;

    /// <summary>
    /// <c>remove_node_from_stable_tree</c>: whether its items forget a node that is freed. Linux leaves <c>head</c>, which does harm
    /// once the
    /// next node has its memory (here: its number). When that is so nobody can say, so the answer is yes.
    /// </summary>
    public virtual bool KsmFreedNodeIsForgotten => true;

    /// <summary>
    /// <c>break_ksm</c>: whether this PTE has to be given a private copy when a range is unmerged: it maps a KSM page, or a zero page
    /// that KSM placed.
    /// </summary>
    public virtual bool KsmMustBreak(Pte pte) => (pte.IsPresent && pte.Page.IsKsm) || pte.IsKsmZero;

    /// <summary>
    /// <c>break_ksm</c>: whether the copy is made by a write fault, so that it is writable and dirty, not by an unshare fault. Until 6.2.
    /// </summary>
    public virtual bool KsmBreaksByWrite => !Since(6, 2);

    /// <summary><c>ksm_madvise</c>, <c>ksm_del_vma</c>: the flags of a VMA that is not mergeable any more.</summary>
    public virtual VmFlags FlagsAfterUnmergeable(VmArea vma) => vma.Flags & ~VmFlags.Mergeable;

    /// <summary>
    /// <c>ksm_might_need_to_copy</c>: whether a swap-in must not map this page of the swap cache but a copy: it is anonymous, and of
    /// another fork tree or for another place than this one, so its rmap walk would not come here. A KSM page may be mapped anywhere,
    /// as ksmd will come by, unless all are being taken apart. Who maps it no more may have taken its AV along; the index is asked first,
    /// since e1c63e110f97 of 2022, to spare Linux that look. Where it is equal, Linux looks still: the memory of a freed AV keeps its type
    /// (SLAB_TYPESAFE_BY_RCU), and has another root unless it is an AV of this tree by now, which is left out.
    /// </summary>
    public virtual bool KsmMustCopy(Page page, VmArea vma, VirtualPage address, int run) => page.Mapping switch
    {
        StableNode => StableNode.Of(page) is null || run == 2,
        AnonVma anonVma => page.Index != vma.LinearAnonPageIndex(address) || anonVma.IsFreed || anonVma.Root != vma.AnonVma!.Root,
        _ => false,
    };

    /// <summary>
    /// <c>try_to_merge_with_ksm_page</c>: whether an item records the index that the page had (<c>linear_page_index</c>). It lies where
    /// <c>oldchecksum</c> was, which is so forgotten. Since 7.3.
    /// </summary>
    public virtual bool KsmRemembersIndex => Since(7, 3);

    /// <summary>
    /// <c>rmap_walk_ksm</c>: the page offsets for which an item's AV is searched. All of them where an item knows its address only, as a
    /// VMA that has moved has another page offset there.
    /// </summary>
    public virtual (long First, long Last) KsmWalkInterval(RmapItem item) =>
        item.Index is { } index ? (index, index) : (0, long.MaxValue);

    /// <summary><c>rmap_walk_ksm</c>: whether an item's address lies in a VMA that its AV knows.</summary>
    public virtual bool KsmItemLiesIn(VmArea vma, VirtualPage address) => vma.Range.Contains(address);

    /// <summary>
    /// <c>rmap_walk_ksm</c>: whether a VMA is looked at in this round: the item's own mm in the first, all others in the second.
    /// </summary>
    /// <param name="vma">A VMA that covers the item's address.</param>
    /// <param name="item">The item.</param>
    /// <param name="newForks">The second round (<c>search_new_forks</c>).</param>
    public virtual bool KsmWalkTakes(VmArea vma, RmapItem item, bool newForks) => (vma.Mm == item.Mm) != newForks;

    /// <summary>
    /// <c>ksm_fork</c>: the <c>ksm_zero_pages</c> with which a child begins. Linux takes the parent's, although entries of VM_DONTCOPY and
    /// VM_WIPEONFORK VMAs are not copied.
    /// </summary>
    /// <param name="parent">The parent.</param>
    /// <param name="copied">Entries with such a zero page that were copied.</param>
    public virtual int KsmZeroPagesOfChild(Mm parent, int copied) => parent.KsmZeroPages;

    /// <summary>
    /// <c>dup_mmap</c>: whether the zero pages of a fork that fails are added to the sum, from which they go with the copy. Linux does not.
    /// </summary>
    public virtual bool FailedForkCountsKsmZeroPages => false;

    /// <summary><c>prctl</c>: whether there is a PR_SET_MEMORY_MERGE; without it EINVAL. Since 6.4.</summary>
    public virtual bool HasMemoryMerge => Since(6, 4);

    /// <summary>
    /// <c>ksm_vma_flags</c>, before 6.17 <c>ksm_add_vma</c>: whether an mm with process-wide KSM that ksmd has unregistered, because it
    /// had nothing to merge, is registered anew for this new mapping: since 6.17 only for one that can be merged.
    /// </summary>
    public virtual bool MergeAnyRegistersFor(VmFlags flags) => !Since(6, 17) || flags.IsKsmCompatible();
}
