using Rmap.Model.Space;

namespace Rmap.Model.Calls;

/// <summary>
/// A userfaultfd, used for one thing: the destination is registered for missing pages, <c>UFFDIO_MOVE</c> moves pages there, and it is
/// unregistered again (<c>fs/userfaultfd.c</c>, <c>mm/userfaultfd.c</c>, 6.18). Left out: faults while it is registered, huge pages,
/// mappings that lack VM_MAYWRITE (only segments can, and they do not count).
/// </summary>
internal static class UffdMove
{
    internal static Outcome Execute(Mm mm, Operation.UffdMove move)
    {
        var source = PageRange.Of(move.Source, move.Pages);
        var destination = PageRange.Of(move.Destination, move.Pages);
        if (!IsValid(destination))
        {
            return Outcome.From(Errno.EINVAL);
        }

        Errno errno = Register(mm, destination);
        Outcome outcome = errno != Errno.None ? Outcome.From(errno)
            : IsValid(source) && mm.Machine.Rules.HasUffdMove ? Move(mm, source, destination)
            : Outcome.From(Errno.EINVAL);
        Unregister(mm, destination);
        return outcome;
    }

    /// <summary><c>validate_range</c>.</summary>
    private static bool IsValid(PageRange range) => range.Pages > 0 && UnmappedArea.IsInUserSpace(range);

    /// <summary><c>userfaultfd_register</c>: every VMA of the range must suit before the first one is changed.</summary>
    private static Errno Register(Mm mm, PageRange range)
    {
        if (mm.Intersecting(range) is not { } first)
        {
            return Errno.EINVAL;
        }

        for (VmArea? vma = first; vma is not null && vma.Start < range.End; vma = mm.After(vma))
        {
            if (!CanUserfault(vma))
            {
                return Errno.EINVAL;
            }
        }

        return SetMissing(mm, range, VmFlags.UffdMissing);
    }

    /// <summary><c>userfaultfd_unregister</c>, or closing it after a registration that failed halfway.</summary>
    private static void Unregister(Mm mm, PageRange range) => SetMissing(mm, range, VmFlags.None);

    /// <summary>
    /// <c>userfaultfd_register_range</c> and its opposite: VMAs are split and merged as their flags demand.
    /// </summary>
    private static Errno SetMissing(Mm mm, PageRange range, VmFlags missing)
    {
        VirtualPage start = range.Start;
        while (mm.Intersecting(new PageRange(start, range.End)) is { } vma)
        {
            if ((vma.Flags & VmFlags.UffdMissing) != missing)
            {
                var part = new PageRange(VirtualPage.Max(start, vma.Start), VirtualPage.Min(range.End, vma.End));
                VmFlags flags = (vma.Flags & ~VmFlags.UffdMissing) | missing;
                bool giveUpOnOom = missing == VmFlags.None && part == vma.Range;
                if (VmaModify.Flags(vma, part, flags, out Errno errno, giveUpOnOom) is not { } modified)
                {
                    return errno;
                }

                vma = modified;
            }

            start = vma.End;
        }

        return Errno.None;
    }

    /// <summary>
    /// <c>vma_can_userfault</c>: anonymous memory and shmem. A segment's VMAs have operations of their own and do not count.
    /// </summary>
    private static bool CanUserfault(VmArea vma) => vma.File is null or { Mapping: { IsShmem: true, Kind: not FileKind.SysV } };

    /// <summary>
    /// <c>move_pages</c>: page by page, up to the first that cannot be moved. If some were moved before, the caller is told to try again.
    /// </summary>
    private static Outcome Move(Mm mm, PageRange source, PageRange destination)
    {
        Errno errno = FindVmas(mm, source, destination, out VmArea from, out VmArea to);
        if (errno != Errno.None)
        {
            return Outcome.From(errno);
        }

        for (long i = 0; i < source.Pages; i++)
        {
            errno = MovePage(mm, to, source.Start + i, destination.Start + i);
            if (errno != Errno.None)
            {
                return Outcome.From(i > 0 ? Errno.EAGAIN : errno);
            }
        }

        return Outcome.Of(source.Pages);
    }

    /// <summary>
    /// <c>find_vmas_mm_locked</c>, <c>validate_move_areas</c>. The destination gets its AV before anything is checked.
    /// </summary>
    private static Errno FindVmas(Mm mm, PageRange source, PageRange destination, out VmArea from, out VmArea to)
    {
        from = to = null!;
        if (mm.Lookup(destination.Start) is not { } destinationVma)
        {
            return Errno.ENOENT;
        }

        if (!destinationVma.Has(VmFlags.Shared) && !mm.Machine.AnonVmas.Prepare(destinationVma))
        {
            return Errno.ENOMEM;
        }

        if (mm.Lookup(source.Start) is not { } sourceVma)
        {
            return Errno.ENOENT;
        }

        (from, to) = (sourceVma, destinationVma);
        bool fits = source.End <= from.End && destination.End <= to.End;
        bool alike = ((from.Flags ^ to.Flags) & (VmFlags.Access | VmFlags.Locked)) == 0;
        bool movable = from.IsAnonymous && to.IsAnonymous && from.Has(VmFlags.Write) && to.Has(VmFlags.UffdMissing);
        return fits && alike && movable ? Errno.None : Errno.EINVAL;
    }

    /// <summary>
    /// <c>move_pages</c>, <c>move_pages_ptes</c> for one page. It takes the index that its new place gives it. The page table there is
    /// made, and stays, before the pages are looked at.
    /// </summary>
    private static Errno MovePage(Mm mm, VmArea vma, VirtualPage from, VirtualPage to)
    {
        if (!mm.PageTable.HasTable(from))
        {
            return Errno.ENOENT;
        }

        Rules rules = mm.Machine.Rules;
        mm.PageTable.AddTable(to);
        Pte pte = mm.PageTable[from];
        if (!mm.PageTable[to].IsNone)
        {
            return Errno.EEXIST;
        }

        switch (pte.Kind)
        {
            case PteKind.None:
                return Errno.ENOENT;
            case PteKind.ZeroPage:
                mm.PageTable[to] = Pte.Zero(PteBits.Young);
                mm.Machine.Ksm.ZeroPages.Moved(mm, pte);
                break;
            case PteKind.Present or PteKind.Swap when !rules.UffdMoveMayTake(pte):
                return Errno.EBUSY;
            case PteKind.Present:
                MoveToAnonVma(pte.Page);
                mm.PageTable[to] = Pte.Present(pte.Page, (pte.Bits & PteBits.Dirty) | PteBits.Young | PteBits.Writable);
                break;
            case PteKind.Swap:
                if (pte.Slot.Cache is { } cached)
                {
                    MoveToAnonVma(cached);
                }

                mm.PageTable[to] = pte;
                break;
            case PteKind.Poisoned:
                return Errno.EFAULT;
            default:
                return Errno.EAGAIN;
        }

        mm.PageTable[from] = default;
        return Errno.None;

        void MoveToAnonVma(Page page)
        {
            page.Mapping = rules.AnonVmaAfterUffdMove(page, vma);
            page.Index = rules.IndexAfterUffdMove(page, vma, to);
        }
    }
}
