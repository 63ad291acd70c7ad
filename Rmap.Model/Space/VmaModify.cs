namespace Rmap.Model.Space;

/// <summary>
/// <c>vma_modify</c> (<c>mm/vma.c</c>, 6.18): part of a VMA changes. It joins its neighbours if it may, else it is split off. They return
/// the VMA that now covers the part, and perhaps more; null (ENOMEM) if a split would exceed the number of VMAs allowed, or an allocation
/// failed.
/// </summary>
internal static class VmaModify
{
    /// <summary><c>vma_modify_flags</c> and setting the flags.</summary>
    /// <param name="current">The task.</param>
    /// <param name="vma">The VMA.</param>
    /// <param name="range">The part of it.</param>
    /// <param name="flags">The flags that it is to have.</param>
    /// <param name="giveUpOnOom">A merge that fails for lack of memory is done without.</param>
    internal static VmArea? Flags(TaskStruct current, VmArea vma, PageRange range, VmFlags flags, bool giveUpOnOom = false)
    {
        VmArea? modified = MergeOrSplit(current, vma, new VmaMergeStruct(vma, range) with { Flags = flags }, giveUpOnOom);
        if (modified == vma)
            vma.Flags = flags;

        return modified;
    }

    /// <summary><c>vma_modify_policy</c>: the same for another memory policy, which the caller sets.</summary>
    internal static VmArea? Policy(TaskStruct current, VmArea vma, PageRange range, MemoryPolicy policy) =>
        MergeOrSplit(current, vma, new VmaMergeStruct(vma, range) with { Policy = policy }, giveUpOnOom: false);

    private static VmArea? MergeOrSplit(TaskStruct current, VmArea vma, VmaMergeStruct vmg, bool giveUpOnOom)
    {
        if (VmaMerge.ExistingRange(current, vmg with { Middle = vma }, out bool failed) is { } merged)
            return merged;

        bool isError = failed && current.Rules.FailedMergeIsError(giveUpOnOom);
        return !isError && SplitOff(current, vma, vmg.Range) ? vma : null;
    }

    /// <summary>What lies in the range becomes a VMA of its own, which this VMA is then.</summary>
    internal static bool SplitOff(TaskStruct current, VmArea vma, PageRange range) =>
        (vma.Start >= range.Start || TrySplit(current, vma, range.Start, newBelow: true))
        && (vma.End <= range.End || TrySplit(current, vma, range.End, newBelow: false));

    /// <summary><c>split_vma</c>.</summary>
    private static bool TrySplit(TaskStruct current, VmArea vma, VirtualPage at, bool newBelow) =>
        vma.Mm.Vmas.Count < current.Options.MaxMapCount && VmaBounds.Split(current, vma, at, newBelow);
}
