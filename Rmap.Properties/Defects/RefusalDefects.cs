namespace Rmap.Properties.Defects;

// Mistakes made up about what is sealed, denied or locked beforehand, and about flags that only keep VMAs apart.

/// <summary>mseal sets its flag, and nothing asks for it.</summary>
public sealed class M83SealStopsNothing() : Defect("M83", "munmap, mprotect and mremap do not ask for a seal")
{
    public override bool MayModify(VmArea vma) => true;
}

/// <summary>A seal keeps VMAs where they are, but not the contents of memory that nobody may write to.</summary>
public sealed class M84AdviceTakesSealed() : Defect("M84", "MADV_DONTNEED takes what is sealed and read-only")
{
    public override bool MayAdvise(VmArea vma, Advice advice) => true;
}

/// <summary>A seal keeps all advice away, also such as changes no contents.</summary>
public sealed class M85SealStopsAllAdvice() : Defect("M85", "a seal keeps from advice that takes nothing")
{
    public override bool MayAdvise(VmArea vma, Advice advice) => MayModify(vma) || !vma.IsAnonymous || vma.Has(VmFlags.Write);
}

/// <summary>PR_SET_MDWE refuses memory that is both writable and executable, but not what was writable and becomes executable.</summary>
public sealed class M86MdweLetsGainExec() : Defect("M86", "PR_SET_MDWE lets mprotect add PROT_EXEC")
{
    public override bool MayHaveAccess(Mdwe mdwe, VmFlags old, VmFlags flags) =>
        mdwe == Mdwe.None || (flags & (VmFlags.Exec | VmFlags.Write)) != (VmFlags.Exec | VmFlags.Write);
}

/// <summary>What the parent will map is locked by its mlockall; the child never asked for that.</summary>
public sealed class M87ForkKeepsMclFuture() : Defect("M87", "fork keeps MCL_FUTURE")
{
    public override VmFlags ForkedDefFlags(Mm parent) => parent.DefFlags;
}

/// <summary>VMAs merge of which only one is to be left out of a core dump.</summary>
public sealed class M89MergeIgnoresDontDump() : Defect("M89", "a merge ignores MADV_DONTDUMP")
{
    public override bool FlagsMayMerge(VmFlags proposed, VmFlags target) => ((proposed ^ target) & ~VmFlags.DontDump) == 0;
}

/// <summary>An mprotect that names no protection key takes the one that memory has.</summary>
public sealed class M90MprotectForgetsPkey() : Defect("M90", "mprotect forgets the protection key")
{
    public override VmFlags PkeyAfterMprotect(VmArea vma, Protection protection) => VmFlags.None;
}
