namespace Rmap.Model;

public partial class Rules
{
    /// <summary><c>do_mprotect_pkey</c>: no access beyond VM_MAYREAD, VM_MAYWRITE and VM_MAYEXEC.</summary>
    public virtual bool MprotectMayGrant(VmArea vma, Protection protection) =>
        (((int)protection * (int)VmFlags.MayRead) & ~(int)vma.Flags) == 0;

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
