namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>madvise_cold_or_pageout_pte_range</c>: whether MADV_COLD and MADV_PAGEOUT touch a page: not if another process maps it, too.
    /// </summary>
    public virtual bool AdviceActsOn(Page page) => page.MapCount == 1;

    /// <summary>
    /// <c>madvise_free_pte_range</c>: whether MADV_FREE acts on a page only if it is mapped once and can leave the swap cache: there is a
    /// copy of it in swap, or it needs one.
    /// </summary>
    public virtual bool FreeWantsPageAlone(Page page) => page.SwapCache is not null || page.Has(PageFlags.Dirty);

    /// <summary><c>madvise_free_pte_range</c>: whether such a page is its user's alone.</summary>
    public virtual bool FreeMayTake(Page page) => page.MapCount == 1;

    /// <summary><c>vma_is_shared_maywrite</c>: whether MADV_REMOVE may punch a hole through this VMA, else EACCES.</summary>
    public virtual bool MayRemoveThrough(VmArea vma) =>
        (vma.Flags & (VmFlags.Shared | VmFlags.MayWrite)) == (VmFlags.Shared | VmFlags.MayWrite);
}
