namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>vma_has_recency</c>: whether it means anything that a page was used here: not if it is read once (MADV_SEQUENTIAL) or anywhere
    /// (MADV_RANDOM; since 6.3).
    /// </summary>
    public virtual bool HasRecency(VmArea vma) => !vma.Has(Since(6, 3) ? VmFlags.SeqRead | VmFlags.RandRead : VmFlags.SeqRead);

    /// <summary>
    /// <c>invalid_folio_referenced_vma</c>: whether a VMA without recency is passed by as a whole, VM_LOCKED or not, and its entries stay
    /// young. Since 6.3.
    /// </summary>
    public virtual bool ReferencedPassesBy(VmArea vma) => Since(6, 3) && !HasRecency(vma);

    /// <summary>
    /// <c>vma_address</c>; since 7.3 <c>vma_filebacked_address</c>, <c>vma_anon_address</c>: where in a VMA the page with this index is,
    /// or null if not in it. A walk takes it from the tree, so null means that the tree's key is wrong (VM_BUG_ON_VMA in Linux).
    /// </summary>
    /// <param name="vma">A VMA that the walk has found.</param>
    /// <param name="index">The page's index, in pages.</param>
    /// <param name="first">The page offset with which the VMA begins: its own of a file's page, its anonymous one of another.</param>
    public virtual VirtualPage? VmaAddress(VmArea vma, long index, long first)
    {
        VirtualPage address = vma.Start + (index - first);
        return index >= first && address < vma.End ? address : null;
    }

    /// <summary>
    /// <c>check_pte</c>: whether the entry that a walk found maps the page. It has to be asked: another page may lie there.
    /// </summary>
    public virtual bool CheckPte(Pte pte, Page page) => pte.Maps(page);

    /// <summary>
    /// <c>anon_vma_clone</c>: whether the new VMA is linked to this AV of the source's chain. To every one: pages of each may be
    /// mapped there.
    /// </summary>
    /// <param name="anonVma">The AV.</param>
    /// <param name="target">The VMA that gets the chain: a fork child's, the other part of a split, what a merge or mremap makes.</param>
    /// <param name="source">The VMA whose chain it is.</param>
    public virtual bool CloneLinks(AnonVma anonVma, VmArea target, VmArea source) => true;

    /// <summary>
    /// <c>anon_vma_clone</c>: in which direction the source's chain is walked. Links are added at the head, so from the tail
    /// (false) keeps the order and from the head (true) reverses it. 7.0 has rewritten it.
    /// </summary>
    public virtual bool CloneWalksChainFromHead => Since(7, 0);

    /// <summary>
    /// <c>anon_vma_clone</c>: whether a fork child may take over this AV of its chain as its own: nobody's VMA uses it and at most
    /// one AV has been forked from it. Asked in the order in which the child was linked; the first that may is taken.
    /// </summary>
    /// <param name="anonVma">The AV.</param>
    /// <param name="parent">The VMA that is forked. Its own AV is in use, so it needs no test of its own since 6.0.</param>
    public virtual bool ForkMayReuse(AnonVma anonVma, VmArea parent) => anonVma.NumChildren < 2 && anonVma.NumActiveVmas == 0;

    /// <summary>
    /// <c>anon_vma_fork</c>: whether the AV that the child may need, and its link, are allocated before it is known that none can
    /// be reused. Seen on 7.2.
    /// </summary>
    public virtual bool ForkAllocatesOwnFirst => Since(7, 2);

    /// <summary><c>anon_vma_fork</c>: the root of an AV that is made below this one.</summary>
    public virtual AnonVma RootOfForkedAnonVma(AnonVma parent) => parent.Root;

    /// <summary>
    /// <c>unlink_anon_vmas</c>: whether an AV that knows no VMA any more loses the reference that stood for them, and is freed.
    /// </summary>
    public virtual bool UnlinkPutsEmptied(AnonVma anonVma) => true;

    /// <summary>
    /// <c>__folio_set_anon</c>: which AV a new anonymous page points to: the VMA's own if the page is exclusive, else the root, so
    /// that every process that may come to map it is found.
    /// </summary>
    public virtual AnonVma AnonVmaForNewPage(VmArea vma, bool exclusive) => exclusive ? vma.AnonVma! : vma.AnonVma!.Root;

    /// <summary><c>__folio_set_anon</c>: the index of a new anonymous page.</summary>
    public virtual long IndexOfNewPage(VmArea vma, VirtualPage address) => vma.LinearAnonPageIndex(address);

    /// <summary><c>folio_move_anon_rmap</c>: the AV of a page that a store may go to as it is: nobody else will come to map it.</summary>
    public virtual AnonVma? AnonVmaAfterReuse(Page page, VmArea vma) => vma.AnonVma;

    /// <summary>
    /// <c>folio_try_dup_anon_rmap_pte</c>: whether fork gives the child a copy of a page at once: a store by the parent would else take the
    /// parent away from the page that it has pinned.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="parent">The VMA that maps it.</param>
    public virtual bool ForkMustCopy(Page page, VmArea parent) => page.IsAnon && page.IsAnonExclusive && page.IsPinned;

    /// <summary>
    /// <c>folio_try_share_anon_rmap_pte</c>: whether an exclusive page may be swapped out, migrated or merged. Not if it is pinned.
    /// </summary>
    public virtual bool MayShareAnon(Page page) => !page.IsPinned;

    /// <summary>
    /// <c>folio_referenced</c>: whether it walks only if it gets the folio's lock. From the active list, anonymous memory is walked without
    /// before 7.0, KSM's apart; what has been tried in vain counts as used.
    /// </summary>
    public virtual bool ReferencedLocksFolio(Page page) => page.Mapping is not AnonVma || Since(7, 0);

    /// <summary><c>folio_referenced_one</c>: whether a mapping in this VMA settles it: the page is mlocked.</summary>
    public virtual bool ReferencedStopsAtLocked(VmArea vma) => vma.Has(VmFlags.Locked);

    /// <summary><c>try_to_unmap_one</c>: whether a page must stay in this VMA: mlock promises that.</summary>
    public virtual bool RefusesUnmap(VmArea vma) => vma.Has(VmFlags.Locked);

    /// <summary><c>try_to_unmap</c>: when the walk may stop: nothing maps the page any more (<c>folio_not_mapped</c>).</summary>
    public virtual bool UnmapIsDone(Page page) => page.MapCount == 0;

    /// <summary>
    /// <c>try_to_unmap_one</c>: whether the swap entry says that its page was exclusive (<c>pte_swp_mkexclusive</c>), so that it may
    /// be mapped writable again at swap-in.
    /// </summary>
    /// <param name="exclusive">Whether the page was AnonExclusive.</param>
    public virtual bool SwapEntryIsExclusive(bool exclusive) => exclusive;

    /// <summary>
    /// <c>try_to_unmap_one</c>: whether a lazyfree page may be dropped: not written since MADV_FREE, and no reference but the mappings.
    /// </summary>
    public virtual bool MayDropLazyFree(Page page) => !page.Has(PageFlags.Dirty) && page.RefCount == page.MapCount;

    /// <summary>
    /// <c>try_to_unmap_one</c>: whether a lazyfree page that had to stay becomes an ordinary one again: if it was written, and on 6.12 any.
    /// </summary>
    public virtual bool KeptLazyFreeIsSwapBacked(Page page) => !Since(6, 18) || page.Has(PageFlags.Dirty);

    /// <summary>
    /// <c>try_to_migrate_one</c>: which kind of migration entry takes a PTE's place: <see cref="PteBits.Writable"/> ("write"),
    /// <see cref="PteBits.Exclusive"/> ("read-exclusive") or neither ("read").
    /// </summary>
    /// <param name="pte">The PTE.</param>
    /// <param name="exclusive">Whether the page was AnonExclusive.</param>
    public virtual PteBits MigrationEntryKind(Pte pte, bool exclusive) =>
        pte.IsWritable ? PteBits.Writable : exclusive ? PteBits.Exclusive : PteBits.None;
}
