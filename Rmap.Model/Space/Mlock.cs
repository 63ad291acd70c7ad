using Rmap.Model.Memory;
using Rmap.Model.Rmap;

namespace Rmap.Model.Space;

/// <summary><c>mlock</c>, <c>mlockall</c>, and their opposites (<c>mm/mlock.c</c>, 6.18), with their limit.</summary>
internal static class Mlock
{
    internal static Outcome Execute(TaskStruct current, Operation.Mlock mlock)
    {
        if (current.Process!.MemlockLimit == 0)
            return Errno.EPERM;

        long locked = mlock.Range.Pages + current.Mm.LockedVm;
        if (locked > current.Process.MemlockLimit && current.Rules.Does(LinuxStep.MlockCountsOnce))
            locked -= LockedPages(current.Mm, mlock.Range);

        Errno errno = locked > current.Process.MemlockLimit ? Errno.ENOMEM
            : Apply(current, mlock.Range, mlock.OnFault ? VmFlags.LockedMask : VmFlags.Locked);
        if (errno != Errno.None)
            return errno;

        return Populate.Locked(current, mlock.Range) switch
        {
            Errno.EFAULT => Errno.ENOMEM,
            Errno.ENOMEM => Errno.EAGAIN,
            Errno populated => populated,
        };
    }

    internal static Outcome Execute(TaskStruct current, Operation.Munlock munlock) => Apply(current, munlock.Range, VmFlags.None);

    /// <summary><c>mlockall</c>: what cannot be locked, or is not there, nobody is told of.</summary>
    internal static Outcome Execute(TaskStruct current, Operation.Mlockall mlockall)
    {
        if (!mlockall.Current && !mlockall.Future)
            return Errno.EINVAL;

        if (current.Process!.MemlockLimit == 0)
            return Errno.EPERM;

        if (mlockall.Current && current.Mm.Vmas.Sum(vma => vma.Pages) > current.Process.MemlockLimit)
            return Errno.ENOMEM;

        VmFlags flags = mlockall.OnFault ? VmFlags.LockedMask : VmFlags.Locked;
        current.Mm.DefFlags = mlockall.Future ? flags : VmFlags.None;
        if (mlockall.Current)
        {
            ApplyToAll(current, flags);
            Populate.Silently(current, new PageRange(default, new(UnmappedArea.TaskSize)));
        }

        return Errno.None;
    }

    internal static Outcome Execute(TaskStruct current, Operation.Munlockall _)
    {
        current.Mm.DefFlags = VmFlags.None;
        ApplyToAll(current, VmFlags.None);
        return Errno.None;
    }

    /// <summary><c>setrlimit</c>: what is locked stays so.</summary>
    internal static Outcome Execute(TaskStruct current, Operation.RlimitMemlock limit)
    {
        if (limit.Pages < 0)
            return Errno.EINVAL;

        current.Process!.MemlockLimit = limit.Pages;
        return Errno.None;
    }

    /// <summary><c>mlock_future_ok</c>: whether a mapping with these flags may have so many pages more, if these are locked.</summary>
    internal static bool IsWithinLimit(TaskStruct current, VmFlags flags, long pages) =>
        (flags & VmFlags.Locked) == 0 || pages <= current.Process!.MemlockLimit - current.Mm.LockedVm;

    /// <summary><c>count_mm_mlocked_page_nr</c>.</summary>
    private static long LockedPages(Mm mm, PageRange range) =>
        mm.Vmas.Where(vma => vma.Has(VmFlags.Locked)).Sum(vma => Math.Max(0, vma.Range.Intersect(range).Pages));

    /// <summary><c>apply_mlockall_flags</c>.</summary>
    private static void ApplyToAll(TaskStruct current, VmFlags lockFlags)
    {
        foreach ((VmArea vma, _) in current.Mm.Walk(new PageRange(default, new(UnmappedArea.TaskSize))))
            Fixup(current, vma, vma.Range, (vma.Flags & ~VmFlags.LockedMask) | lockFlags);
    }

    /// <summary><c>apply_vma_lock_flags</c>: a hole ends it; what lies before keeps its new flags.</summary>
    private static Errno Apply(TaskStruct current, PageRange range, VmFlags lockFlags)
    {
        if (UnmappedArea.Wraps(range))
            return Errno.EINVAL;

        return current.Mm.ForEach(
            range, (current, lockFlags), stopsAtHole: true, change: static (with, vma, part) =>
                Fixup(with.current, vma, part, (vma.Flags & ~VmFlags.LockedMask) | with.lockFlags));
    }

    /// <summary><c>mlock_fixup</c>: pages that are mapped are locked or unlocked with their VMA.</summary>
    private static Errno Fixup(TaskStruct current, VmArea vma, PageRange range, VmFlags flags)
    {
        VmFlags old = vma.Flags;
        if (flags == old)
            return Errno.None;

        if (VmaModify.Flags(current, vma, range, flags) is not { } modified)
            return Errno.ENOMEM;

        bool locks = (flags & VmFlags.Locked) != 0;
        if (locks != ((old & VmFlags.Locked) != 0))
        {
            modified.Mm.LockedVm += current.Rules.PagesCountedByMlock(range, locks);
            MlockPages(current, modified, range, locks);
        }

        return Errno.None;
    }

    /// <summary><c>mlock_vma_pages_range</c>.</summary>
    private static void MlockPages(TaskStruct current, VmArea vma, PageRange range, bool locks)
    {
        foreach ((_, Pte pte) in vma.Mm.PageTable.Walk(range))
        {
            if (pte.IsPresent && locks)
                MlockBatch.Mlock(current, pte.Page);
            else if (pte.IsPresent)
                MlockBatch.Munlock(current, pte.Page);
        }

        MlockBatch.Drain(current);
    }
}
