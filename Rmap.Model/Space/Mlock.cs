using Rmap.Model.Memory;
using Rmap.Model.Rmap;

namespace Rmap.Model.Space;

/// <summary><c>mlock</c>, <c>mlock2</c>, <c>munlock</c> (<c>mm/mlock.c</c>, 6.18). Left out: RLIMIT_MEMLOCK, mlockall.</summary>
internal static class Mlock
{
    internal static Errno Lock(Mm mm, PageRange range, bool onFault)
    {
        Errno errno = Apply(mm, range, onFault ? VmFlags.LockedMask : VmFlags.Locked);
        if (errno != Errno.None)
        {
            return errno;
        }

        return Populate.Locked(mm, range) switch
        {
            Errno.EFAULT => Errno.ENOMEM,
            Errno.ENOMEM => Errno.EAGAIN,
            Errno populated => populated,
        };
    }

    internal static Errno Unlock(Mm mm, PageRange range) => Apply(mm, range, VmFlags.None);

    /// <summary><c>apply_vma_lock_flags</c>: a hole ends it; what lies before keeps its new flags.</summary>
    private static Errno Apply(Mm mm, PageRange range, VmFlags lockFlags)
    {
        if (UnmappedArea.Wraps(range))
        {
            return Errno.EINVAL;
        }

        for (VirtualPage at = range.Start; at < range.End;)
        {
            if (mm.Lookup(at) is not { } vma)
            {
                return Errno.ENOMEM;
            }

            var part = new PageRange(at, VirtualPage.Min(vma.End, range.End));
            Errno errno = Fixup(ref vma, part, (vma.Flags & ~VmFlags.LockedMask) | lockFlags);
            if (errno != Errno.None)
            {
                return errno;
            }

            at = vma.End;
        }

        return Errno.None;
    }

    /// <summary><c>mlock_fixup</c>: pages that are mapped are locked or unlocked with their VMA.</summary>
    private static Errno Fixup(ref VmArea vma, PageRange range, VmFlags flags)
    {
        VmFlags old = vma.Flags;
        if (flags == old)
        {
            return Errno.None;
        }

        if (VmaModify.Flags(vma, range, flags, out Errno errno) is not { } modified)
        {
            return errno;
        }

        vma = modified;
        bool locks = (flags & VmFlags.Locked) != 0;
        if (locks != ((old & VmFlags.Locked) != 0))
        {
            vma.Mm.LockedVm += locks ? range.Pages : -range.Pages;
            MlockPages(vma, range, locks);
        }

        return Errno.None;
    }

    /// <summary><c>mlock_vma_pages_range</c>.</summary>
    private static void MlockPages(VmArea vma, PageRange range, bool locks)
    {
        MlockBatch batch = vma.Mm.Machine.MlockBatch;
        for (VirtualPage page = range.Start; page < range.End; page += 1)
        {
            if (vma.Mm.PageTable[page] is not { IsPresent: true } pte)
            {
                continue;
            }

            if (locks)
            {
                batch.Mlock(pte.Page);
            }
            else
            {
                batch.Munlock(pte.Page);
            }
        }

        batch.Drain();
    }
}
