using Rmap.Model.Memory;
using Rmap.Model.Rmap;

namespace Rmap.Model.Space;

/// <summary><c>mlock</c>, <c>mlock2</c>, <c>munlock</c> (<c>mm/mlock.c</c>, 6.18). Left out: RLIMIT_MEMLOCK, mlockall.</summary>
internal static class Mlock
{
    internal static Outcome Execute(TaskStruct current, Operation.Mlock mlock)
    {
        Errno errno = Apply(current, mlock.Range, mlock.OnFault ? VmFlags.LockedMask : VmFlags.Locked);
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
