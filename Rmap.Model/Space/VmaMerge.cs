namespace Rmap.Model.Space;

/// <summary>
/// Merging (<c>mm/vma.c</c>, 6.18). Left out: VM_SPECIAL, names, huge pages.
/// </summary>
internal static class VmaMerge
{
    /// <summary>
    /// <c>vma_merge_new_range</c>: lets the VMAs around a free range grow over it.
    /// </summary>
    /// <param name="mm">The address space.</param>
    /// <param name="proposal">The range.</param>
    /// <param name="previous">The VMA before it, touching or not, or null.</param>
    /// <param name="next">The VMA after it, or null.</param>
    /// <returns>The VMA that grew, or null: none may, or an allocation failed, and all VMAs are as they were.</returns>
    internal static VmArea? NewRange(Mm mm, in VmaProposal proposal, VmArea? previous, VmArea? next)
    {
        Rules rules = mm.Machine.Rules;
        bool left = MayJoinPrevious(rules, proposal, previous);
        bool right = MayJoinNext(rules, proposal, next, left ? previous : null);
        if (left)
        {
            bool removeNext = right && rules.MergeMayRemove(next!);
            return Expand(previous!, new PageRange(previous!.Start, removeNext ? next!.End : proposal.Range.End),
                previous.PageOffset, proposal, removeNext ? next : null);
        }

        return right
            ? Expand(next!, new PageRange(proposal.Range.Start, next!.End),
                rules.PageOffsetOfExtendedNext(next, proposal.Range.Pages), proposal, null)
            : null;
    }

    /// <summary>
    /// <c>vma_merge_existing_range</c>: part of a VMA changes its attributes and may now belong to a neighbour.
    /// </summary>
    /// <param name="middle">The VMA.</param>
    /// <param name="range">The part of it.</param>
    /// <param name="flags">The flags that it is to have.</param>
    /// <param name="policy">The memory policy that it is to have.</param>
    /// <param name="failed">Whether an allocation failed; all VMAs are then as they were.</param>
    /// <returns>The VMA that grew, or null.</returns>
    internal static VmArea? ExistingRange(VmArea middle, PageRange range, VmFlags flags, MemoryPolicy policy, out bool failed)
    {
        failed = false;
        bool leftSide = range.Start == middle.Start;
        bool rightSide = range.End == middle.End;
        if (!leftSide && !rightSide)
        {
            return null;
        }

        Mm mm = middle.Mm;
        Rules rules = mm.Machine.Rules;
        var proposal = new VmaProposal(
            range, middle.LinearPageIndex(range.Start), flags, middle.File, middle.AnonVma, Middle: middle, Policy: policy);
        VmArea? previous = leftSide ? mm.Previous(middle.Start) : null;
        VmArea? next = rightSide ? mm.After(middle) : null;
        bool left = MayJoinPrevious(rules, proposal, previous);
        bool right = MayJoinNext(rules, proposal, next, left ? previous : null);
        bool removeMiddle = leftSide && rightSide;
        if ((!left && !right) || (removeMiddle && !rules.MergeMayRemove(middle)))
        {
            return null;
        }

        bool both = left && right && rules.MergeMayRemove(next!);
        VmArea target = left ? previous! : next!;
        if (!Prepare(target, both && next!.AnonVma is not null ? next : middle, null))
        {
            failed = true;
            return null;
        }

        if (both)
        {
            VmaBounds.Commit(target, new PageRange(target.Start, next!.End), target.PageOffset, remove: middle, remove2: next);
            return target;
        }

        return left ? JoinPrevious(middle, range, target, removeMiddle) : JoinNext(middle, range, target, removeMiddle);
    }

    private static VmArea JoinPrevious(VmArea middle, PageRange range, VmArea previous, bool removeMiddle)
    {
        var grown = new PageRange(previous.Start, range.End);
        if (removeMiddle)
        {
            VmaBounds.Commit(previous, grown, previous.PageOffset, remove: middle);
        }
        else
        {
            VmaBounds.Commit(previous, grown, previous.PageOffset,
                middle, new PageRange(range.End, middle.End), middle.LinearPageIndex(range.End));
        }

        return previous;
    }

    private static VmArea JoinNext(VmArea middle, PageRange range, VmArea next, bool removeMiddle)
    {
        var grown = new PageRange(range.Start, next.End);
        long pageOffset = middle.Mm.Machine.Rules.PageOffsetOfExtendedNext(next, range.Pages);
        if (removeMiddle)
        {
            VmaBounds.Commit(next, grown, pageOffset, remove: middle);
        }
        else
        {
            VmaBounds.Commit(middle, new PageRange(middle.Start, range.Start), middle.PageOffset, next, grown, pageOffset);
        }

        return next;
    }

    /// <summary><c>vma_expand</c>.</summary>
    private static VmArea? Expand(VmArea target, PageRange range, long pageOffset, in VmaProposal proposal, VmArea? removeNext)
    {
        if (!Prepare(target, removeNext, proposal.CopiedFrom))
        {
            return null;
        }

        VmaBounds.Commit(target, range, pageOffset, remove: removeNext);
        return target;
    }

    /// <summary>
    /// <c>dup_anon_vma</c>, <c>vma_iter_prealloc</c>: what a merge needs before anything is changed. If there is no room in the tree of
    /// VMAs, the target lets go of the AVs that it has just been given.
    /// </summary>
    /// <param name="target">The VMA that is to grow.</param>
    /// <param name="joined">The VMA, or part of one, that it takes over, or null.</param>
    /// <param name="copiedFrom">The VMA that mremap copies, or null.</param>
    private static bool Prepare(VmArea target, VmArea? joined, VmArea? copiedFrom)
    {
        Machine machine = target.Mm.Machine;
        AnonVma? before = target.AnonVma;
        if (joined is not null && machine.Rules.MergeTakesOverAnonVma(target, joined) && !machine.AnonVmas.Clone(target, joined))
        {
            return false;
        }

        if (copiedFrom is not null && machine.Rules.MergeTakesOverCopiedAnonVma(target, copiedFrom)
            && !machine.AnonVmas.Clone(target, copiedFrom))
        {
            return false;
        }

        if (!machine.Faults.ShouldFail())
        {
            return true;
        }

        if (target.AnonVma != before && machine.Rules.FailedMergeUnlinksAnonVma)
        {
            machine.AnonVmas.Unlink(target);
        }

        return false;
    }

    /// <summary><c>can_vma_merge_left</c>.</summary>
    private static bool MayJoinPrevious(Rules rules, in VmaProposal proposal, VmArea? previous) =>
        previous is not null && previous.End == proposal.Range.Start && rules.MayMerge(proposal, previous);

    /// <summary><c>can_vma_merge_right</c>.</summary>
    private static bool MayJoinNext(Rules rules, in VmaProposal proposal, VmArea? next, VmArea? joinedPrevious) =>
        next is not null && next.Start == proposal.Range.End && rules.MayMerge(proposal, next)
        && (joinedPrevious is null || rules.NeighboursMayMerge(joinedPrevious, next));
}
