namespace Rmap.Model;

public partial class Rules
{
    /// <summary><c>do_mprotect_pkey</c>: no access beyond VM_MAYREAD, VM_MAYWRITE and VM_MAYEXEC.</summary>
    public virtual bool MprotectMayGrant(VmArea vma, Protection protection) =>
        (((int)protection * (int)VmFlags.MayRead) & ~(int)vma.Flags) == 0;

    /// <summary>
    /// <c>map_deny_write_exec</c>: whether memory may get this access in spite of PR_SET_MDWE: what may be executed must not be writable,
    /// and must have been executable before. A new mapping was as it is.
    /// </summary>
    public virtual bool MayHaveAccess(Mdwe mdwe, VmFlags old, VmFlags flags) =>
        mdwe == Mdwe.None || (flags & VmFlags.Exec) == 0 || ((flags & VmFlags.Write) == 0 && (old & VmFlags.Exec) != 0);

    /// <summary>
    /// <c>arch_override_mprotect_pkey</c>: the protection key of a VMA after an mprotect that says none. What may only be executed gets
    /// Linux's own; it is told as none, as all memory of that access has it.
    /// </summary>
    public virtual VmFlags PkeyAfterMprotect(VmArea vma, Protection protection) =>
        protection == Protection.Exec ? VmFlags.None : vma.Flags & VmFlags.Pkey;

    /// <summary><c>prctl_set_mdwe</c>: whether there is PR_SET_MDWE, since 6.3, and its PR_MDWE_NO_INHERIT, since 6.7.</summary>
    public virtual bool HasMdwe => Since(6, 7);

    /// <summary>
    /// <c>mprotect_fixup</c>: private memory that becomes writable is accounted for; anonymous memory that was never written and
    /// becomes read-only is not any more.
    /// </summary>
    /// <param name="vma">The VMA as it is.</param>
    /// <param name="flags">The flags that it is to have.</param>
    public virtual VmFlags AccountAfterMprotect(VmArea vma, VmFlags flags)
    {
        if ((flags & VmFlags.Write) != 0)
            return vma.Has(VmFlags.Account | VmFlags.Write | VmFlags.Shared | VmFlags.NoReserve) ? flags : flags | VmFlags.Account;

        return vma.IsAnonymous && vma.AnonVma is null ? flags & ~VmFlags.Account : flags;
    }

    /// <summary>
    /// <c>can_change_pte_writable</c>, <c>vm_page_prot</c>: whether mprotect may set the write bit at once: a shared mapping whose
    /// first write nobody wants to know of, or that was written already; a private one only if the page is exclusive.
    /// </summary>
    public virtual bool MprotectMayMakeWritable(VmArea vma, Pte pte)
    {
        if (!vma.Has(VmFlags.Write))
            return false;

        if (vma.Has(VmFlags.Shared))
            return !WantsWriteNotify(vma) || pte.IsDirty;

        return pte.Page.IsAnon && pte.Page.IsAnonExclusive;
    }
}
