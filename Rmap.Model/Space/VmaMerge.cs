using Rmap.Model.Rmap;

namespace Rmap.Model.Space;

/// <summary>
/// Merging (<c>mm/vma.c</c>, 6.18). Left out: VM_SPECIAL, names, huge pages.
/// </summary>
internal static class VmaMerge
{
    /// <summary>
    /// <c>vma_merge_new_range</c>: lets the VMAs around a free range grow over it.
    /// </summary>
    /// <param name="current">The task.</param>
    /// <param name="mm">The address space.</param>
    /// <param name="vmg">The range.</param>
    /// <param name="previous">The VMA before it, touching or not, or null.</param>
    /// <param name="next">The VMA after it, or null.</param>
    /// <returns>The VMA that grew, or null: none may, or an allocation failed, and all VMAs are as they were.</returns>
    internal static VmArea? NewRange(TaskStruct current, Mm mm, in VmaMergeStruct vmg, VmArea? previous, VmArea? next)
    {
        Rules rules = current.Rules;
        bool left = MayJoinPrevious(rules, vmg, previous);
        bool right = MayJoinNext(rules, vmg, next, left ? previous : null);
        if (left)
        {
            bool removeNext = right && rules.MergeMayRemove(next!);
            return Expand(current, previous!, new PageRange(previous!.Start, removeNext ? next!.End : vmg.Range.End),
                previous.PageOffset, vmg, removeNext ? next : null);
        }

        return right
            ? Expand(current, next!, new PageRange(vmg.Range.Start, next!.End),
                rules.PageOffsetOfExtendedNext(next, vmg.Range.Pages), vmg, null)
            : null;
    }

    /// <summary>
    /// <c>vma_merge_existing_range</c>: part of a VMA changes its attributes and may now belong to a neighbour.
    /// </summary>
    /// <param name="current">The task.</param>
    /// <param name="middle">The VMA.</param>
    /// <param name="range">The part of it.</param>
    /// <param name="flags">The flags that it is to have.</param>
    /// <param name="policy">The memory policy that it is to have.</param>
    /// <param name="failed">Whether an allocation failed; all VMAs are then as they were.</param>
    /// <returns>The VMA that grew, or null.</returns>
    internal static VmArea? ExistingRange(
        TaskStruct current, VmArea middle, PageRange range, VmFlags flags, MemoryPolicy policy, out bool failed)
    {
        failed = false;
        bool leftSide = range.Start == middle.Start;
        bool rightSide = range.End == middle.End;
        if (!leftSide && !rightSide)
            return null;

        Mm mm = middle.Mm;
        Rules rules = current.Rules;
        var vmg = new VmaMergeStruct(
            range, middle.LinearPageIndex(range.Start), flags, middle.File, middle, Middle: middle, Policy: policy);
        VmArea? previous = leftSide ? mm.Previous(middle.Start) : null;
        VmArea? next = rightSide ? mm.After(middle) : null;
        bool left = MayJoinPrevious(rules, vmg, previous);
        bool right = MayJoinNext(rules, vmg, next, left ? previous : null);
        bool removeMiddle = leftSide && rightSide;
        if ((!left && !right) || (removeMiddle && !rules.MergeMayRemove(middle)))
            return null;

        bool both = left && right && rules.MergeMayRemove(next!);
        VmArea target = left ? previous! : next!;
        if (!Prepare(current, target, both && next!.IsAnonPrepared ? next : middle, null))
        {
            failed = true;
            return null;
        }

        if (both)
        {
            VmaBounds.Commit(current, target, new PageRange(target.Start, next!.End), target.PageOffset, remove: middle, remove2: next);
            return target;
        }

        return left ? JoinPrevious(current, middle, range, target, removeMiddle) : JoinNext(current, middle, range, target, removeMiddle);
    }

    private static VmArea JoinPrevious(TaskStruct current, VmArea middle, PageRange range, VmArea previous, bool removeMiddle)
    {
        var grown = new PageRange(previous.Start, range.End);
        if (removeMiddle)
        {
            VmaBounds.Commit(current, previous, grown, previous.PageOffset, remove: middle);
        }
        else
        {
            VmaBounds.Commit(current, previous, grown, previous.PageOffset,
                middle, new PageRange(range.End, middle.End), current.Rules.PageOffsetWithoutFront(middle, range.End));
        }

        return previous;
    }

    private static VmArea JoinNext(TaskStruct current, VmArea middle, PageRange range, VmArea next, bool removeMiddle)
    {
        var grown = new PageRange(range.Start, next.End);
        long pageOffset = current.Rules.PageOffsetOfExtendedNext(next, range.Pages);
        if (removeMiddle)
            VmaBounds.Commit(current, next, grown, pageOffset, remove: middle);
        else
            VmaBounds.Commit(current, middle, new PageRange(middle.Start, range.Start), middle.PageOffset, next, grown, pageOffset);

        return next;
    }

    /// <summary><c>vma_expand</c>.</summary>
    private static VmArea? Expand(
        TaskStruct current, VmArea target, PageRange range, long pageOffset, in VmaMergeStruct vmg, VmArea? removeNext)
    {
        if (!Prepare(current, target, removeNext, vmg.CopiedFrom))
            return null;

        VmaBounds.Commit(current, target, range, pageOffset, remove: removeNext);
        return target;
    }

    /// <summary>
    /// <c>dup_anon_vma</c>, <c>vma_iter_prealloc</c>: what a merge needs before anything is changed. If there is no room in the tree of
    /// VMAs, the target lets go of the AVs that it has just been given.
    /// </summary>
    /// <param name="current">The task.</param>
    /// <param name="target">The VMA that is to grow.</param>
    /// <param name="joined">The VMA, or part of one, that it takes over, or null.</param>
    /// <param name="copiedFrom">The VMA that mremap copies, or null.</param>
    private static bool Prepare(TaskStruct current, VmArea target, VmArea? joined, VmArea? copiedFrom)
    {
        if (!AnonVmas.Duplicate(current, target, joined, copiedFrom, out bool duplicated))
            return false;

        if (!current.ShouldFail())
            return true;

        if (duplicated && current.Rules.Does(LinuxStep.FailedMergeUnlinksAnonVma))
            AnonVmas.Unlink(current, target);

        return false;
    }

    /// <summary><c>can_vma_merge_left</c>.</summary>
    private static bool MayJoinPrevious(Rules rules, in VmaMergeStruct vmg, VmArea? previous) =>
        previous is not null && previous.End == vmg.Range.Start && rules.MayMerge(vmg, previous);

    /// <summary><c>can_vma_merge_right</c>.</summary>
    private static bool MayJoinNext(Rules rules, in VmaMergeStruct vmg, VmArea? next, VmArea? joinedPrevious) =>
        next is not null && next.Start == vmg.Range.End && rules.MayMerge(vmg, next)
        && (joinedPrevious is null || rules.NeighboursMayMerge(joinedPrevious, next));
}
