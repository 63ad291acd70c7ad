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
    internal static void AddNewAnon(Page page, VmArea vma, VirtualPage address, bool exclusive, bool isNewToLru = true)
    {
        page.Set(PageFlags.SwapBacked);
        page.Mapping = vma.Mm.Machine.Rules.AnonVmaForNewPage(vma, exclusive);
        page.Index = vma.LinearPageIndex(address);
        AddMapping(page, vma, isNewToLru);
        MarkExclusive(page, exclusive);
    }

    /// <summary><c>folio_add_anon_rmap_pte</c>: one more mapping of a page that is anonymous already.</summary>
    internal static void AddAnon(Page page, VmArea vma, bool exclusive, bool mlock = true)
    {
        AddMapping(page, vma, mlock);
        MarkExclusive(page, exclusive);
    }

    /// <summary><c>folio_add_file_rmap_pte</c>: one more mapping of a page of a file.</summary>
    internal static void AddFile(Page page, VmArea vma, bool mlock = true) => AddMapping(page, vma, mlock);

    /// <summary>
    /// <c>folio_remove_rmap_pte</c>: one mapping less. An anonymous page keeps its mapping, index and AnonExclusive. The caller
    /// drops the reference (<see cref="SwapArea.FreeIfUnreferenced"/>).
    /// </summary>
    internal static void Remove(Page page, VmArea vma)
    {
        page.MapCount--;
        if (vma.Has(VmFlags.Locked))
        {
            vma.Mm.Machine.MlockBatch.Munlock(page);
        }
    }

    /// <summary><c>folio_move_anon_rmap</c>: the page now belongs to this VMA's AV alone.</summary>
    internal static void MoveAnon(Page page, VmArea vma) => page.Mapping = vma.AnonVma;

    /// <summary>
    /// <c>folio_try_dup_anon_rmap_pte</c>, the page's side: at fork the page gets one more mapping and belongs to nobody alone. The
    /// caller has made sure that it may (<see cref="Rules.ForkMustCopy"/>).
    /// </summary>
    internal static void DupAnon(Page page, Rules rules)
    {
        if (rules.ForkClearsAnonExclusive)
        {
            page.Clear(PageFlags.AnonExclusive);
        }

        page.MapCount++;
    }

    /// <summary>
    /// <c>folio_try_share_anon_rmap_pte</c>: before an exclusive page is swapped out, migrated or merged.
    /// </summary>
    /// <returns>False if it is pinned and has to stay as it is.</returns>
    internal static bool TryShareAnon(Page page, Rules rules)
    {
        if (!rules.MayShareAnon(page))
        {
            return false;
        }

        page.Clear(PageFlags.AnonExclusive);
        return true;
    }

    private static void AddMapping(Page page, VmArea vma, bool mlock = true)
    {
        page.MapCount++;
        if (mlock && vma.Has(VmFlags.Locked))
        {
            vma.Mm.Machine.MlockBatch.Mlock(page);
        }
    }

    private static void MarkExclusive(Page page, bool exclusive)
    {
        if (exclusive)
        {
            page.Set(PageFlags.AnonExclusive);
        }
    }
}
