namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>can_vma_merge_after</c>, <c>can_vma_merge_before</c>: whether the range may join a VMA that touches it.
    /// </summary>
    /// <param name="vmg">The range.</param>
    /// <param name="target">The VMA.</param>
    public virtual bool MayMerge(in VmaMergeStruct vmg, VmArea target) =>
        FlagsMayMerge(vmg.Flags, target.Flags)
        && FilesMayMerge(vmg.File, target.File)
        && PoliciesMayMerge(vmg.Policy, target.Policy)
        && AnonVmasMayMerge(vmg, target)
        && PageOffsetsMayMerge(vmg, target);

    /// <summary><c>is_mergeable_vma</c>: the flags are the same.</summary>
    public virtual bool FlagsMayMerge(VmFlags proposed, VmFlags target) => proposed == target;

    /// <summary><c>is_mergeable_vma</c>: the same opening of a file; two openings of one file do not merge.</summary>
    public virtual bool FilesMayMerge(OpenFile? proposed, OpenFile? target) => proposed == target;

    /// <summary><c>is_mergeable_vma</c>: the same memory policy.</summary>
    public virtual bool PoliciesMayMerge(MemoryPolicy proposed, MemoryPolicy target) => proposed == target;

    /// <summary>
    /// <c>is_mergeable_anon_vma</c>: both have the same AV; or only one has any, and that one has inherited nothing by fork, so that
    /// walks over its ancestors' pages do not grow; the case of a copied VMA was closed by a later fix. Before 6.16 the chain that had to
    /// be free of inheritance was the target's, and an untouched target has none: it never took over pages of a written range.
    /// </summary>
    public virtual bool AnonVmasMayMerge(in VmaMergeStruct vmg, VmArea target)
    {
        if (!Since(6, 16))
            return ((vmg.AnonVma is null || target.AnonVma is null) && target.ChainLength == 1) || vmg.AnonVma == target.AnonVma;

        if (target.AnonVma is null && vmg.AnonVma is not null)
            return vmg.Middle is not { IsForkChild: true } && vmg.CopiedFrom is not { IsForkChild: true };

        return target.AnonVma is not null && vmg.AnonVma is null ? !target.IsForkChild : target.AnonVma == vmg.AnonVma;
    }

    /// <summary>
    /// <c>vm_pgoff</c> goes on from one to the other, and so, for memory whose stores stay private, does the anonymous page offset
    /// (<c>needs_adjacent_anon_pgoff</c>, since 7.3).
    /// </summary>
    public virtual bool PageOffsetsMayMerge(in VmaMergeStruct vmg, VmArea target)
    {
        long before = target.Start < vmg.Range.Start ? target.Pages : -vmg.Range.Pages;
        return target.PageOffset + before == vmg.PageOffset
            && (!target.IsCow || target.AnonPageOffset + before == vmg.AnonPageOffset);
    }

    /// <summary>
    /// <c>can_vma_merge_right</c>: whether the VMAs on both sides of a range that each of them would take may become one.
    /// </summary>
    public virtual bool NeighboursMayMerge(VmArea previous, VmArea next) =>
        previous.AnonVma is null || next.AnonVma is null || previous.AnonVma == next.AnonVma;

    /// <summary>
    /// <c>can_merge_remove_vma</c>: whether a merge may remove the VMA: a close hook counts on being called for each part.
    /// </summary>
    public virtual bool MergeMayRemove(VmArea vma) => vma.File is not { HasClose: true };

    /// <summary>
    /// <c>dup_anon_vma</c>: an untouched VMA that takes over pages of another gets that one's AV, and all links that go with it.
    /// </summary>
    public virtual bool MergeTakesOverAnonVma(VmArea target, VmArea source) => source.AnonVma is not null && target.AnonVma is null;

    /// <summary><c>vma_expand</c>: the same for the VMA that mremap copies from.</summary>
    public virtual bool MergeTakesOverCopiedAnonVma(VmArea target, VmArea copiedFrom) => MergeTakesOverAnonVma(target, copiedFrom);

    /// <summary>
    /// <c>vmg->pgoff</c>: the page offset of the next VMA once it also covers the <paramref name="pages"/> pages before it.
    /// </summary>
    public virtual long PageOffsetOfExtendedNext(VmArea next, long pages) => next.PageOffset - pages;

    /// <summary><c>commit_merge</c>: the page offset of what is left of a VMA that loses its front to the one before.</summary>
    public virtual long PageOffsetWithoutFront(VmArea vma, VirtualPage start) => vma.LinearPageIndex(start);

    /// <summary><c>vma_modify</c>: whether a merge that fails for lack of memory is an error; else one does without it.</summary>
    public virtual bool FailedMergeIsError(bool giveUpOnOom) => !giveUpOnOom;

    /// <summary><c>__split_vma</c>: the page offset of the upper part.</summary>
    public virtual long PageOffsetAfterSplit(VmArea vma, VirtualPage at) => vma.LinearPageIndex(at);

    /// <summary>
    /// <c>__split_vma</c>: whether the new part holds the file, too: <c>get_file</c>, and <c>vm_ops->open</c>, where a segment counts.
    /// </summary>
    public virtual bool SplitOpensFile(VmArea part) => true;

    /// <summary><c>copy_vma</c>: the page offset at the new place: the old one, so that pages keep their index; anonymous memory that
    /// was never written starts anew.</summary>
    /// <param name="source">The VMA that is copied.</param>
    /// <param name="from">The first page that moves.</param>
    /// <param name="to">Where it goes.</param>
    public virtual long PageOffsetOfCopy(VmArea source, VirtualPage from, VirtualPage to) =>
        source.IsAnonymous && source.AnonVma is null ? to.Number : source.LinearPageIndex(from);

    /// <summary>
    /// <c>__mmap_region</c>, <c>dontunmap_complete</c>: the anonymous page offset of a VMA without anonymous pages. Since 7.3 its address,
    /// also of a file's.
    /// </summary>
    /// <param name="range">Where it lies.</param>
    /// <param name="pageOffset">Its page offset.</param>
    public virtual long AnonPageOffsetOfNew(PageRange range, long pageOffset) => Since(7, 3) ? range.Start.Number : pageOffset;

    /// <summary><c>copy_vma</c>: the same at the new place: the old one, unless nothing was written.</summary>
    /// <param name="source">The VMA that is copied.</param>
    /// <param name="from">The first page that moves.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="pageOffset">The page offset of the copy.</param>
    public virtual long AnonPageOffsetOfCopy(VmArea source, VirtualPage from, VirtualPage to, long pageOffset) =>
        !Since(7, 3) ? pageOffset : source.AnonVma is null ? to.Number : source.LinearAnonPageIndex(from);

    /// <summary><c>copy_vma</c>: the flags of the copy.</summary>
    public virtual VmFlags FlagsOfCopy(VmArea source) => source.Flags;

    /// <summary><c>copy_vma</c>: whether a copy that leaves its source in place (MREMAP_DONTUNMAP) may merge with that source.</summary>
    public virtual bool CopyMayMergeWithKeptSource => !Since(7, 2, Fix.DontUnmapMergesWithSource);

    /// <summary>
    /// <c>reusable_anon_vma</c>: whether a neighbour lends its AV to a VMA that needs its first one: the two could merge but for
    /// what mprotect changes, and the neighbour has inherited nothing.
    /// </summary>
    /// <param name="lender">The neighbour.</param>
    /// <param name="lower">The lower of the two.</param>
    /// <param name="upper">The upper of the two.</param>
    public virtual bool ReusableAnonVma(VmArea lender, VmArea lower, VmArea upper) =>
        AnonVmaCompatible(lower, upper) && lender.AnonVma is not null && lender.ChainLength == 1;

    /// <summary><c>anon_vma_compatible</c>: whether two VMAs could merge but for what mprotect changes.</summary>
    public virtual bool AnonVmaCompatible(VmArea lower, VmArea upper) =>
        lower.End == upper.Start
        && lower.File == upper.File
        && PoliciesMayMerge(lower.Policy, upper.Policy)
        && ((lower.Flags ^ upper.Flags) & ~VmFlags.Access) == 0
        && upper.PageOffset == lower.PageOffset + lower.Pages
        && upper.AnonPageOffset == lower.AnonPageOffset + lower.Pages;

    /// <summary>
    /// <c>mmap_region</c>: whether a new mapping of an mm with process-wide KSM is VM_MERGEABLE before it is asked whether it may join
    /// its neighbours, which are. Since 6.17.
    /// </summary>
    public virtual bool MergeAnyBeforeMerge => Since(6, 17);

    /// <summary><c>vma_start_pgoff</c>: the key under which a VMA stands in <c>i_mmap</c>; it ends a VMA's length later.</summary>
    public virtual long IMmapStart(VmArea vma) => vma.PageOffset;

    /// <summary>
    /// <c>vma_wants_writenotify</c>: the file system wants to know of the first write through a shared mapping, so pages are mapped
    /// read-only until then. ext4 does, shmem does not.
    /// </summary>
    public virtual bool WantsWriteNotify(VmArea vma) => vma.File is { HasPageMkwrite: true };

    /// <summary>
    /// <c>vm_get_page_prot</c>, <c>vma_set_page_prot</c>: whether stores go through a PTE that is mapped as the VMA has it: only where they
    /// reach the object behind and its file system need not be told of the first one (<c>vma_wants_writenotify</c>).
    /// </summary>
    public virtual bool IsPageProtWritable(VmArea vma) =>
        (vma.Flags & (VmFlags.Shared | VmFlags.Write)) == (VmFlags.Shared | VmFlags.Write) && vma.File is { Mapping.IsShmem: true };
}
