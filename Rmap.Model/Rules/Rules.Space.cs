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
        {
            return vma.Has(VmFlags.Account | VmFlags.Write | VmFlags.Shared | VmFlags.NoReserve) ? flags : flags | VmFlags.Account;
        }

        return vma.IsAnonymous && vma.AnonVma is null ? flags & ~VmFlags.Account : flags;
    }

    /// <summary><c>pte_modify</c>: the bits that mprotect sets in every entry: User-Mode Linux makes them young.</summary>
    public virtual PteBits MprotectSets(MachineOptions options) => options.UserModeLinux ? PteBits.Young : PteBits.None;

    /// <summary>
    /// <c>can_change_pte_writable</c>, <c>vm_page_prot</c>: whether mprotect may set the write bit at once: a shared mapping whose
    /// first write nobody wants to know of, or that was written already; a private one only if the page is exclusive.
    /// </summary>
    public virtual bool MprotectMayMakeWritable(VmArea vma, Pte pte)
    {
        if (!vma.Has(VmFlags.Write))
        {
            return false;
        }

        if (vma.Has(VmFlags.Shared))
        {
            return !WantsWriteNotify(vma) || pte.IsDirty;
        }

        return pte.Page.IsAnon && pte.Page.IsAnonExclusive;
    }

    /// <summary>
    /// <c>vma_wants_writenotify</c>: the file system wants to know of the first write through a shared mapping, so pages are mapped
    /// read-only until then. ext4 does, shmem does not.
    /// </summary>
    public virtual bool WantsWriteNotify(VmArea vma) => vma.File is { HasPageMkwrite: true };

    /// <summary>
    /// Which entries <c>fork</c> copies: those of a VMA with an AV (<c>vma_needs_copy</c>); the rest can be faulted in again.
    /// </summary>
    public virtual bool ForkCopiesPageTables(VmArea parent) => parent.AnonVma is not null;

    /// <summary><c>dup_mmap</c>: the flags of the child's VMA; a lock is not inherited.</summary>
    public virtual VmFlags ForkedFlags(VmArea parent) => parent.Flags & ~(VmFlags.LockedMask | VmFlags.UffdMissing);

    /// <summary><c>copy_nonpresent_pte</c>, <c>swap_duplicate</c>: the child's swap entry counts, however many there are.</summary>
    public virtual bool ForkCountsSwapEntry(SwapSlot slot) => true;

    /// <summary><c>copy_vma</c>: the page offset at the new place: the old one, so that pages keep their index; anonymous memory that
    /// was never written starts anew.</summary>
    /// <param name="source">The VMA that is copied.</param>
    /// <param name="from">The first page that moves.</param>
    /// <param name="to">Where it goes.</param>
    public virtual long PageOffsetOfCopy(VmArea source, VirtualPage from, VirtualPage to) =>
        source.IsAnonymous && source.AnonVma is null ? to.Number : source.LinearPageIndex(from);

    /// <summary><c>copy_vma</c>: whether a copy that leaves its source in place (MREMAP_DONTUNMAP) may merge with that source.</summary>
    public virtual bool CopyMayMergeWithKeptSource => !Since(7, 2, Fix.DontUnmapMergesWithSource);

    /// <summary>
    /// <c>prep_move_vma</c>: whether MREMAP_DONTUNMAP splits a VM_LOCKED VMA first, so that only the part that is emptied is unlocked.
    /// </summary>
    public virtual bool DontUnmapSplitsLocked => Since(7, 2, Fix.DontUnmapUnlocksNeighbours);

    /// <summary>
    /// <c>vrm_stat_account</c> in <c>move_vma</c>: whether the copy that MREMAP_DONTUNMAP makes of VM_LOCKED memory is added to
    /// <c>locked_vm</c>, although the source is unlocked without being taken off. A fault of 6.17 to 6.19, seen on 6.18.44; fixed
    /// by 838bb60dc215.
    /// </summary>
    public virtual bool DontUnmapCountsLockedTwice => Since(6, 17) && !Since(7, 0);

    /// <summary>
    /// Whether <c>locked_vm</c> is what VM_LOCKED VMAs have, no more and no less. No decision, but what the decisions promise: an invariant
    /// asks.
    /// </summary>
    public virtual bool LockedVmIsExact => !DontUnmapCountsLockedTwice;

    /// <summary><c>dontunmap_complete</c>: whether an emptied VMA that stays behind gets the page offset of its own address.</summary>
    public virtual bool DontUnmapResetsPageOffset => Since(7, 2, Fix.DontUnmapKeepsPageOffset);

    /// <summary>
    /// <c>vrm_move_only</c>: whether mremap to a fixed place may move several VMAs at once if the size stays. New in 6.17.
    /// </summary>
    public virtual bool MremapMovesSeveralVmas => Since(6, 17);

    /// <summary>
    /// <c>vma_multi_allowed</c>: whether a VMA may be one of several that one mremap moves: not with userfaultfd, and not a SysV
    /// segment, which finds its place itself.
    /// </summary>
    public virtual bool MremapMayMoveWithOthers(VmArea vma) =>
        !vma.Has(VmFlags.UffdMissing) && vma.File is not { Mapping.Kind: FileKind.SysV };

    /// <summary>
    /// <c>mremap_to</c>: whether the source is checked before the target and the tail of a shrinking source are unmapped, so that a
    /// call that fails changes nothing. Since 6.17.
    /// </summary>
    public virtual bool MremapChecksSourceFirst => Since(6, 17);

    /// <summary>
    /// <c>check_mremap_params</c>: whether an mremap may begin, with the VMAs that it may need on its way. Only one with a new address is
    /// asked. On 7.2 (<c>check_map_count_against_split_early</c>) every one is, and the limit is exact: two for what is unmapped before,
    /// one for the copy, one for what is unmapped behind, and one if the source is split first.
    /// </summary>
    public virtual bool MremapHasRoom(Mm mm, MremapFlags flags, int maxMapCount) => Since(7, 2)
        ? mm.Vmas.Count + 4 + ((flags & MremapFlags.DontUnmap) != 0 ? 1 : 0) <= maxMapCount
        : (flags & (MremapFlags.Fixed | MremapFlags.DontUnmap)) == 0 || mm.Vmas.Count + 2 < maxMapCount - 3;

    /// <summary>
    /// <c>prep_move_vma</c>: whether a VMA may move, which takes another one for a while. On 7.2 (<c>check_map_count_against_split</c>) as
    /// above without what is unmapped before.
    /// </summary>
    public virtual bool MoveHasRoom(VmArea vma, MremapFlags flags, int maxMapCount) => Since(7, 2)
        ? vma.Mm.Vmas.Count + 2 + ((flags & MremapFlags.DontUnmap) != 0 && vma.Has(VmFlags.Locked) ? 1 : 0) <= maxMapCount
        : vma.Mm.Vmas.Count < maxMapCount - 3;

    /// <summary>
    /// <c>zap_pte_range</c>: whether MADV_DONTNEED frees the page tables that it empties as a whole (CONFIG_PT_RECLAIM, new in 6.14; on
    /// User-Mode Linux seen on 7.2, where it is no choice any more).
    /// </summary>
    public virtual bool DontNeedFreesTables(MachineOptions options) => Since(7, 2) || (Since(6, 14) && !options.UserModeLinux);

    /// <summary><c>vma_expandable</c>: whether mremap may let a VMA grow where it is: nothing lies in the way.</summary>
    /// <param name="vma">The VMA.</param>
    /// <param name="growth">The pages behind it that it would get.</param>
    public virtual bool MayExpand(VmArea vma, PageRange growth) => vma.Mm.Intersecting(growth) is null;

    /// <summary>
    /// <c>__split_vma</c>: whether the new part holds the file, too: <c>get_file</c>, and <c>vm_ops->open</c>, where a segment counts.
    /// </summary>
    public virtual bool SplitOpensFile(VmArea part) => true;

    /// <summary>
    /// <c>vm_get_page_prot</c>, <c>vma_set_page_prot</c>: whether stores go through a PTE that is mapped as the VMA has it: only where they
    /// reach the object behind and its file system need not be told of the first one (<c>vma_wants_writenotify</c>).
    /// </summary>
    public virtual bool IsPageProtWritable(VmArea vma) =>
        (vma.Flags & (VmFlags.Shared | VmFlags.Write)) == (VmFlags.Shared | VmFlags.Write) && vma.File is { Mapping.IsShmem: true };
}
