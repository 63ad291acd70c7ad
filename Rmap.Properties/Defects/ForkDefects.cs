namespace Rmap.Properties.Defects;

/// <summary>
/// 2022, CVE-2022-42703, fixed by 2555283eb40d; 3.19 to 6.0-rc4. One counter mixed the AVs forked from an AV with the VMAs whose own it
/// is, so "1" could be a living VMA instead of a last child. A fork child took over the AV of a stranger, two VMAs had the same AV with
/// different chains, and a merge of the two left pages whose AV knows no VMA.
/// </summary>
public sealed class A01AvDegreeDoubleReuse() : Defect("A01", "an AV is taken over while a VMA still has it", shortest: 11)
{
    public override bool ForkMayReuse(AnonVma anonVma, VmArea parent) =>
        anonVma != parent.AnonVma && anonVma.NumChildren + anonVma.NumActiveVmas < 2;
}

/// <summary>
/// 2015, fixed by 7a3ef208e662; 2.6.34 to 3.18. Every fork made a new AV and linked the child to all its ancestors', gone or not. A
/// daemon that forks and lets the parent exit grew without limit.
/// </summary>
public sealed class A04AnonVmaEndlessGrowth() : Defect("A04", "an AV is never taken over")
{
    public override string OnlyCosts => "chains grow with every generation of forks";

    public override bool ForkMayReuse(AnonVma anonVma, VmArea parent) => false;
}

/// <summary>
/// 2010, fixed by d0e9fe1758f2; 2.6.34-rc. The first fault borrowed the AV of a neighbour that had inherited others. The two then had the
/// same AV and different chains, and a merge could drop the longer one.
/// </summary>
public sealed class A09PrepareReusesMultichainNeighbour() : Defect("A09", "a fork child lends its AV to a neighbour")
{
    public override bool ReusableAnonVma(VmArea lender, VmArea lower, VmArea upper) =>
        AnonVmaCompatible(lower, upper) && lender.AnonVma is not null;
}

/// <summary>
/// 2009, fixed by 570a335b8e22. The count of a swap slot stuck at its largest value, so later forks were not counted. As the children
/// exited, the slot was freed while entries still named it. Here the largest value is 3.
/// </summary>
public sealed class A53SwapCountOverflow() : Defect("A53", "the count of a swap slot ends at 3")
{
    public override bool ForkCountsSwapEntry(SwapSlot slot) => slot.Count < 3;
}

/// <summary>A neighbour's AV is borrowed although its flags or its page offset would keep the two from ever merging.</summary>
public sealed class M16PrepareReusesUnlikeNeighbour() : Defect("M16", "any neighbour lends its AV")
{
    public override string OnlyCosts => "strangers share an AV and its walks";

    public override bool AnonVmaCompatible(VmArea lower, VmArea upper) => true;
}

/// <summary>A fork child is not linked to the AVs of its ancestors, so the pages that it shares with them are not found there.</summary>
public sealed class M18ForkForgetsAncestors() : Defect("M18", "a fork child is not linked to its ancestors' AVs")
{
    public override bool CloneLinks(AnonVma anonVma, VmArea target, VmArea source) => target.Mm == source.Mm;
}

/// <summary>A fork child uses its parent's AV as its own: safe, but every walk visits both for ever.</summary>
public sealed class M19ForkSharesParentsAnonVma() : Defect("M19", "a fork child takes its parent's AV")
{
    public override string OnlyCosts => "longer walks: each visits parent and child for ever";

    public override bool ForkMayReuse(AnonVma anonVma, VmArea parent) => anonVma == parent.AnonVma;
}

/// <summary>A chain is copied from its head, so that the copy is the other way round and the root is not freed last.</summary>
public sealed class M21CloneWalksNewestFirst() : Defect("M21", "a chain is copied the wrong way round")
{
    public override bool CloneWalksChainFromHead => true;
}

/// <summary>An AV is taken over although VMAs have it, if only few were forked from it.</summary>
public sealed class M22ReuseWhileActive() : Defect("M22", "an AV is taken over whoever has it")
{
    public override bool ForkMayReuse(AnonVma anonVma, VmArea parent) => anonVma != parent.AnonVma && anonVma.NumChildren < 2;
}

/// <summary>An AV is taken over although two others still descend from it.</summary>
public sealed class M23ReuseWithTwoChildren() : Defect("M23", "an AV with two children is taken over")
{
    public override bool ForkMayReuse(AnonVma anonVma, VmArea parent) => anonVma.NumChildren < 3 && anonVma.NumActiveVmas == 0;
}

/// <summary>The child's swap entry does not count, so the slot goes when the parent has read it.</summary>
public sealed class M29ForkForgetsSwapCount() : Defect("M29", "fork does not count swap entries")
{
    public override bool ForkCountsSwapEntry(SwapSlot slot) => false;
}

/// <summary>A lock is inherited by the child, which never asked for it.</summary>
public sealed class M31ForkKeepsLock() : Defect("M31", "fork keeps VM_LOCKED")
{
    public override VmFlags ForkedFlags(VmArea parent) => parent.Flags & ~VmFlags.UffdMissing;
}
