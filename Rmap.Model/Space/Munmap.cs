namespace Rmap.Model;

/// <summary><c>munmap</c> (<c>do_vmi_munmap</c>, <c>mm/vma.c</c>, 6.18).</summary>
internal static class Munmap
{
    internal static Errno Execute(Mm mm, PageRange range)
    {
        if (range.Pages <= 0 || !UnmappedArea.IsInUserSpace(range))
        {
            return Errno.EINVAL;
        }

        VmArea? first = mm.Intersecting(range);
        bool wouldExceed = first is not null && first.Start < range.Start && range.End < first.End
            && mm.Vmas.Count >= mm.Machine.Options.MaxMapCount;
        if (wouldExceed)
        {
            return Errno.ENOMEM;
        }

        Remove(mm, range);
        return Errno.None;
    }

    /// <summary>
    /// <c>do_vmi_align_munmap</c>: splits at the edges, clears the page tables, and lets every index forget the VMAs.
    /// </summary>
    internal static void Remove(Mm mm, PageRange range)
    {
        if (mm.Intersecting(range) is not { } first)
        {
            return;
        }

        if (first.Start < range.Start)
        {
            VmaBounds.Split(first, range.Start, newBelow: true);
        }

        int index = mm.IndexOf(range.Start);
        int end = index;
        while (end < mm.Vmas.Count && mm.Vmas[end].Start < range.End)
        {
            if (mm.Vmas[end].End > range.End)
            {
                VmaBounds.Split(mm.Vmas[end], range.End, newBelow: false);
            }

            end++;
        }

        TakeDown(mm, index, end);
    }

    /// <summary><c>exit_mmap</c>: the same for a whole address space.</summary>
    internal static void RemoveAll(Mm mm) => TakeDown(mm, 0, mm.Vmas.Count);

    /// <summary><c>unmap_vmas</c>, <c>free_pgtables</c>, <c>remove_vma</c>, in the order in which Linux does it.</summary>
    private static void TakeDown(Mm mm, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            Zap.Range(mm.Vmas[i], mm.Vmas[i].Range, evenCows: true);
        }

        for (int i = from; i < to; i++)
        {
            mm.Machine.AnonVmas.Unlink(mm.Vmas[i]);
            VmaBounds.UnlinkFile(mm.Vmas[i]);
        }

        for (int i = from; i < to; i++)
        {
            mm.LockedVm -= mm.Vmas[i].Has(VmFlags.Locked) ? mm.Vmas[i].Pages : 0;
            VmaBounds.Closed(mm.Vmas[i]);
        }

        mm.RemoveRange(from, to);
    }
}
