namespace Rmap.Properties.Defects;

/// <summary>
/// 2010 to 2014, from 9d8cebd4bcd7 to d05f0cdcbe63. mbind learnt to merge VMAs, and went on with the VMA that it had found before. The
/// merge may have freed that.
/// </summary>
public sealed class A46MbindMergeStaleVma() : Defect("A46", "mbind uses a VMA that a merge has freed")
{
    public override VmArea MbindGoesOnWith(VmArea found, VmArea modified) => found;
}

/// <summary>
/// 2010, fixed by 287d97ac0321; 2.6.34-rc. When a boundary between two VMAs moved, the chain was not copied to the one that took over
/// pages. Those pages then lay in a VMA that their AV does not know.
/// </summary>
public sealed class A08VmaAdjustForgetsChain() : Defect("A08", "a merge does not hand over the AV")
{
    public override bool MergeTakesOverAnonVma(VmArea target, VmArea source) => false;
}

/// <summary>
/// 2023, fixed by 7e7757876f25; 6.3. A range that joins only the VMA behind it moved that VMA's start, but not its page offset. Files
/// showed the wrong pages, and rmap computed wrong addresses.
/// </summary>
public sealed class A10MergeCase3PageOffset() : Defect("A10", "a VMA that grows downwards keeps its page offset")
{
    public override long PageOffsetOfExtendedNext(VmArea next, long pages) => next.PageOffset;
}

/// <summary>
/// 2011 to 2025: 965f55dea0e3 kept new VMAs away from forked chains, but asked the wrong VMA; 879bca0a2c4f put that right. For fourteen
/// years a written range and an untouched one that could have merged did not.
/// </summary>
public sealed class A36MergeRefusedAfterFork() : Defect("A36", "an untouched VMA takes over no pages")
{
    public override string OnlyCosts => "more VMAs than needed";

    public override bool AnonVmasMayMerge(in VmaMergeStruct vmg, VmArea target) =>
        ((vmg.AnonVma is null || target.AnonVma is null) && target.ChainLength == 1) || vmg.AnonVma == target.AnonVma;
}

/// <summary>
/// 2011, before 965f55dea0e3. New VMAs joined those that had inherited AVs, so walks over the pages of every ancestor grew.
/// </summary>
public sealed class A36ClonedMerge() : Defect("A36b", "fork children merge with untouched VMAs")
{
    public override string OnlyCosts => "longer walks over ancestors' pages";

    public override bool AnonVmasMayMerge(in VmaMergeStruct vmg, VmArea target) =>
        vmg.AnonVma is null || target.AnonVma is null || vmg.AnonVma == target.AnonVma;
}

/// <summary>The upper part of a split keeps the page offset of the whole.</summary>
public sealed class M03SplitKeepsPageOffset() : Defect("M03", "the upper part of a split keeps the page offset")
{
    public override long PageOffsetAfterSplit(VmArea vma, VirtualPage at) => vma.PageOffset;
}

/// <summary>Split, merge and mremap copy the pointer to the AV, and of its chain nothing else.</summary>
public sealed class M09CloneCopiesPointerOnly() : Defect("M09", "a VMA gets another's AV without the links")
{
    public override bool CloneLinks(AnonVma anonVma, VmArea target, VmArea source) => target.Mm != source.Mm;
}

/// <summary>VMAs merge whose page offsets do not continue each other.</summary>
public sealed class M10MergeIgnoresPageOffset() : Defect("M10", "a merge ignores page offsets")
{
    public override bool PageOffsetsMayMerge(in VmaMergeStruct vmg, VmArea target) => true;
}

/// <summary>VMAs with different AVs merge; the pages of one of them are lost to rmap.</summary>
public sealed class M11MergeOfDifferentAnonVmas() : Defect("M11", "a merge ignores AVs")
{
    public override bool AnonVmasMayMerge(in VmaMergeStruct vmg, VmArea target) => true;

    public override bool NeighboursMayMerge(VmArea previous, VmArea next) => true;
}

/// <summary>VMAs merge that differ in protection or other flags.</summary>
public sealed class M12MergeIgnoresFlags() : Defect("M12", "a merge ignores protection and flags")
{
    public override bool FlagsMayMerge(VmFlags proposed, VmFlags target) => true;
}
