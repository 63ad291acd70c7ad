namespace Rmap.Properties.Defects;

/// <summary>
/// A merge hands over the chain although the target has it already: <c>dup_anon_vma</c> without its test of <c>dst->anon_vma</c>. The VMA
/// stands twice in every tree, and one of the two stays when it goes. First seen by link.
/// </summary>
public sealed class N12MergeLinksTwice() : Defect("N12", "a merge links a VMA again to AVs that know it")
{
    public override bool MergeTakesOverAnonVma(VmArea target, VmArea source) =>
        source.AnonVma is not null && (target.AnonVma is null || target.AnonVma == source.AnonVma);
}

/// <summary>
/// VMAs of different fork trees merge, and the one that grows is linked to the AVs of both: what a patch to <c>is_mergeable_anon_vma</c>
/// would do that thinks of reachability only. Its chain has two roots, and so two locks. First seen by one-root.
/// </summary>
public sealed class N13MergeJoinsTrees() : Defect("N13", "a merge links a VMA to the AVs of both")
{
    public override bool AnonVmasMayMerge(in VmaMergeStruct vmg, VmArea target) =>
        HaveTwoRoots(vmg.AnonVma, target.AnonVma) || base.AnonVmasMayMerge(vmg, target);

    public override bool NeighboursMayMerge(VmArea previous, VmArea next) =>
        HaveTwoRoots(previous.AnonVma, next.AnonVma) || base.NeighboursMayMerge(previous, next);

    public override bool MergeTakesOverAnonVma(VmArea target, VmArea source) =>
        HaveTwoRoots(target.AnonVma, source.AnonVma) || base.MergeTakesOverAnonVma(target, source);

    private static bool HaveTwoRoots(AnonVma? one, AnonVma? other) => one is not null && other is not null && one.Root != other.Root;
}

/// <summary>
/// A fork child is linked to the root and to its parent's AV, and not to those between: <c>anon_vma_fork</c> as a short cut for deep trees.
/// Pages of a grandparent are not found in it. First seen by ancestors.
/// </summary>
public sealed class N14ForkSkipsGrandparents() : Defect("N14", "a fork child is linked to root and parent only")
{
    public override bool CloneLinks(AnonVma anonVma, VmArea target, VmArea source) =>
        target.Mm == source.Mm || anonVma.Root == anonVma || anonVma == source.AnonVma;
}

/// <summary>
/// The second pass of <c>unlink_anon_vmas</c> forgets to put the root, if the first has emptied it. It is never freed. First seen by
/// av-leak: of another AV that is left, the count of its root would tell before.
/// </summary>
public sealed class N17UnlinkLeaksAnonVma() : Defect("N17", "a root without VMAs is not freed")
{
    public override bool UnlinkPutsEmptied(AnonVma anonVma) => anonVma.Root != anonVma;
}

/// <summary>
/// UFFDIO_MOVE, which holds the lock of the source's root only, gives a page the AV of its new place only in the same fork tree
/// (<c>folio_move_anon_rmap</c> in <c>move_present_ptes</c>). Elsewhere no walk comes to it. First seen by anon-root.
/// </summary>
public sealed class N32UffdMoveStaysInTree() : Defect("N32", "UFFDIO_MOVE keeps the AV of another fork tree")
{
    public override AnonVma? AnonVmaAfterUffdMove(Page page, VmArea vma) =>
        page.Mapping is AnonVma anonVma && anonVma.Root != vma.AnonVma!.Root ? anonVma : vma.AnonVma;
}
