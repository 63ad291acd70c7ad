using Rmap.Model.Memory;
using Rmap.Model.Rmap;
using Rmap.Model.Sched;

namespace Rmap.Model.Space;

/// <summary><c>munmap</c> (<c>do_vmi_munmap</c>, <c>mm/vma.c</c>, 6.18).</summary>
internal static class Munmap
{
    internal static Outcome Execute(TaskStruct current, Operation.Munmap munmap)
    {
        using HeldLock _ = current.MmapWrite();
        return Execute(current, munmap.Range);
    }

    /// <summary><c>do_vmi_munmap</c>.</summary>
    internal static Errno Execute(TaskStruct current, PageRange range) =>
        range.Pages <= 0 || !UnmappedArea.IsInUserSpace(range) ? Errno.EINVAL : Remove(current, range);

    /// <summary><c>do_vmi_align_munmap</c>: splits at the edges, clears the page tables, and lets every index forget the VMAs.</summary>
    /// <returns>
    /// ENOMEM if an allocation failed, or a VMA that becomes two would be one too many; EPERM if one is sealed. VMAs may have been split,
    /// but nothing is unmapped.
    /// </returns>
    internal static Errno Remove(TaskStruct current, PageRange range)
    {
        if (current.Mm.Intersecting(range) is null)
            return Errno.None;

        Errno errno = Gather(current, range, out int from, out int to);
        if (errno != Errno.None || current.ShouldFail())
            return errno == Errno.None ? Errno.ENOMEM : errno;

        Complete(current, range, from, to);
        return Errno.None;
    }

    /// <summary><c>vms_gather_munmap_vmas</c>: splits at the edges, so that the range consists of whole VMAs.</summary>
    /// <returns>
    /// ENOMEM if there is no memory for a split; those done before stay. Also, with nothing done, if a VMA would become two that are
    /// one too many. EPERM at the first VMA that is sealed.
    /// </returns>
    internal static Errno Gather(TaskStruct current, PageRange range, out int from, out int to)
    {
        Mm mm = current.Mm;
        from = to = 0;
        if (mm.Intersecting(range) is { } first && first.Start < range.Start)
        {
            if (range.End < first.End && mm.Vmas.Count >= current.Options.MaxMapCount)
                return Errno.ENOMEM;

            if (!current.Rules.MayModify(first))
                return Errno.EPERM;

            if (!VmaBounds.Split(current, first, range.Start, newBelow: true))
                return Errno.ENOMEM;
        }

        from = to = mm.IndexOf(range.Start);
        while (to < mm.Vmas.Count && mm.Vmas[to].Start < range.End)
        {
            if (!current.Rules.MayModify(mm.Vmas[to]))
                return Errno.EPERM;

            if (mm.Vmas[to].End > range.End && !VmaBounds.Split(current, mm.Vmas[to], range.End, newBelow: false))
                return Errno.ENOMEM;

            to++;
        }

        return Errno.None;
    }

    /// <summary><c>vms_complete_munmap_vmas</c>: what was gathered goes, and tables where no VMA is left (<c>free_pgtables</c>).</summary>
    internal static void Complete(TaskStruct current, PageRange range, int from, int to)
    {
        Mm mm = current.Mm;
        TakeDown(current, mm, from, to);
        const long pages = PageTable.EntriesPerTable;
        long floor = from > 0 ? mm.Vmas[from - 1].End.Number : 0;
        long ceiling = from < mm.Vmas.Count ? mm.Vmas[from].Start.Number : PageTable.Pages;
        long first = Math.Max(range.Start.Number / pages, (floor + pages - 1) / pages);
        long end = Math.Min((range.End.Number + pages - 1) / pages, ceiling / pages);
        if (first < end)
            mm.PageTable.Free(new VirtualPage(first * pages), new VirtualPage(end * pages));
    }

    /// <summary><c>exit_mmap</c>: the same for a whole address space.</summary>
    internal static void RemoveAll(TaskStruct current, Mm mm) => TakeDown(current, mm, 0, mm.Vmas.Count);

    /// <summary><c>unmap_vmas</c>, <c>remove_vma</c>, in the order in which Linux does it.</summary>
    private static void TakeDown(TaskStruct current, Mm mm, int from, int to)
    {
        Zap.Vmas(current, mm, from, to);
        for (int i = from; i < to; i++)
        {
            AnonVmas.Unlink(current, mm.Vmas[i]);
            VmaBounds.UnlinkFile(current, mm.Vmas[i]);
        }

        for (int i = from; i < to; i++)
        {
            if (mm.Vmas[i].Has(VmFlags.Locked) && current.Rules.Does(LinuxStep.UnmapUncountsLocked))
                mm.LockedVm -= mm.Vmas[i].Pages;

            VmaBounds.Closed(current, mm.Vmas[i]);
        }

        mm.RemoveRange(from, to);
    }
}
