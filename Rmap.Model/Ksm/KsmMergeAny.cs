namespace Rmap.Model.Ksm;

/// <summary>
/// Process-wide KSM (<c>prctl(PR_SET_MEMORY_MERGE)</c>, MMF_VM_MERGE_ANY; <c>mm/ksm.c</c>, 6.18): every private mapping of an mm is
/// VM_MERGEABLE from its beginning. Left out: huge pages.
/// </summary>
internal static class KsmMergeAny
{
    /// <summary>
    /// <c>ksm_enable_merge_any</c>, <c>ksm_disable_merge_any</c>: changes the flags of all VMAs as they are; none of them is merged
    /// with its neighbour.
    /// </summary>
    internal static Outcome Execute(TaskStruct current, Operation.MemoryMerge merge)
    {
        (Mm mm, bool on) = (current.Mm, merge.On);
        if (!current.Rules.HasMemoryMerge)
            return Errno.EINVAL;

        if (mm.IsMergeAny == on)
            return Errno.None;

        if (on ? !Ksmd.TryEnter(current, mm) : !Disable(current, mm))
            return Errno.ENOMEM;

        mm.IsMergeAny = on;
        if (on)
            AddVmas(mm);

        return Errno.None;
    }

    /// <summary><c>ksm_vma_flags</c>: the flags of a new mapping. ksmd may have unregistered the mm that had nothing to merge.</summary>
    internal static VmFlags FlagsOfNew(TaskStruct current, Mm mm, VmFlags flags)
    {
        if (!mm.IsMergeAny)
            return flags;

        if (current.Rules.MergeAnyRegistersFor(flags))
            Ksmd.Enter(current, mm);

        return flags.IsKsmCompatible() ? flags | VmFlags.Mergeable : flags;
    }

    /// <summary><c>mmf_init_legacy_flags</c>: a new mm has the setting of the one that its process has, or had before exec.</summary>
    internal static void Inherit(TaskStruct current, Mm from, Mm to) =>
        to.IsMergeAny = from.IsMergeAny && current.Rules.Does(LinuxStep.MergeAnyIsInherited);

    /// <summary><c>ksm_execve</c>: the new mm is registered before the old one goes.</summary>
    internal static void Exec(TaskStruct current, Mm old, Mm created)
    {
        Inherit(current, old, created);
        if (created.IsMergeAny)
            Ksmd.Enter(current, created);
    }

    /// <summary><c>ksm_add_vmas</c>.</summary>
    private static void AddVmas(Mm mm)
    {
        foreach (VmArea vma in mm.Vmas)
        {
            if (vma.Flags.IsKsmCompatible())
                vma.Flags |= VmFlags.Mergeable;
        }
    }

    /// <summary><c>ksm_del_vmas</c>. If a page cannot be copied for lack of memory, all VMAs are mergeable again.</summary>
    private static bool Disable(TaskStruct current, Mm mm)
    {
        foreach (VmArea vma in mm.Vmas)
        {
            if (!Ksmd.Unmerge(current, vma, vma.Range))
            {
                AddVmas(mm);
                return false;
            }

            vma.Flags = current.Rules.FlagsAfterUnmergeable(vma);
        }

        return true;
    }
}
