namespace Rmap.Model.Memory;

/// <summary>
/// The zero pages that KSM placed (<c>use_zero_pages</c>; <c>include/linux/ksm.h</c>, 6.18), counted for each mm and in all. Whoever stores
/// or clears such an entry calls one of these.
/// </summary>
internal static class KsmZeroPages
{
    /// <summary><c>ksm_map_zero_page</c>: the entry takes the place of a page.</summary>
    internal static void Mapped(TaskStruct current, Mm mm, Pte pte)
    {
        if (pte.IsKsmZero && current.Rules.Does(LinuxStep.KsmCountsZeroPage))
        {
            current.Machine.Ksm.ZeroPages++;
            mm.KsmZeroPages++;
        }
    }

    /// <summary><c>ksm_might_unmap_zero_page</c>: the entry has been replaced or cleared.</summary>
    internal static void MightUnmap(TaskStruct current, Mm mm, Pte old)
    {
        if (old.IsKsmZero && current.Rules.Does(LinuxStep.UnmapUncountsKsmZeroPage))
        {
            current.Machine.Ksm.ZeroPages--;
            mm.KsmZeroPages--;
        }
    }

    /// <summary>UFFDIO_MOVE has moved the entry, and what is at its new place is an ordinary zero page.</summary>
    internal static void Moved(TaskStruct current, Mm mm, Pte old)
    {
        if (current.Rules.UffdMoveUncountsKsmZeroPage)
        {
            MightUnmap(current, mm, old);
        }
        else if (old.IsKsmZero)
        {
            current.Machine.Ksm.ZeroPagesAstray++;
            mm.KsmZeroPagesAstray++;
        }
    }

    /// <summary>
    /// A fork fails before <c>ksm_fork</c> has added the child's entries to the sum. They are taken from it all the same when the child
    /// is taken down, so that it is too small from then on.
    /// </summary>
    internal static void ForkFailed(TaskStruct current, Mm child)
    {
        if (current.Rules.FailedForkCountsKsmZeroPages)
            current.Machine.Ksm.ZeroPages += child.KsmZeroPages;
        else
            current.Machine.Ksm.ZeroPagesAstray -= child.KsmZeroPages;
    }

    /// <summary>
    /// <c>dup_mm</c>, <c>ksm_fork</c>: the child, for which those that were copied are counted so far, has its parent's number; to the
    /// sum it is added if the parent is registered.
    /// </summary>
    internal static void Forked(TaskStruct current, Mm parent, Mm child)
    {
        int copied = child.KsmZeroPages;
        child.KsmZeroPages = current.Rules.KsmZeroPagesOfChild(parent, copied);
        child.KsmZeroPagesAstray = Math.Max(0, child.KsmZeroPages - copied);
        if (parent.KsmSlot is not null && current.Rules.Does(LinuxStep.ForkCountsKsmZeroPages))
        {
            current.Machine.Ksm.ZeroPages += child.KsmZeroPages;
            current.Machine.Ksm.ZeroPagesAstray += child.KsmZeroPagesAstray;
        }
    }
}
