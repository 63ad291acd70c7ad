namespace Rmap.Model;

/// <summary>
/// Merging (<c>mm/vma.c</c>, 6.18). Left out: VM_SPECIAL, memory policies, names, huge pages, and that an allocation can fail.
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
    /// <returns>The VMA that grew, or null.</returns>
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
    /// <returns>The VMA that grew, or null.</returns>
    internal static VmArea? ExistingRange(VmArea middle, PageRange range, VmFlags flags)
    {
        bool leftSide = range.Start == middle.Start;
        bool rightSide = range.End == middle.End;
        if (!leftSide && !rightSide)
        {
            return null;
        }

        Mm mm = middle.Mm;
        Rules rules = mm.Machine.Rules;
        var proposal = new VmaProposal(
            range, middle.LinearPageIndex(range.Start), flags, middle.File, middle.AnonVma, Middle: middle);
        VmArea? previous = leftSide ? mm.Previous(middle.Start) : null;
        VmArea? next = rightSide ? mm.After(middle) : null;
        bool left = MayJoinPrevious(rules, proposal, previous);
        bool right = MayJoinNext(rules, proposal, next, left ? previous : null);
        bool removeMiddle = leftSide && rightSide;
        if ((!left && !right) || (removeMiddle && !rules.MergeMayRemove(middle)))
        {
            return null;
        }

        if (left && right && rules.MergeMayRemove(next!))
        {
            TakeOverAnonVma(previous!, next!.AnonVma is not null ? next : middle);
            VmaBounds.Commit(previous!, new PageRange(previous!.Start, next.End), previous.PageOffset, remove: middle, remove2: next);
            return previous;
        }

        return left ? JoinPrevious(middle, range, previous!, removeMiddle) : JoinNext(middle, range, next!, removeMiddle);
    }

    private static VmArea JoinPrevious(VmArea middle, PageRange range, VmArea previous, bool removeMiddle)
    {
        TakeOverAnonVma(previous, middle);
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
        TakeOverAnonVma(next, middle);
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
    private static VmArea Expand(VmArea target, PageRange range, long pageOffset, in VmaProposal proposal, VmArea? removeNext)
    {
        if (removeNext is not null)
        {
            TakeOverAnonVma(target, removeNext);
        }

        if (proposal.CopiedFrom is { } copiedFrom && target.Mm.Machine.Rules.MergeTakesOverCopiedAnonVma(target, copiedFrom))
        {
            target.Mm.Machine.AnonVmas.Clone(target, copiedFrom);
        }

        VmaBounds.Commit(target, range, pageOffset, remove: removeNext);
        return target;
    }

    /// <summary><c>dup_anon_vma</c>.</summary>
    private static void TakeOverAnonVma(VmArea target, VmArea source)
    {
        if (target.Mm.Machine.Rules.MergeTakesOverAnonVma(target, source))
        {
            target.Mm.Machine.AnonVmas.Clone(target, source);
        }
    }

    /// <summary><c>can_vma_merge_left</c>.</summary>
    private static bool MayJoinPrevious(Rules rules, in VmaProposal proposal, VmArea? previous) =>
        previous is not null && previous.End == proposal.Range.Start && rules.MayMerge(proposal, previous);

    /// <summary><c>can_vma_merge_right</c>.</summary>
    private static bool MayJoinNext(Rules rules, in VmaProposal proposal, VmArea? next, VmArea? joinedPrevious) =>
        next is not null && next.Start == proposal.Range.End && rules.MayMerge(proposal, next)
        && (joinedPrevious is null || rules.NeighboursMayMerge(joinedPrevious, next));
}
