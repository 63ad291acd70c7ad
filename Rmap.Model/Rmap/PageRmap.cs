namespace Rmap.Model.Rmap;

/// <summary>
/// The elementary updates of a page's reverse mapping (<c>mm/rmap.c</c>, 6.18, small folios). Whoever stores or clears a PTE calls
/// one of them. A page that is mapped into a VM_LOCKED VMA is mlocked, and munlocked when it leaves it (<see cref="MlockBatch"/>).
/// </summary>
internal static class PageRmap
{
    /// <summary>
    /// <c>folio_add_new_anon_rmap</c>: the first mapping of a new anonymous page. <c>folio_add_lru_vma</c> follows, and may mlock it,
    /// unless it was read from swap and is on a list already: such a page stays evictable in a VM_LOCKED VMA until reclaim meets it.
    /// </summary>
    internal static void AddNewAnon(
        TaskStruct current, Page page, VmArea vma, VirtualPage address, bool exclusive, bool isNewToLru = true)
    {
        page.Set(PageFlags.SwapBacked);
        page.Mapping = current.Rules.AnonVmaForNewPage(vma, exclusive);
        page.Index = current.Rules.IndexOfNewPage(vma, address);
        AddAnon(current, page, vma, exclusive, mlock: isNewToLru);
    }

    /// <summary><c>folio_add_anon_rmap_pte</c>: one more mapping of a page that is anonymous already.</summary>
    internal static void AddAnon(TaskStruct current, Page page, VmArea vma, bool exclusive, bool mlock = true)
    {
        AddFile(current, page, vma, mlock);
        if (exclusive)
            page.Set(PageFlags.AnonExclusive);
    }

    /// <summary><c>folio_add_file_rmap_pte</c>: one more mapping of a page of a file.</summary>
    internal static void AddFile(TaskStruct current, Page page, VmArea vma, bool mlock = true)
    {
        if (page.IsFreed)
            throw KernelBug.UseAfterFree("page", page);

        page.MapCount++;
        if (mlock && vma.Has(VmFlags.Locked))
            MlockBatch.Mlock(current, page);
    }

    /// <summary>
    /// <c>folio_remove_rmap_pte</c>: one mapping less. An anonymous page keeps its mapping, index and AnonExclusive. The caller
    /// drops the reference (<see cref="Frames.Put"/>).
    /// </summary>
    internal static void Remove(TaskStruct current, Page page, VmArea vma)
    {
        page.MapCount--;
        if (vma.Has(VmFlags.Locked))
            MlockBatch.Munlock(current, page);
    }

    /// <summary>
    /// <c>do_swap_page</c>, <c>unuse_pte</c>: a page that comes back from swap is new to rmap, unless it was in the swap cache and is
    /// anonymous still.
    /// </summary>
    internal static void AddSwappedIn(
        TaskStruct current, Page page, VmArea vma, VirtualPage address, bool exclusive, bool isNewToLru)
    {
        if (page.IsAnon)
            AddAnon(current, page, vma, exclusive);
        else
            AddNewAnon(current, page, vma, address, exclusive, isNewToLru);
    }

    /// <summary><c>folio_move_anon_rmap</c>: the page now belongs to this VMA's AV alone.</summary>
    internal static void MoveAnon(TaskStruct current, Page page, VmArea vma) =>
        page.Mapping = current.Rules.AnonVmaAfterReuse(page, vma);

    /// <summary><c>move_present_ptes</c>, <c>move_swap_pte</c>: UFFDIO_MOVE gives a page to another VMA, at another address.</summary>
    internal static void MoveAnonTo(TaskStruct current, Page page, VmArea vma, VirtualPage address)
    {
        page.Mapping = current.Rules.AnonVmaAfterUffdMove(page, vma);
        page.Index = current.Rules.IndexAfterUffdMove(page, vma, address);
    }

    /// <summary>
    /// <c>folio_try_dup_anon_rmap_pte</c>, the page's side: at fork the page gets one more mapping and belongs to nobody alone. The
    /// caller has made sure that it may (<see cref="Rules.ForkMustCopy"/>).
    /// </summary>
    internal static void DupAnon(Page page, Rules rules)
    {
        if (rules.Does(LinuxStep.ForkClearsAnonExclusive))
            page.Clear(PageFlags.AnonExclusive);

        page.MapCount++;
    }

    /// <summary><c>folio_try_share_anon_rmap_pte</c>: before an exclusive page is swapped out, migrated or merged.</summary>
    /// <returns>False if it is pinned and has to stay as it is.</returns>
    internal static bool TryShareAnon(Page page, Rules rules)
    {
        if (!rules.MayShareAnon(page))
            return false;

        page.Clear(PageFlags.AnonExclusive);
        return true;
    }

    /// <summary><c>page_address_in_vma</c> of an anonymous page; nowhere if it is a KSM page or of another fork tree.</summary>
    internal static VirtualPage? AddressInVma(TaskStruct current, Page page, VmArea vma) =>
        page.Mapping is AnonVma anonVma && anonVma.Root == vma.AnonVma?.Root
            ? current.Rules.VmaAddress(vma, page.Index, vma.AnonPageOffset)
            : null;

    /// <summary>
    /// <c>try_to_merge_with_ksm_page</c>: the item records the AV of the VMA in which it was merged, through which rmap finds the PTE and
    /// those that fork makes of it.
    /// </summary>
    internal static void HoldFor(TaskStruct current, RmapItem item, VmArea vma)
    {
        item.AnonVma = current.Rules.AnonVmaForRmapItem(vma);
        if (current.Rules.KsmRemembersIndex)
            (item.Index, item.OldChecksum) = (vma.LinearAnonPageIndex(item.Address), null);

        if (current.Rules.Does(LinuxStep.KsmItemHoldsAnonVma))
            AnonVmas.Get(item.AnonVma);
    }

    /// <summary>Lets go of the AV that an item recorded when it was merged.</summary>
    internal static void ReleaseFor(TaskStruct current, RmapItem item)
    {
        if (current.Rules.Does(LinuxStep.KsmItemHoldsAnonVma))
            AnonVmas.Put(current, item.AnonVma!);

        item.AnonVma = null;
    }
}
