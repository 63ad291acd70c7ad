namespace Rmap.Properties.Defects;

/// <summary>
/// 2026, fixed by 61f67c230a5e; since 879bca0a2c4f of 2025. A VMA that mremap copies may merge with untouched neighbours at its new place,
/// but they did not get its AV. They ended up with pages and no links, and with MREMAP_DONTUNMAP the AV was freed under them.
/// </summary>
public sealed class A02MremapFaultedOntoUnfaulted() : Defect("A02", "mremap merges without handing over the AV")
{
    public override bool MergeTakesOverCopiedAnonVma(VmArea target, VmArea copiedFrom) => false;
}

/// <summary>
/// 2026, fixed by 3b617fd3d317; since 879bca0a2c4f of 2025. A VMA that inherited AVs must not merge with an untouched one. mremap asked the
/// neighbour, not the VMA it copies.
/// </summary>
public sealed class A03MremapMergeIgnoresForkChild() : Defect("A03", "mremap merges a fork child with an untouched VMA")
{
    public override string OnlyCosts => "longer walks over ancestors' pages";

    public override bool AnonVmasMayMerge(in VmaMergeStruct vmg, VmArea target) =>
        target.AnonVma is null && vmg.CopiedFrom is not null || base.AnonVmasMayMerge(vmg, target);
}

/// <summary>
/// 2026, fixed by 838bb60dc215 and 597e4b9ab48a. MREMAP_DONTUNMAP unlocks the source and counts the copy, so that locked_vm counts the
/// source for ever. 6.18 has it: these are its own rules, asked to keep what they should.
/// </summary>
public sealed class A44DontUnmapLockedVmLeak() : Defect("A44", "MREMAP_DONTUNMAP leaves locked_vm too large")
{
    public override bool LockedVmIsExact => true;
}

/// <summary>munlock of a part counts one page too few, which locked_vm keeps. Under 6.18 only an exact count sees it.</summary>
public sealed class N45MunlockCountsTooFew() : Defect("N45", "munlock leaves a page in locked_vm")
{
    public override long PagesCountedByMlock(PageRange range, bool locks) => locks ? range.Pages : 1 - range.Pages;
}

/// <summary>A copy of a written VMA gets the page offset of its new address, which its pages do not have.</summary>
public sealed class M45MoveResetsPageOffset() : Defect("M45", "mremap gives written memory a new page offset")
{
    public override long PageOffsetOfCopy(VmArea source, VirtualPage from, VirtualPage to) =>
        source.IsAnonymous ? to.Number : source.LinearPageIndex(from);
}
