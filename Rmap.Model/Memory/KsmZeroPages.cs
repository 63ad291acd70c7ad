namespace Rmap.Model.Memory;

/// <summary>
/// The zero pages that KSM placed (<c>use_zero_pages</c>; <c>include/linux/ksm.h</c>, 6.18), counted for each mm and in all. Whoever stores
/// or clears such an entry calls one of these.
/// </summary>
internal static class KsmZeroPages
{
    /// <summary><c>ksm_map_zero_page</c>.</summary>
    internal static void Mapped(TaskStruct current, Mm mm)
    {
        int counted = current.Rules.Does(LinuxStep.KsmCountsZeroPage) ? 1 : 0;
        current.Machine.Ksm.ZeroPages += counted;
        mm.KsmZeroPages += counted;
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
    /// <param name="current">The task.</param>
    /// <param name="copied">Entries with such a zero page that were copied.</param>
    internal static void ForkFailed(TaskStruct current, int copied) => current.Machine.Ksm.ZeroPagesAstray -= copied;

    /// <summary>
    /// <c>dup_mm</c>, <c>ksm_fork</c>: the child has its parent's number; to the sum it is added if the parent is registered.
    /// </summary>
    /// <param name="current">The task.</param>
    /// <param name="parent">The parent.</param>
    /// <param name="child">The child, whose page table is complete.</param>
    /// <param name="copied">Entries with such a zero page that were copied.</param>
    internal static void Forked(TaskStruct current, Mm parent, Mm child, int copied)
    {
        child.KsmZeroPages = current.Rules.KsmZeroPagesOfChild(parent, copied);
        child.KsmZeroPagesAstray = Math.Max(0, child.KsmZeroPages - copied);
        if (parent.KsmSlot is not null && current.Rules.Does(LinuxStep.ForkCountsKsmZeroPages))
        {
            current.Machine.Ksm.ZeroPages += child.KsmZeroPages;
            current.Machine.Ksm.ZeroPagesAstray += child.KsmZeroPagesAstray;
        }
    }
}
