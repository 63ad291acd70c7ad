using Rmap.Model.Rmap;

namespace Rmap.Model.Memory;

/// <summary>
/// Faulting pages in ahead of their use (<c>populate_vma_page_range</c>, <c>faultin_page_range</c>; <c>mm/gup.c</c>, 6.18).
/// </summary>
internal static class Populate
{
    /// <summary><c>__mm_populate</c> for mlock: every VMA of the range, until one cannot be populated.</summary>
    internal static Errno Locked(TaskStruct current, PageRange range) =>
        current.Mm.ForEach(range, current, static (current, vma, part) => VmaRange(current, vma, part));

    /// <summary><c>mm_populate</c>: every VMA of the range; what cannot be populated is passed over.</summary>
    internal static void Silently(TaskStruct current, PageRange range)
    {
        foreach ((VmArea vma, PageRange part) in current.Mm.Walk(range))
            VmaRange(current, vma, part);
    }

    /// <summary>
    /// <c>populate_vma_page_range</c>: private writable memory by write faults, to break COW at once; the rest by read faults. It ends,
    /// and is begun anew, where a fault has to be retried.
    /// </summary>
    /// <param name="current">The task.</param>
    /// <param name="vma">The VMA.</param>
    /// <param name="range">Its part.</param>
    /// <param name="keepsLock">Whether the caller keeps <c>mmap_lock</c>: then a fault waits, instead of being retried.</param>
    internal static Errno VmaRange(TaskStruct current, VmArea vma, PageRange range, bool keepsLock = false)
    {
        if (vma.Has(VmFlags.LockOnFault))
            return Errno.None;

        if (!vma.Has(VmFlags.Access))
            return Errno.EFAULT;

        bool write = (vma.Flags & (VmFlags.Write | VmFlags.Shared)) == VmFlags.Write;
        Errno errno = Pages(current, vma, range, write, beginsAnew: !keepsLock);
        MlockBatch.Drain(current);
        return errno == Errno.EHWPOISON ? Errno.EFAULT : errno;
    }

    /// <summary><c>madvise_populate</c>: MADV_POPULATE_READ, MADV_POPULATE_WRITE.</summary>
    internal static Errno Advised(TaskStruct current, PageRange range, bool write) => current.Mm.ForEach(
        range, (current, write), static (with, vma, part) => vma.Has(with.write ? VmFlags.Write : VmFlags.Read)
            ? Pages(with.current, vma, part, with.write, beginsAnew: false)
            : Errno.EINVAL,
        stopsAtHole: true);

    /// <summary><c>__get_user_pages</c> with FOLL_TOUCH.</summary>
    private static Errno Pages(TaskStruct current, VmArea vma, PageRange range, bool write, bool beginsAnew)
    {
        VmFault fault = VmFault.None;
        for (VirtualPage page = range.Start; fault == VmFault.None && page < range.End; page += 1)
            fault = Gup.FaultIn(current, vma, page, write, mustUnshare: _ => false, beginsAnew);

        return fault switch
        {
            VmFault.None => Errno.None,
            VmFault.Oom => Errno.ENOMEM,
            VmFault.HwPoison => Errno.EHWPOISON,
            _ => Errno.EFAULT,
        };
    }
}
