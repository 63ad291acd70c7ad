using Rmap.Model.Memory;
using Rmap.Model.Rmap;

namespace Rmap.Model.Space;

/// <summary>
/// Changing the bounds of VMAs (<c>vma_prepare</c>, <c>vma_complete</c>, <c>commit_merge</c>, <c>__split_vma</c> of <c>mm/vma.c</c>,
/// 6.18): they leave every interval tree, are changed, and come back. Page-table entries stay as they are.
/// </summary>
internal static class VmaBounds
{
    /// <summary>
    /// Gives a VMA its new bounds, and at the same time a second one that gives way or grows; then removes those that were
    /// swallowed.
    /// </summary>
    internal static void Commit(
        TaskStruct current, VmArea vma, PageRange range, long pageOffset,
        VmArea? adjust = null, PageRange adjustRange = default, long adjustPageOffset = 0,
        VmArea? remove = null, VmArea? remove2 = null)
    {
        Mm mm = vma.Mm;
        bool update = current.Rules.Does(LinuxStep.ChangeOfBoundsUpdatesTrees);
        bool removesLast = current.Rules.Does(LinuxStep.MergeRemovesLast);
        Detach(remove);
        Detach(remove2);
        if (update)
        {
            Prepare(vma);
            Prepare(adjust);
        }

        SetRange(vma, range, pageOffset);
        if (adjust is not null)
            SetRange(adjust, adjustRange, adjustPageOffset);

        if (!removesLast)
        {
            Release(current, remove);
            Release(current, remove2);
        }

        if (update)
        {
            LinkFile(current, adjust);
            LinkFile(current, vma);
            AnonVmas.PostUpdate(vma);
            if (adjust is not null)
                AnonVmas.PostUpdate(adjust);
        }

        if (removesLast)
        {
            Release(current, remove);
            Release(current, remove2);
        }
    }

    /// <summary><c>__split_vma</c>: makes two VMAs of one; the new one is the lower or the upper part.</summary>
    /// <returns>False if an allocation failed; the VMA is as it was.</returns>
    internal static bool Split(TaskStruct current, VmArea vma, VirtualPage at, bool newBelow)
    {
        Mm mm = vma.Mm;
        if (!AllocateVma(current, mm))
            return false;

        Rules rules = current.Rules;
        long upperOffset = rules.PageOffsetAfterSplit(vma, at);
        var lower = new PageRange(vma.Start, at);
        var upper = new PageRange(at, vma.End);
        VmArea part = newBelow
            ? new VmArea(mm, lower, vma.PageOffset, vma.Flags, vma.File) { Policy = vma.Policy }
            : new VmArea(mm, upper, upperOffset, vma.Flags, vma.File) { Policy = vma.Policy };
        bool clonesFirst = rules.Does(LinuxStep.SplitClonesBeforeBounds);
        if (clonesFirst && !CloneAnonVmas(current, part, vma))
            return false;

        if (rules.SplitOpensFile(part))
            Opened(part);

        LinkFile(current, part);
        Commit(current, vma, newBelow ? upper : lower, newBelow ? upperOffset : vma.PageOffset);
        if (!clonesFirst && !CloneAnonVmas(current, part, vma))
            return false;

        mm.Insert(part);
        return true;
    }

    private static bool CloneAnonVmas(TaskStruct current, VmArea part, VmArea vma) =>
        current.Rules.Skips(LinuxStep.SplitClonesAnonVmas) || AnonVmas.Clone(current, part, vma);

    /// <summary><c>vm_area_alloc</c>, <c>vm_area_dup</c>, and with it <c>vma_iter_prealloc</c>: there is room for it in the tree.</summary>
    internal static bool AllocateVma(TaskStruct current, Mm mm) => !current.ShouldFail() && !current.ShouldFail();

    /// <summary><c>vm_ops->open</c> and the reference to the file that every VMA holds.</summary>
    internal static void Opened(VmArea vma)
    {
        if (vma.File is not null)
            vma.File.Mapping.Attached++;
    }

    /// <summary><c>__vma_link_file</c>: into the file's <c>i_mmap</c>.</summary>
    internal static void LinkFile(TaskStruct current, VmArea? vma) => vma?.File?.Mapping.Link(vma, current.Rules.IMmapStart(vma));

    /// <summary><c>unlink_file_vma</c>.</summary>
    internal static void UnlinkFile(VmArea vma) => vma.File?.Mapping.Unlink(vma);

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
            UnlinkFile(vma);
        }
    }

    private static void SetRange(VmArea vma, PageRange range, long pageOffset)
    {
        vma.Range = range;
        vma.PageOffset = pageOffset;
    }

    private static void Detach(VmArea? vma) => vma?.Mm.Remove(vma);

    private static void Release(TaskStruct current, VmArea? vma)
    {
        if (vma is null)
            return;

        if (current.Rules.Does(LinuxStep.MergeUnlinksRemovedFile))
            UnlinkFile(vma);

        if (current.Rules.Does(LinuxStep.MergeUnlinksRemovedAnonVmas))
            AnonVmas.Unlink(current, vma);

        if (current.Rules.Does(LinuxStep.MergeClosesRemoved))
            Closed(current, vma);
    }
}
