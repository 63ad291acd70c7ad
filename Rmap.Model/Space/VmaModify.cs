namespace Rmap.Model.Space;

/// <summary><c>vma_modify</c> (<c>mm/vma.c</c>, 6.18).</summary>
internal static class VmaModify
{
    /// <summary>
    /// <c>vma_modify_flags</c> and setting the flags: part of a VMA gets new ones. It joins its neighbours if it may, else it is split off.
    /// </summary>
    /// <param name="current">The task.</param>
    /// <param name="vma">The VMA.</param>
    /// <param name="range">The part of it.</param>
    /// <param name="flags">The flags that it is to have.</param>
    /// <param name="errno">ENOMEM if a split would exceed the number of VMAs allowed, or an allocation failed.</param>
    /// <param name="giveUpOnOom">A merge that fails for lack of memory is done without.</param>
    /// <returns>The VMA that now covers the part, and perhaps more; null on error.</returns>
    internal static VmArea? Flags(TaskStruct current, VmArea vma, PageRange range, VmFlags flags, out Errno errno, bool giveUpOnOom = false)
    {
        VmArea? modified = MergeOrSplit(current, vma, range, flags, vma.Policy, giveUpOnOom, out errno);
        if (modified == vma)
            vma.Flags = flags;

        return modified;
    }

    /// <summary><c>vma_modify_policy</c>: the same for another memory policy, which the caller sets.</summary>
    internal static VmArea? Policy(TaskStruct current, VmArea vma, PageRange range, MemoryPolicy policy, out Errno errno) =>
        MergeOrSplit(current, vma, range, vma.Flags, policy, giveUpOnOom: false, out errno);

    private static VmArea? MergeOrSplit(
        TaskStruct current, VmArea vma, PageRange range, VmFlags flags, MemoryPolicy policy, bool giveUpOnOom, out Errno errno)
    {
        errno = Errno.None;
        if (VmaMerge.ExistingRange(current, vma, range, flags, policy, out bool failed) is { } merged)
            return merged;

        if ((failed && current.Rules.FailedMergeIsError(giveUpOnOom))
            || (vma.Start < range.Start && !TrySplit(current, vma, range.Start, newBelow: true))
            || (vma.End > range.End && !TrySplit(current, vma, range.End, newBelow: false)))
        {
            errno = Errno.ENOMEM;
            return null;
        }

        return vma;
    }

    /// <summary><c>split_vma</c>.</summary>
    private static bool TrySplit(TaskStruct current, VmArea vma, VirtualPage at, bool newBelow) =>
        vma.Mm.Vmas.Count < current.Options.MaxMapCount && VmaBounds.Split(current, vma, at, newBelow);
}
