using Rmap.Model.Ksm;
using Rmap.Model.Memory;
using Rmap.Model.Rmap;

namespace Rmap.Model.Space;

/// <summary>
/// <c>dup_mmap</c>, <c>copy_page_range</c> (<c>mm/mmap.c</c>, <c>mm/memory.c</c>, 6.18). Left out: accounting, userfaultfd's fork event.
/// </summary>
internal static class Fork
{
    /// <summary><c>dup_mmap</c>.</summary>
    /// <returns>
    /// False if an allocation failed. The child then has the VMAs before the one that failed, and that one too if only its
    /// entries could not be copied; its creator takes it down. The parent keeps what sharing has done to its entries.
    /// </returns>
    internal static bool DuplicateMm(Mm parent, Mm child)
    {
        FaultInjection faults = parent.Machine.Faults;
        if (faults.ShouldFail())
        {
            return false;
        }

        KsmMergeAny.Inherit(parent, child);
        int zeroPages = 0;
        foreach (VmArea vma in parent.Vmas)
        {
            // A VMA that is left out is cleared from the tree, which was copied as a whole.
            if (vma.Has(VmFlags.DontCopy) ? faults.ShouldFail() : !DuplicateVma(vma, child, ref zeroPages))
            {
                parent.Machine.Ksm.ZeroPages.ForkFailed(zeroPages);
                return false;
            }
        }

        parent.Machine.Ksm.ZeroPages.Forked(parent, child, zeroPages);
        parent.Machine.Ksm.Fork(parent, child);
        return true;
    }

    private static bool DuplicateVma(VmArea parent, Mm childMm, ref int zeroPages)
    {
        Machine machine = childMm.Machine;
        if (machine.Faults.ShouldFail())
        {
            return false;
        }

        var child = new VmArea(childMm, parent.Range, parent.PageOffset, machine.Rules.ForkedFlags(parent), parent.File)
        {
            Policy = parent.Policy,
        };
        bool isWiped = parent.Has(VmFlags.WipeOnFork);
        if (!isWiped && !machine.AnonVmas.Fork(child, parent))
        {
            return false;
        }

        childMm.Append(child);
        VmaBounds.Opened(child);
        child.File?.Mapping.LinkAfter(child, parent);
        return isWiped || !machine.Rules.ForkCopiesPageTables(parent) || CopyPageRange(parent, child, ref zeroPages);
    }

    /// <summary><c>copy_page_range</c>. False if there is no memory for a page table, or for a copy of a page.</summary>
    private static bool CopyPageRange(VmArea parent, VmArea child, ref int zeroPages)
    {
        FaultInjection faults = parent.Mm.Machine.Faults;
        for (VirtualPage page = parent.Start; page < parent.End;)
        {
            ReadOnlySpan<Pte> ptes = parent.Mm.PageTable.From(page, parent.End, out long span);
            if (parent.Mm.PageTable.HasTable(page) && !child.Mm.PageTable.HasTable(page))
            {
                if (faults.ShouldFail())
                {
                    return false;
                }

                child.Mm.PageTable.AddTable(page);
            }

            for (int i = 0; i < ptes.Length; i++)
            {
                if (!ptes[i].IsNone)
                {
                    Pte pte = ptes[i];
                    Pte copy = CopyPte(ref pte, parent, child, page + i);
                    if (copy.IsNone)
                    {
                        return false;
                    }

                    child.Mm.PageTable[page + i] = copy;
                    parent.Mm.PageTable[page + i] = pte;
                    zeroPages += pte.IsKsmZero ? 1 : 0;
                }
            }

            page += span;
        }

        return true;
    }

    private static Pte CopyPte(ref Pte pte, VmArea parent, VmArea child, VirtualPage address) => pte.Kind switch
    {
        PteKind.Present => CopyPresent(ref pte, parent, child, address),
        PteKind.Swap => CopySwap(ref pte, parent, child),
        PteKind.Migration => CopyMigration(ref pte, parent),
        _ => Shared(pte, parent),
    };

    /// <summary><c>copy_present_ptes</c>.</summary>
    private static Pte CopyPresent(ref Pte pte, VmArea parent, VmArea child, VirtualPage address)
    {
        Page page = pte.Page;
        Rules rules = parent.Mm.Machine.Rules;
        if (rules.ForkMustCopy(page, parent))
        {
            return CopyPinned(page, child, address);
        }

        if (page.IsAnon)
        {
            PageRmap.DupAnon(page, rules);
        }
        else
        {
            PageRmap.AddFile(page, child);
        }

        if (parent.IsCow && rules.ForkWriteProtectsParent)
        {
            pte = pte.Without(PteBits.Writable);
        }

        return Shared(pte, parent);
    }

    /// <summary><c>__copy_present_ptes</c>: the child's entry: not accessed yet, and read-only if stores are to stay private.</summary>
    private static Pte Shared(Pte pte, VmArea parent)
    {
        pte = pte.Without(PteBits.Young);
        if (parent.IsCow)
        {
            pte = pte.Without(PteBits.Writable);
        }

        return parent.Has(VmFlags.Shared) ? pte.Without(PteBits.Dirty) : pte;
    }

    /// <summary>
    /// <c>copy_present_page</c>: what the parent has pinned stays with it; the child gets a copy at once. None if there is no memory.
    /// </summary>
    private static Pte CopyPinned(Page page, VmArea child, VirtualPage address)
    {
        if (child.Mm.Machine.Faults.ShouldFail())
        {
            return default;
        }

        Page copy = child.Mm.Machine.Frames.Allocate();
        copy.Value = page.Value;
        PageRmap.AddNewAnon(copy, child, address, exclusive: true);
        return PageFault.MaybeWritable(Pte.Present(copy, PteBits.Young | PteBits.Dirty), child);
    }

    /// <summary><c>copy_nonpresent_pte</c>, a swap entry.</summary>
    private static Pte CopySwap(ref Pte pte, VmArea parent, VmArea child)
    {
        Rules rules = parent.Mm.Machine.Rules;
        if (rules.ForkCountsSwapEntry(pte.Slot))
        {
            SwapArea.Duplicate(pte.Slot);
        }

        if (rules.ForkEnlistsChild)
        {
            parent.Mm.Machine.Swap.Enlist(child.Mm, parent.Mm);
        }

        if (rules.ForkClearsExclusiveSwapEntry)
        {
            pte = pte.Without(PteBits.Exclusive);
        }

        return pte;
    }

    /// <summary><c>copy_nonpresent_pte</c>, a migration entry: both are restored read-only and not exclusive.</summary>
    private static Pte CopyMigration(ref Pte pte, VmArea parent)
    {
        if (parent.IsCow)
        {
            pte = pte.Without(PteBits.Writable | PteBits.Exclusive);
        }

        return pte;
    }
}
