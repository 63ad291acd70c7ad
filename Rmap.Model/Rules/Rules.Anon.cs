namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>anon_vma_clone</c>: in which direction the source's chain is walked. Links are added at the head, so from the tail
    /// (false) keeps the order and from the head (true) reverses it.
    /// </summary>
    public virtual bool CloneWalksChainFromHead => false;

    /// <summary>
    /// <c>anon_vma_clone</c>: whether a fork child may take over this AV of its chain as its own: nobody's VMA uses it and at most
    /// one AV has been forked from it. Asked in the order in which the child was linked; the first that may is taken.
    /// </summary>
    public virtual bool ForkMayReuse(AnonVma anonVma) => anonVma.NumChildren < 2 && anonVma.NumActiveVmas == 0;

    /// <summary>
    /// <c>reusable_anon_vma</c>: whether a neighbour lends its AV to a VMA that needs its first one: the two could merge but for
    /// what mprotect changes, and the neighbour has inherited nothing.
    /// </summary>
    /// <param name="lender">The neighbour.</param>
    /// <param name="lower">The lower of the two.</param>
    /// <param name="upper">The upper of the two.</param>
    public virtual bool MayLendAnonVma(VmArea lender, VmArea lower, VmArea upper) =>
        lower.End == upper.Start
        && lower.File == upper.File
        && ((lower.Flags ^ upper.Flags) & ~VmFlags.Access) == 0
        && upper.PageOffset == lower.PageOffset + lower.Pages
        && lender.AnonVma is not null
        && lender.ChainLength == 1;
}
