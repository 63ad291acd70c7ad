namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>__folio_set_anon</c>: which AV a new anonymous page points to: the VMA's own if the page is exclusive, else the root, so
    /// that every process that may come to map it is found.
    /// </summary>
    public virtual AnonVma AnonVmaForNewPage(VmArea vma, bool exclusive) => exclusive ? vma.AnonVma! : vma.AnonVma!.Root;

    /// <summary><c>zap_pte_range</c>: whether an entry goes when its range is unmapped or discarded. Any that is not none.</summary>
    public virtual bool ZapClears(Pte pte) => true;

    /// <summary>
    /// <c>zap_present_folio_ptes</c>, <c>tlb_flush_rmaps</c>: whether the page that an entry mapped has one mapping less, be it at once or,
    /// for what was written through a shared mapping, after the TLB flush.
    /// </summary>
    public virtual bool ZapRemovesRmap(VmArea vma, Pte pte) => true;

    /// <summary><c>__swap_cache_del_folio</c>: whether a slot goes with the page that leaves the swap cache: no entry names it.</summary>
    public virtual bool CacheRemovalFreesSlot(SwapSlot slot) => slot.IsFree;
}
