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
        var source = PageRange.Of(move.Source, move.Pages);
        var destination = PageRange.Of(move.Destination, move.Pages);
        if (!IsValid(destination))
            return Errno.EINVAL;

        Errno errno = Register(current, destination);
        Outcome outcome = errno != Errno.None ? errno
            : IsValid(source) && current.Rules.HasUffdMove ? Move(current, source, destination)
            : Errno.EINVAL;

        // userfaultfd_unregister, or closing it after a registration that failed halfway.
        SetMissing(current, destination, VmFlags.None);
        return outcome;
    }

    /// <summary><c>validate_range</c>.</summary>
    private static bool IsValid(PageRange range) => range.Pages > 0 && UnmappedArea.IsInUserSpace(range);

    /// <summary><c>userfaultfd_register</c>: every VMA of the range must suit before the first one is changed.</summary>
    private static Errno Register(TaskStruct current, PageRange range)
    {
        Errno errno = current.Mm.Intersecting(range) is null ? Errno.EINVAL
            : current.Mm.ForEach(range, current, static (_, vma, _) => CanUserfault(vma) ? Errno.None : Errno.EINVAL);
        return errno == Errno.None ? SetMissing(current, range, VmFlags.UffdMissing) : errno;
    }

    /// <summary><c>userfaultfd_register_range</c> and its opposite: VMAs are split and merged as their flags demand.</summary>
    private static Errno SetMissing(TaskStruct current, PageRange range, VmFlags missing) => current.Mm.ForEach(
        range, (current, missing), static (with, vma, part) =>
        {
            VmFlags flags = (vma.Flags & ~VmFlags.UffdMissing) | with.missing;
            if (flags == vma.Flags)
                return Errno.None;

            bool giveUpOnOom = with.missing == VmFlags.None && part == vma.Range;
            return VmaModify.Flags(with.current, vma, part, flags, giveUpOnOom) is null ? Errno.ENOMEM : Errno.None;
        });

    /// <summary>
    /// <c>vma_can_userfault</c>: anonymous memory and shmem. A segment's VMAs have operations of their own and do not count.
    /// </summary>
    private static bool CanUserfault(VmArea vma) => vma.File is null or { Mapping: { IsShmem: true, Kind: not FileKind.SysV } };

    /// <summary>
    /// <c>move_pages</c>: page by page, up to the first that cannot be moved. If some were moved before, the caller is told to try again.
    /// </summary>
    private static Outcome Move(TaskStruct current, PageRange source, PageRange destination)
    {
        Errno errno = CheckVmas(current, source, destination);
        for (long i = 0; errno == Errno.None && i < source.Pages; i++)
        {
            errno = MovePage(current, source.Start + i, destination.Start + i);
            if (errno != Errno.None && i > 0)
                errno = Errno.EAGAIN;
        }

        return errno == Errno.None ? Outcome.Of(source.Pages) : errno;
    }

    /// <summary><c>find_vmas_mm_locked</c>, <c>validate_move_areas</c>. The destination gets its AV before anything is checked.</summary>
    private static Errno CheckVmas(TaskStruct current, PageRange source, PageRange destination)
    {
        if (current.Mm.Lookup(destination.Start) is not { } to)
            return Errno.ENOENT;

        if (!to.Has(VmFlags.Shared) && !AnonVmas.Prepare(current, to))
            return Errno.ENOMEM;

        if (current.Mm.Lookup(source.Start) is not { } from)
            return Errno.ENOENT;

        bool fits = source.End <= from.End && destination.End <= to.End;
        bool alike = ((from.Flags ^ to.Flags) & (VmFlags.Access | VmFlags.Locked)) == 0;
        bool movable = from.IsAnonymous && to.IsAnonymous && from.Has(VmFlags.Write) && to.Has(VmFlags.UffdMissing);
        return fits && alike && movable ? Errno.None : Errno.EINVAL;
    }

    /// <summary>
    /// <c>move_pages</c>, <c>move_pages_ptes</c> for one page. It takes the index that its new place gives it. The page table there is
    /// made, and stays, before the pages are looked at.
    /// </summary>
    private static Errno MovePage(TaskStruct current, VirtualPage from, VirtualPage to)
    {
        Mm mm = current.Mm;
        if (!mm.PageTable.HasTable(from))
            return Errno.ENOENT;

        if (!mm.PageTable.HasTable(to) && current.IsOutOfMemory())
            return Errno.ENOMEM;

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
                PageRmap.MoveAnonTo(current, pte.Page, mm.Lookup(to)!, to);
                mm.PageTable[to] = Pte.Present(pte.Page, (pte.Bits & PteBits.Dirty) | PteBits.Young | PteBits.Writable);
                break;
            case PteKind.Swap:
                if (pte.Slot.Cache is { } cached)
                    PageRmap.MoveAnonTo(current, cached, mm.Lookup(to)!, to);

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
