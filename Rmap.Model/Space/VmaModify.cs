namespace Rmap.Model;

/// <summary><c>vma_modify</c> (<c>mm/vma.c</c>, 6.18).</summary>
internal static class VmaModify
{
    /// <summary>
    /// <c>vma_modify_flags</c> and setting the flags: part of a VMA gets new ones. It joins its neighbours if it may, else it is split off.
    /// </summary>
    /// <param name="vma">The VMA.</param>
    /// <param name="range">The part of it.</param>
    /// <param name="flags">The flags that it is to have.</param>
    /// <param name="errno">ENOMEM if a split would exceed the number of VMAs allowed, or an allocation failed.</param>
    /// <param name="giveUpOnOom">A merge that fails for lack of memory is done without.</param>
    /// <returns>The VMA that now covers the part, and perhaps more; null on error.</returns>
    internal static VmArea? Flags(VmArea vma, PageRange range, VmFlags flags, out Errno errno, bool giveUpOnOom = false)
    {
        errno = Errno.None;
        if (VmaMerge.ExistingRange(vma, range, flags, out bool failed) is { } merged)
        {
            return merged;
        }

        if ((failed && !giveUpOnOom)
            || (vma.Start < range.Start && !TrySplit(vma, range.Start, newBelow: true))
            || (vma.End > range.End && !TrySplit(vma, range.End, newBelow: false)))
        {
            errno = Errno.ENOMEM;
            return null;
        }

        vma.Flags = flags;
        return vma;
    }

    /// <summary><c>split_vma</c>.</summary>
    private static bool TrySplit(VmArea vma, VirtualPage at, bool newBelow) =>
        vma.Mm.Vmas.Count < vma.Mm.Machine.Options.MaxMapCount && VmaBounds.Split(vma, at, newBelow);
}
