using Rmap.Model.Rmap;

namespace Rmap.Model.Space;

/// <summary>Merging (<c>mm/vma.c</c>, 6.18). Left out: VM_SPECIAL, names, huge pages.</summary>
internal static class VmaMerge
{
    /// <summary><c>vma_merge_new_range</c>, <c>vma_expand</c>: lets the VMAs around a free range grow over it.</summary>
    /// <param name="current">The task.</param>
    /// <param name="vmg">The range.</param>
    /// <param name="apart">A VMA that may not grow, or null.</param>
    /// <returns>The VMA that grew, or null: none may, or an allocation failed, and all VMAs are as they were.</returns>
    internal static VmArea? NewRange(TaskStruct current, in VmaMergeStruct vmg, VmArea? apart = null)
    {
        VmArea? previous = current.Mm.Previous(vmg.Range.Start);
        VmArea? next = current.Mm.First(vmg.Range.Start);
        return Merge(current, vmg, previous == apart ? null : previous, next == apart ? null : next, out _);
    }

    /// <summary><c>vma_merge_existing_range</c>: part of a VMA changes its attributes and may now belong to a neighbour.</summary>
    /// <param name="current">The task.</param>
    /// <param name="vmg">The part, and of which VMA.</param>
    /// <param name="failed">Whether an allocation failed; all VMAs are then as they were.</param>
    /// <returns>The VMA that grew, or null.</returns>
    internal static VmArea? ExistingRange(TaskStruct current, in VmaMergeStruct vmg, out bool failed)
    {
        VmArea middle = vmg.Middle!;
        VmArea? previous = vmg.Range.Start == middle.Start ? middle.Mm.Previous(middle.Start) : null;
        VmArea? next = vmg.Range.End == middle.End ? middle.Mm.After(middle) : null;
        return Merge(current, vmg, previous, next, out failed);
    }

    /// <summary>The range joins its neighbours, as far as they may; null if none may, or an allocation failed.</summary>
    private static VmArea? Merge(TaskStruct current, in VmaMergeStruct vmg, VmArea? previous, VmArea? next, out bool failed)
    {
        failed = false;
        Rules rules = current.Rules;
        (PageRange range, VmArea? middle) = (vmg.Range, vmg.Middle);
        bool left = MayJoinPrevious(rules, vmg, previous);
        bool right = MayJoinNext(rules, vmg, next, left ? previous : null);
        bool removeMiddle = middle?.Range == range;
        if ((!left && !right) || (removeMiddle && !rules.MergeMayRemove(middle!)))
            return null;

        VmArea target = left ? previous! : next!;
        VmArea? removeNext = left && right && rules.MergeMayRemove(next!) ? next : null;
        failed = !AnonVmas.Duplicate(current, target, removeNext is { IsAnonPrepared: true } ? removeNext : middle, vmg.CopiedFrom);
        if (failed)
            return null;

        VmaBounds grown = left
            ? new(target, target.Range with { End = removeNext?.End ?? range.End }, target.PageOffset)
            : new(target, target.Range with { Start = range.Start }, rules.PageOffsetOfExtendedNext(target, range.Pages));
        if (middle is null || removeMiddle)
        {
            VmaBounds.Commit(current, grown, null, middle, removeNext);
        }
        else if (left)
        {
            long pageOffset = rules.PageOffsetWithoutFront(middle, range.End);
            VmaBounds.Commit(current, grown, new(middle, middle.Range with { Start = range.End }, pageOffset));
        }
        else
        {
            VmaBounds.Commit(current, new(middle, middle.Range with { End = range.Start }, middle.PageOffset), grown);
        }

        return target;
    }

    /// <summary><c>can_vma_merge_left</c>.</summary>
    private static bool MayJoinPrevious(Rules rules, in VmaMergeStruct vmg, VmArea? previous) =>
        previous is not null && previous.End == vmg.Range.Start && rules.MayMerge(vmg, previous);

    /// <summary><c>can_vma_merge_right</c>.</summary>
    private static bool MayJoinNext(Rules rules, in VmaMergeStruct vmg, VmArea? next, VmArea? joinedPrevious) =>
        next is not null && next.Start == vmg.Range.End && rules.MayMerge(vmg, next)
        && (joinedPrevious is null || rules.NeighboursMayMerge(joinedPrevious, next));
}
