namespace Rmap.Model;

public partial class Rules
{
    /// <summary><c>vma_start_pgoff</c>: the key under which a VMA stands in <c>i_mmap</c>; it ends a VMA's length later.</summary>
    public virtual long IMmapStart(VmArea vma) => vma.PageOffset;

    /// <summary>
    /// <c>do_mmap</c>: what the mode of the opening leaves of the flags that a shared mapping asks for. Without FMODE_WRITE it is
    /// never writable: VM_MAYWRITE goes, so that mprotect cannot add VM_WRITE later, and VM_SHARED with it.
    /// </summary>
    public virtual VmFlags SharedFlagsForOpening(VmFlags flags, OpenFile file) =>
        file.IsReadOnly ? flags & ~(VmFlags.MayWrite | VmFlags.Shared) : flags;

    /// <summary><c>vma_is_shared_maywrite</c>: whether MADV_REMOVE may punch a hole through this VMA, else EACCES.</summary>
    public virtual bool MayRemoveThrough(VmArea vma) =>
        (vma.Flags & (VmFlags.Shared | VmFlags.MayWrite)) == (VmFlags.Shared | VmFlags.MayWrite);

    /// <summary>
    /// <c>vma_is_anonymous</c>, as <c>do_pte_missing</c> asks it: whether a missing page is new anonymous memory, or comes from a
    /// file.
    /// </summary>
    public virtual bool MissingPageIsAnonymous(VmArea vma) => vma.IsAnonymous;
}
