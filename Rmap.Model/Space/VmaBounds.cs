using Rmap.Model.Calls;
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
        VmArea vma, PageRange range, long pageOffset,
        VmArea? adjust = null, PageRange adjustRange = default, long adjustPageOffset = 0,
        VmArea? remove = null, VmArea? remove2 = null)
    {
        Mm mm = vma.Mm;
        bool update = mm.Machine.Rules.ChangeOfBoundsUpdatesTrees;
        Detach(remove);
        Detach(remove2);
        if (update)
        {
            Prepare(vma);
            Prepare(adjust);
        }

        SetRange(vma, range, pageOffset);
        if (adjust is not null)
        {
            SetRange(adjust, adjustRange, adjustPageOffset);
        }

        if (update)
        {
            LinkFile(adjust);
            LinkFile(vma);
            AnonVmas.PostUpdate(vma);
            if (adjust is not null)
            {
                AnonVmas.PostUpdate(adjust);
            }
        }

        Release(remove);
        Release(remove2);
    }

    /// <summary><c>__split_vma</c>: makes two VMAs of one; the new one is the lower or the upper part.</summary>
    /// <returns>False if an allocation failed; the VMA is as it was.</returns>
    internal static bool Split(VmArea vma, VirtualPage at, bool newBelow)
    {
        Mm mm = vma.Mm;
        if (!AllocateVma(mm))
        {
            return false;
        }

        Rules rules = mm.Machine.Rules;
        long upperOffset = rules.PageOffsetAfterSplit(vma, at);
        var lower = new PageRange(vma.Start, at);
        var upper = new PageRange(at, vma.End);
        VmArea part = newBelow
            ? new VmArea(mm, lower, vma.PageOffset, vma.Flags, vma.File) { Policy = vma.Policy }
            : new VmArea(mm, upper, upperOffset, vma.Flags, vma.File) { Policy = vma.Policy };
        if (rules.SplitClonesAnonVmas && !mm.Machine.AnonVmas.Clone(part, vma))
        {
            return false;
        }

        if (rules.SplitOpensFile(part))
        {
            Opened(part);
        }

        LinkFile(part);
        Commit(vma, newBelow ? upper : lower, newBelow ? upperOffset : vma.PageOffset);
        mm.Insert(part);
        return true;
    }

    /// <summary><c>vm_area_alloc</c>, <c>vm_area_dup</c>, and with it <c>vma_iter_prealloc</c>: there is room for it in the tree.</summary>
    internal static bool AllocateVma(Mm mm) => !mm.Machine.Faults.ShouldFail() && !mm.Machine.Faults.ShouldFail();

    /// <summary><c>vm_ops->open</c> and the reference to the file that every VMA holds.</summary>
    internal static void Opened(VmArea vma)
    {
        if (vma.File is not null)
        {
            FileTable.Opened(vma);
        }
    }

    /// <summary><c>__vma_link_file</c>: into the file's <c>i_mmap</c>.</summary>
    internal static void LinkFile(VmArea? vma) => vma?.File?.Mapping.Link(vma);


    /// <summary><c>unlink_file_vma</c>.</summary>
    internal static void UnlinkFile(VmArea vma) => vma.File?.Mapping.Unlink(vma);

    /// <summary><c>vma_close</c>, <c>fput</c>: the VMA is gone.</summary>
    internal static void Closed(VmArea vma)
    {
        if (vma.File is not null)
        {
            vma.Mm.Machine.Files.Closed(vma);
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

    private static void Release(VmArea? vma)
    {
        if (vma is not null)
        {
            UnlinkFile(vma);
            vma.Mm.Machine.AnonVmas.Unlink(vma);
            Closed(vma);
        }
    }
}
