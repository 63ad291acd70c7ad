using Rmap.Model.Memory;
using Rmap.Model.Rmap;
using Rmap.Model.Space;

namespace Rmap.Model.Calls;

/// <summary>
/// A userfaultfd, used for one thing: the destination is registered for missing pages, <c>UFFDIO_MOVE</c> moves pages there, and it is
/// unregistered again (<c>fs/userfaultfd.c</c>, <c>mm/userfaultfd.c</c>, 6.18). Left out: faults while it is registered, huge pages,
/// mappings that lack VM_MAYWRITE (only segments can, and they do not count).
/// </summary>
internal static class UffdMove
{
    internal static Outcome Execute(TaskStruct current, Operation.UffdMove move)
    {
        Mm mm = current.Mm;
        var source = PageRange.Of(move.Source, move.Pages);
        var destination = PageRange.Of(move.Destination, move.Pages);
        if (!IsValid(destination))
            return Errno.EINVAL;

        Errno errno = Register(current, mm, destination);
        Outcome outcome = errno != Errno.None ? errno
            : IsValid(source) && current.Rules.HasUffdMove ? Move(current, mm, source, destination)
            : Errno.EINVAL;
        Unregister(current, mm, destination);
        return outcome;
    }

    /// <summary><c>validate_range</c>.</summary>
    private static bool IsValid(PageRange range) => range.Pages > 0 && UnmappedArea.IsInUserSpace(range);

    /// <summary><c>userfaultfd_register</c>: every VMA of the range must suit before the first one is changed.</summary>
    private static Errno Register(TaskStruct current, Mm mm, PageRange range)
    {
        bool isMapped = mm.Intersecting(range) is not null;
        foreach ((VmArea vma, _) in mm.Walk(range))
            isMapped &= CanUserfault(vma);

        return isMapped ? SetMissing(current, mm, range, VmFlags.UffdMissing) : Errno.EINVAL;
    }

    /// <summary><c>userfaultfd_unregister</c>, or closing it after a registration that failed halfway.</summary>
    private static void Unregister(TaskStruct current, Mm mm, PageRange range) => SetMissing(current, mm, range, VmFlags.None);

    /// <summary>
    /// <c>userfaultfd_register_range</c> and its opposite: VMAs are split and merged as their flags demand.
    /// </summary>
    private static Errno SetMissing(TaskStruct current, Mm mm, PageRange range, VmFlags missing) => mm.ForEach(range, (vma, part) =>
    {
        VmFlags flags = (vma.Flags & ~VmFlags.UffdMissing) | missing;
        if (flags == vma.Flags)
            return Errno.None;

        bool giveUpOnOom = missing == VmFlags.None && part == vma.Range;
        return VmaModify.Flags(current, vma, part, flags, giveUpOnOom) is null ? Errno.ENOMEM : Errno.None;
    });

    /// <summary>
    /// <c>vma_can_userfault</c>: anonymous memory and shmem. A segment's VMAs have operations of their own and do not count.
    /// </summary>
    private static bool CanUserfault(VmArea vma) => vma.File is null or { Mapping: { IsShmem: true, Kind: not FileKind.SysV } };

    /// <summary>
    /// <c>move_pages</c>: page by page, up to the first that cannot be moved. If some were moved before, the caller is told to try again.
    /// </summary>
    private static Outcome Move(TaskStruct current, Mm mm, PageRange source, PageRange destination)
    {
        Errno errno = FindVmas(current, mm, source, destination, out VmArea from, out VmArea to);
        if (errno != Errno.None)
            return errno;

        for (long i = 0; i < source.Pages; i++)
        {
            errno = MovePage(current, mm, to, source.Start + i, destination.Start + i);
            if (errno != Errno.None)
                return Outcome.From(i > 0 ? Errno.EAGAIN : errno);
        }

        return Outcome.Of(source.Pages);
    }

    /// <summary>
    /// <c>find_vmas_mm_locked</c>, <c>validate_move_areas</c>. The destination gets its AV before anything is checked.
    /// </summary>
    private static Errno FindVmas(TaskStruct current, Mm mm, PageRange source, PageRange destination, out VmArea from, out VmArea to)
    {
        from = to = null!;
        if (mm.Lookup(destination.Start) is not { } destinationVma)
            return Errno.ENOENT;

        if (!destinationVma.Has(VmFlags.Shared) && !AnonVmas.Prepare(current, destinationVma))
            return Errno.ENOMEM;

        if (mm.Lookup(source.Start) is not { } sourceVma)
            return Errno.ENOENT;

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
    private static Errno MovePage(TaskStruct current, Mm mm, VmArea vma, VirtualPage from, VirtualPage to)
    {
        if (!mm.PageTable.HasTable(from))
            return Errno.ENOENT;

        mm.PageTable.AddTable(to);
        Pte pte = mm.PageTable[from];
        if (!mm.PageTable[to].IsNone)
            return Errno.EEXIST;

        switch (pte.Kind)
        {
            case PteKind.None:
                return Errno.ENOENT;
            case PteKind.ZeroPage:
                mm.PageTable[to] = Pte.Zero(PteBits.Young);
                KsmZeroPages.Moved(current, mm, pte);
                break;
            case PteKind.Present or PteKind.Swap when !current.Rules.UffdMoveMayTake(pte):
                return Errno.EBUSY;
            case PteKind.Present:
                PageRmap.MoveAnonTo(current, pte.Page, vma, to);
                mm.PageTable[to] = Pte.Present(pte.Page, (pte.Bits & PteBits.Dirty) | PteBits.Young | PteBits.Writable);
                break;
            case PteKind.Swap:
                if (pte.Slot.Cache is { } cached)
                    PageRmap.MoveAnonTo(current, cached, vma, to);

                mm.PageTable[to] = pte;
                break;
            case PteKind.Poisoned:
                return Errno.EFAULT;
            default:
                return Errno.EAGAIN;
        }

        mm.PageTable[from] = default;
        return Errno.None;
    }
}
