namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>do_mmap</c>: what the mode of the opening leaves of the flags that a shared mapping asks for. Without FMODE_WRITE it is
    /// never writable: VM_MAYWRITE goes, so that mprotect cannot add VM_WRITE later, and VM_SHARED with it.
    /// </summary>
    public virtual VmFlags SharedFlagsForOpening(VmFlags flags, OpenFile file) =>
        file.IsReadOnly ? flags & ~(VmFlags.MayWrite | VmFlags.Shared) : flags;

    /// <summary><c>mm_init</c>: the <c>def_flags</c> of a child; MCL_FUTURE is not inherited (<c>VM_INIT_DEF_MASK</c>).</summary>
    public virtual VmFlags ForkedDefFlags(Mm parent) => VmFlags.None;

    /// <summary><c>dup_mmap</c>: the flags of the child's VMA; a lock is not inherited.</summary>
    public virtual VmFlags ForkedFlags(VmArea parent) => parent.Flags & ~(VmFlags.LockedMask | VmFlags.UffdMissing);
}
