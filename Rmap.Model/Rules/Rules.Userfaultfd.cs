namespace Rmap.Model;

public partial class Rules
{
    /// <summary><c>userfaultfd_ioctl</c>: whether there is a UFFDIO_MOVE; without it EINVAL. Since 6.8.</summary>
    public virtual bool HasUffdMove => Since(6, 8);

    /// <summary>
    /// <c>move_pages_pte</c>: whether UFFDIO_MOVE may take a page or a swap entry: it belongs to this process alone, else EBUSY.
    /// </summary>
    public virtual bool UffdMoveMayTake(Pte pte) => pte.IsPresent ? pte.Page.IsAnonExclusive && !pte.Page.IsPinned : pte.IsExclusive;

    /// <summary><c>move_present_ptes</c>, <c>move_swap_pte</c>: the index of a page that UFFDIO_MOVE has moved.</summary>
    public virtual long IndexAfterUffdMove(Page page, VmArea vma, VirtualPage address) => vma.LinearAnonPageIndex(address);

    /// <summary>
    /// <c>move_present_ptes</c>, <c>move_swap_pte</c>: the AV of a page that UFFDIO_MOVE has moved into this VMA.
    /// </summary>
    public virtual AnonVma? AnonVmaAfterUffdMove(Page page, VmArea vma) => vma.AnonVma;

    /// <summary>
    /// <c>move_zeropage_pte</c>: whether UFFDIO_MOVE counts off a zero page that KSM placed, as the moved entry does not say so any more.
    /// Linux does not.
    /// </summary>
    public virtual bool UffdMoveUncountsKsmZeroPage => false;
}
