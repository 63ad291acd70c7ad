using Rmap.Model.Space;

namespace Rmap.Model.Calls;

/// <summary>
/// <c>mincore</c> (<c>mm/mincore.c</c>, 6.18): how many pages of a range are resident. It changes nothing. Everybody owns the files here,
/// so that <c>can_do_mincore</c> hides none. Left out: that others come in between after each 4096 pages; the page that the answer is
/// gathered in, for which there may be no memory (EAGAIN); that 6.1 counts a marker that swapoff has left.
/// </summary>
internal static class Mincore
{
    internal static Outcome Execute(TaskStruct current, Operation.Mincore mincore)
    {
        PageRange range = mincore.Range;
        if (range.Pages < 0 || !UnmappedArea.IsInUserSpace(range) || current.Mm.HasHole(range))
            return Errno.ENOMEM;

        long resident = 0;
        foreach ((VmArea vma, PageRange part) in current.Mm.Walk(range))
            resident += Mapped(vma, part) + (vma.File is { } file ? CachedOnly(vma, part, file.Mapping) : 0);

        return Outcome.Of(resident);
    }

    /// <summary><c>mincore_pte_range</c>: what an entry says. One that migrates a page counts, as the page is there.</summary>
    private static int Mapped(VmArea vma, PageRange range)
    {
        int resident = 0;
        foreach ((_, Pte pte) in vma.Mm.PageTable.Walk(range))
        {
            bool isResident = pte.Kind is PteKind.Swap ? IsUptodate(pte.Slot.Cache) : !IsNoneMostly(pte);
            resident += isResident ? 1 : 0;
        }

        return resident;
    }

    /// <summary>
    /// <c>mincore_page</c>, for pages without an entry: those that the page cache has. At rest all of these are up to date, and what shmem
    /// has swapped out is not in the swap cache.
    /// </summary>
    private static int CachedOnly(VmArea vma, PageRange range, AddressSpace mapping)
    {
        long first = vma.LinearPageIndex(range.Start);
        return mapping.Cache.Keys.Count(index => index >= first && index - first < range.Pages
            && IsNoneMostly(vma.Mm.PageTable[range.Start + (index - first)]));
    }

    /// <summary><c>pte_none_mostly</c>: a marker is nothing, too.</summary>
    private static bool IsNoneMostly(Pte pte) => pte.Kind is PteKind.None or PteKind.Poisoned;

    private static bool IsUptodate(Page? page) => page is not null && !page.Has(PageFlags.NotUptodate);
}
