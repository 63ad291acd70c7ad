namespace Rmap.Model;

public partial class Rules
{
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
        && upper.PageOffset == lower.PageOffset + lower.Pages;

    /// <summary>
    /// <c>anon_vma_clone</c>: whether the new VMA is linked to this AV of the source's chain. To every one: pages of each may be
    /// mapped there.
    /// </summary>
    /// <param name="anonVma">The AV.</param>
    /// <param name="target">The VMA that gets the chain: a fork child's, the other part of a split, what a merge or mremap makes.</param>
    /// <param name="source">The VMA whose chain it is.</param>
    public virtual bool CloneLinks(AnonVma anonVma, VmArea target, VmArea source) => true;

    /// <summary>
    /// <c>unlink_anon_vmas</c>: whether an AV that knows no VMA any more loses the reference that stood for them, and is freed.
    /// </summary>
    public virtual bool UnlinkPutsEmptied(AnonVma anonVma) => true;
}
