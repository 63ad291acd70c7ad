using Rmap.Model.Memory;
using Rmap.Model.Rmap;

namespace Rmap.Model.Space;

/// <summary>
/// Changing the bounds of VMAs (<c>vma_prepare</c>, <c>vma_complete</c>, <c>commit_merge</c>, <c>__split_vma</c> of <c>mm/vma.c</c>,
/// 6.18): they leave every interval tree, are changed, and come back. Page-table entries stay as they are.
/// </summary>
/// <param name="Vma">A VMA.</param>
/// <param name="Range">The range that it is to have.</param>
/// <param name="PageOffset">The page offset that it is to have.</param>
internal readonly record struct VmaBounds(VmArea Vma, PageRange Range, long PageOffset)
{
    /// <summary>
    /// Gives a VMA its new bounds, and at the same time a second one that gives way or grows; then removes those that were
    /// swallowed.
    /// </summary>
    internal static void Commit(
        TaskStruct current, in VmaBounds bounds, VmaBounds? adjust = null, params ReadOnlySpan<VmArea?> removed)
    {
        using (current.LockIMmap(bounds.Vma.File?.Mapping, write: true))
        using (AnonVmas.Lock(current, bounds.Vma, adjust?.Vma))
            Change(current, bounds, adjust, removed);

        if (current.Rules.Does(LinuxStep.MergeRemovesLast))
            Release(current, removed);
    }

    private static void Change(TaskStruct current, in VmaBounds bounds, VmaBounds? adjust, ReadOnlySpan<VmArea?> removed)
    {
        bool update = current.Rules.Does(LinuxStep.ChangeOfBoundsUpdatesTrees);
        foreach (VmArea? vma in removed)
            vma?.Mm.Remove(vma);

        if (update)
        {
            Prepare(bounds.Vma);
            Prepare(adjust?.Vma);
        }

        bounds.Set();
        adjust?.Set();
        if (current.Rules.Skips(LinuxStep.MergeRemovesLast))
            Release(current, removed);

        if (update)
        {
            InsertFile(current, adjust?.Vma);
            InsertFile(current, bounds.Vma);
            AnonVmas.PostUpdate(bounds.Vma);
            if (adjust is { } adjusted)
                AnonVmas.PostUpdate(adjusted.Vma);
        }
    }

    /// <summary><c>__split_vma</c>: makes two VMAs of one; the new one is the lower or the upper part.</summary>
    /// <returns>False if an allocation failed; the VMA is as it was.</returns>
    internal static bool Split(TaskStruct current, VmArea vma, VirtualPage at, bool newBelow)
    {
        if (!AllocateVma(current))
            return false;

        Rules rules = current.Rules;
        var lower = new VmaBounds(vma, vma.Range with { End = at }, vma.PageOffset);
        var upper = new VmaBounds(vma, vma.Range with { Start = at }, rules.PageOffsetAfterSplit(vma, at));
        (VmaBounds split, VmaBounds kept) = newBelow ? (lower, upper) : (upper, lower);
        long anonPageOffset = vma.AnonPageOffset + (split.PageOffset - vma.PageOffset);
        var part = new VmArea(vma.Mm, split.Range, split.PageOffset, vma.Flags, vma.File, vma.Policy, anonPageOffset);
        bool clonesFirst = rules.Does(LinuxStep.SplitClonesBeforeBounds);
        if (clonesFirst && !CloneAnonVmas(current, part, vma))
            return false;

        if (rules.SplitOpensFile(part))
            Opened(part);

        LinkFile(current, part);
        Commit(current, kept);
        if (!clonesFirst && !CloneAnonVmas(current, part, vma))
            return false;

        vma.Mm.Insert(part);
        return true;
    }

    private static bool CloneAnonVmas(TaskStruct current, VmArea part, VmArea vma) =>
        current.Rules.Skips(LinuxStep.SplitClonesAnonVmas) || AnonVmas.Clone(current, part, vma);

    /// <summary><c>vm_area_alloc</c>, <c>vm_area_dup</c>, and with it <c>vma_iter_prealloc</c>: there is room for it in the tree.</summary>
    internal static bool AllocateVma(TaskStruct current) => !current.ShouldFail() && !current.ShouldFail();

    /// <summary><c>vm_ops->open</c> and the reference to the file that every VMA holds.</summary>
    internal static void Opened(VmArea vma) => vma.File?.Mapping.Attached += 1;

    /// <summary><c>__vma_link_file</c>: into the file's <c>i_mmap</c>.</summary>
    internal static void LinkFile(TaskStruct current, VmArea vma)
    {
        using (current.LockIMmap(vma.File?.Mapping, write: true))
            InsertFile(current, vma);
    }

    private static void InsertFile(TaskStruct current, VmArea? vma) => vma?.File?.Mapping.Link(vma, current.Rules.IMmapStart(vma));

    /// <summary><c>unlink_file_vma</c>.</summary>
    internal static void UnlinkFile(TaskStruct current, VmArea vma)
    {
        using (current.LockIMmap(vma.File?.Mapping, write: true))
            vma.File?.Mapping.Unlink(vma);
    }

    /// <summary><c>vma_close</c>, <c>fput</c>: the VMA is gone.</summary>
    internal static void Closed(TaskStruct current, VmArea vma)
    {
        if (vma.File is not null)
        {
            vma.File.Mapping.Attached--;
            Truncation.EvictIfUnused(current, vma.File.Mapping);
        }
    }

    private static void Prepare(VmArea? vma)
    {
        if (vma is not null)
        {
            AnonVmas.PreUpdate(vma);
            vma.File?.Mapping.Unlink(vma);
        }
    }

    /// <summary><c>vma_add_pgoff</c>, <c>vma_sub_pgoff</c>: both page offsets go the same way.</summary>
    private void Set()
    {
        Vma.Range = Range;
        Vma.AnonPageOffset += PageOffset - Vma.PageOffset;
        Vma.PageOffset = PageOffset;
    }

    private static void Release(TaskStruct current, ReadOnlySpan<VmArea?> removed)
    {
        foreach (VmArea? vma in removed)
        {
            if (vma is null)
                continue;

            if (current.Rules.Does(LinuxStep.MergeUnlinksRemovedFile))
                UnlinkFile(current, vma);

            if (current.Rules.Does(LinuxStep.MergeUnlinksRemovedAnonVmas))
                AnonVmas.Unlink(current, vma);

            if (current.Rules.Does(LinuxStep.MergeClosesRemoved))
                Closed(current, vma);

            vma.IsDetached = true;
        }
    }
}
