using Rmap.Model.Ksm;
using Rmap.Model.Memory;
using Rmap.Model.Rmap;
using Rmap.Model.Swap;

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
    internal static bool DuplicateMm(TaskStruct current, Mm parent, Mm child)
    {
        if (current.ShouldFail())
            return false;

        KsmMergeAny.Inherit(current, parent, child);
        for (int i = 0; parent.At(i) is { } vma; i++)
        {
            // A VMA that is left out is cleared from the tree, which was copied as a whole.
            if (vma.Has(VmFlags.DontCopy) ? current.ShouldFail() : !DuplicateVma(current, vma, child))
            {
                KsmZeroPages.ForkFailed(current, child);
                return false;
            }
        }

        KsmZeroPages.Forked(current, parent, child);
        Ksmd.Fork(current, parent, child);
        return true;
    }

    private static bool DuplicateVma(TaskStruct current, VmArea parent, Mm childMm)
    {
        if (current.ShouldFail())
            return false;

        VmFlags flags = current.Rules.ForkedFlags(parent);
        var child = new VmArea(childMm, parent.Range, parent.PageOffset, flags, parent.File, parent.Policy, parent.AnonPageOffset);
        bool isWiped = parent.Has(VmFlags.WipeOnFork);
        if (!isWiped && !AnonVmas.Fork(current, child, parent))
            return false;

        childMm.Append(child);
        VmaBounds.Opened(child);
        using (current.LockIMmap(child.File?.Mapping, write: true))
            child.File?.Mapping.LinkAfter(child, parent);

        return isWiped || !current.Rules.ForkCopiesPageTables(parent) || CopyPageRange(current, parent, child);
    }

    /// <summary><c>copy_page_range</c>. False if there is no memory for a page table, or for a copy of a page.</summary>
    private static bool CopyPageRange(TaskStruct current, VmArea parent, VmArea child)
    {
        PageTable from = parent.Mm.PageTable;
        PageTable to = child.Mm.PageTable;
        PageRange part = default;
        for (VirtualPage start = from.NextTable(parent.Start, parent.End); start < parent.End; start = from.NextTable(part.End, parent.End))
        {
            part = new PageRange(start, VirtualPage.Min(PageTable.EndOfTable(start), parent.End));
            if (!to.HasTable(start))
            {
                if (current.ShouldFailPage())
                    return false;

                to.AddTable(start);
            }

            foreach ((VirtualPage address, Pte found) in from.Walk(part))
            {
                Pte pte = found;
                Pte copy = CopyPte(current, ref pte, parent, child, address);
                if (copy.IsNone)
                    return false;

                to[address] = copy;
                from[address] = pte;
                child.Mm.KsmZeroPages += pte.IsKsmZero ? 1 : 0;
                current.Step("copied an entry");
            }
        }

        return true;
    }

    private static Pte CopyPte(TaskStruct current, ref Pte pte, VmArea parent, VmArea child, VirtualPage address) => pte.Kind switch
    {
        PteKind.Present => CopyPresent(current, ref pte, parent, child, address),
        PteKind.Swap => CopySwap(current, ref pte, parent, child),
        PteKind.Migration => CopyMigration(ref pte, parent),
        _ => Shared(current, pte, parent),
    };

    /// <summary><c>copy_present_ptes</c>.</summary>
    private static Pte CopyPresent(TaskStruct current, ref Pte pte, VmArea parent, VmArea child, VirtualPage address)
    {
        Page page = pte.Page;
        Rules rules = current.Rules;
        if (rules.ForkMustCopy(page, parent))
            return CopyPinned(current, page, child, address);

        if (page.IsAnon)
            PageRmap.DupAnon(page, rules);
        else
            PageRmap.AddFile(current, page, child);

        if (parent.IsCow && rules.Does(LinuxStep.ForkWriteProtectsParent))
            pte = pte.Without(PteBits.Writable);

        return Shared(current, pte, parent);
    }

    /// <summary><c>__copy_present_ptes</c>: the child's entry: not accessed yet, and read-only if stores are to stay private.</summary>
    private static Pte Shared(TaskStruct current, Pte pte, VmArea parent)
    {
        pte = current.Rules.Does(LinuxStep.ForkMakesChildOld) ? pte.Without(PteBits.Young) : pte;
        if (parent.IsCow)
            pte = pte.Without(PteBits.Writable);

        return parent.Has(VmFlags.Shared) ? pte.Without(PteBits.Dirty) : pte;
    }

    /// <summary>
    /// <c>copy_present_page</c>: what the parent has pinned stays with it; the child gets a copy at once. None if there is no memory.
    /// </summary>
    private static Pte CopyPinned(TaskStruct current, Page page, VmArea child, VirtualPage address)
    {
        if (current.ShouldFailPage())
            return default;

        Page copy = current.Machine.Frames.Allocate(page.Value);
        PageRmap.AddNewAnon(current, copy, child, address, exclusive: true);
        return Pte.Present(copy, PteBits.Young | PteBits.Dirty).MaybeMkwrite(child);
    }

    /// <summary><c>copy_nonpresent_pte</c>, a swap entry.</summary>
    private static Pte CopySwap(TaskStruct current, ref Pte pte, VmArea parent, VmArea child)
    {
        Rules rules = current.Rules;
        if (rules.ForkCountsSwapEntry(pte.Slot))
            SwapCache.Duplicate(pte.Slot);

        if (rules.Does(LinuxStep.ForkEnlistsChild))
            current.Machine.Swap.Enlist(child.Mm, parent.Mm);

        if (rules.Does(LinuxStep.ForkClearsExclusiveSwapEntry))
            pte = pte.Without(PteBits.Exclusive);

        return pte;
    }

    /// <summary><c>copy_nonpresent_pte</c>, a migration entry: both are restored read-only and not exclusive.</summary>
    private static Pte CopyMigration(ref Pte pte, VmArea parent)
    {
        if (parent.IsCow)
            pte = pte.Without(PteBits.Writable | PteBits.Exclusive);

        return pte;
    }
}
