using Rmap.Model.Rmap;

namespace Rmap.Model.Memory;

/// <summary>
/// Clearing page-table entries (<c>zap_pte_range</c>, <c>mm/memory.c</c>, 6.18). Left out: gathering of TLB flushes, uffd markers.
/// </summary>
internal static class Zap
{
    /// <summary><c>unmap_vmas</c>: clears all entries of neighbouring VMAs, in one go.</summary>
    internal static void Vmas(Mm mm, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            Ptes(mm.Vmas[i], mm.Vmas[i].Range, evenCows: true, evenSwapped: true);
        }

        Done(mm.Machine);
    }

    /// <summary><c>zap_page_range_single</c>: clears the entries of part of a VMA.</summary>
    /// <param name="vma">The VMA.</param>
    /// <param name="range">The part of it.</param>
    /// <param name="evenCows">Whether private copies and what was swapped out of them go too; hole punching leaves them.</param>
    /// <param name="evenSwapped">Whether swap entries go too; taken as they are by whoever clears a VMA for good.</param>
    internal static void Range(VmArea vma, PageRange range, bool evenCows, bool evenSwapped = true)
    {
        Ptes(vma, range, evenCows, evenSwapped);
        Done(vma.Mm.Machine);
    }

    private static void Done(Machine machine)
    {
        if (machine.Rules.ZapDrainsMlockBatch)
        {
            machine.MlockBatch.Drain();
        }
    }

    private static void Ptes(VmArea vma, PageRange range, bool evenCows, bool evenSwapped)
    {
        Machine machine = vma.Mm.Machine;
        for (VirtualPage page = range.Start; page < range.End;)
        {
            ReadOnlySpan<Pte> ptes = vma.Mm.PageTable.From(page, range.End, out long span);
            for (int i = 0; i < ptes.Length; i++)
            {
                Pte pte = ptes[i];
                if (!pte.IsNone && machine.Rules.ZapClears(pte) && (evenCows || !IsPrivate(pte))
                    && (evenSwapped || pte.Kind != PteKind.Swap))
                {
                    vma.Mm.PageTable[page + i] = default;
                    Cleared(machine, vma, pte);
                }
            }

            page += span;
        }
    }

    /// <summary>What follows for the page or slot of an entry that was cleared.</summary>
    private static void Cleared(Machine machine, VmArea vma, Pte old)
    {
        switch (old.Kind)
        {
            case PteKind.Present:
                if (!old.Page.IsAnon)
                {
                    KeepFileBits(vma, old);
                }

                if (machine.Rules.ZapRemovesRmap(vma, old))
                {
                    PageRmap.Remove(old.Page, vma);
                }

                machine.Swap.FreeSwapCache(old.Page);
                machine.Swap.FreeIfUnreferenced(old.Page);
                break;
            case PteKind.ZeroPage:
                machine.Ksm.ZeroPages.MightUnmap(vma.Mm, old);
                break;
            case PteKind.Swap:
                machine.Swap.PutAndFreeCache(old.Slot);
                break;
        }
    }

    /// <summary>A file's page learns what the entry knew: that it was written, and that it was used.</summary>
    private static void KeepFileBits(VmArea vma, Pte old)
    {
        if (old.IsDirty)
        {
            old.Page.MarkDirty();
        }

        if (old.IsYoung)
        {
            PageActivity.MarkAccessed(old.Page);
        }
    }

    /// <summary><c>should_zap_folio</c>, <c>should_zap_cows</c>: memory that belongs to the process, not to the file.</summary>
    private static bool IsPrivate(Pte pte) => pte.Kind switch
    {
        PteKind.Present or PteKind.Migration => pte.Page.IsAnon,
        PteKind.Swap or PteKind.Poisoned => true,
        _ => false,
    };
}
