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
    /// <c>mbind_range</c>: with which VMA mbind goes on once part of one has got another policy: the one that covers the part now.
    /// </summary>
    /// <param name="found">The VMA that was found there before; a merge may have freed it.</param>
    /// <param name="modified">What splitting or merging made of it.</param>
    public virtual VmArea MbindGoesOnWith(VmArea found, VmArea modified) => modified;

    /// <summary>
    /// <c>is_mergeable_anon_vma</c>: both have the same AV; or only one has any, and that one has inherited nothing by fork, so that
    /// walks over its ancestors' pages do not grow; the case of a copied VMA was closed by a later fix. Before 6.16 the chain that had to
    /// be free of inheritance was the target's, and an untouched target has none: it never took over pages of a written range.
    /// </summary>
    public virtual bool AnonVmasMayMerge(in VmaMergeStruct vmg, VmArea target)
    {
        if (!Since(6, 16))
        {
            return ((vmg.AnonVma is null || target.AnonVma is null) && target.ChainLength == 1) || vmg.AnonVma == target.AnonVma;
        }

        if (target.AnonVma is null && vmg.AnonVma is not null)
        {
            return vmg.Middle is not { IsForkChild: true } && vmg.CopiedFrom is not { IsForkChild: true };
        }

        return target.AnonVma is not null && vmg.AnonVma is null ? !target.IsForkChild : target.AnonVma == vmg.AnonVma;
    }

    /// <summary><c>vm_pgoff</c> goes on from one to the other.</summary>
    public virtual bool PageOffsetsMayMerge(in VmaMergeStruct vmg, VmArea target) =>
        target.Start < vmg.Range.Start
            ? target.PageOffset + target.Pages == vmg.PageOffset
            : target.PageOffset == vmg.PageOffset + vmg.Range.Pages;

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

    /// <summary><c>__split_vma</c>: the page offset of the upper part.</summary>
    public virtual long PageOffsetAfterSplit(VmArea vma, VirtualPage at) => vma.LinearPageIndex(at);
}
