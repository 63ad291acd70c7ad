namespace Rmap.Model;

public partial class Rules
{
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

    /// <summary><c>vma_expandable</c>: whether mremap may let a VMA grow where it is: nothing lies in the way.</summary>
    /// <param name="vma">The VMA.</param>
    /// <param name="growth">The pages behind it that it would get.</param>
    public virtual bool MayExpand(VmArea vma, PageRange growth) => vma.Mm.Intersecting(growth) is null;

    /// <summary>
    /// <c>copy_vma</c>, <c>move_ptes</c>: whether entries move under the locks of the rmap, because a walk that has come by the copy might
    /// miss them there and at the source: the copy has become part of a VMA whose page offset is not behind the source's.
    /// </summary>
    public virtual bool MoveTakesRmapLocks(VmArea source, VmArea copy, bool hasMerged) => hasMerged && copy.PageOffset <= source.PageOffset;

    /// <summary><c>move_ptes</c>: whether an entry goes to the new place. Any that is not none.</summary>
    public virtual bool MoveTakes(Pte pte) => !pte.IsNone;

    /// <summary><c>dontunmap_complete</c>: the flags of a VMA that MREMAP_DONTUNMAP has emptied.</summary>
    public virtual VmFlags FlagsOfKeptSource(VmArea source) => source.Flags & ~VmFlags.LockedMask;

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

    /// <summary><c>dontunmap_complete</c>: whether an emptied VMA that stays behind gets the page offset of its own address.</summary>
    public virtual bool DontUnmapResetsPageOffset => Since(7, 2, Fix.DontUnmapKeepsPageOffset);
}
