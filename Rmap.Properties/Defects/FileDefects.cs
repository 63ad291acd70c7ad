namespace Rmap.Properties.Defects;

/// <summary>
/// 2015, CVE-2015-3288, fixed by 6b7339f4c31a. A mapping whose driver has no fault handler was treated as anonymous memory. Anonymous pages
/// appeared in shared VMAs. Here the attachments of segments stand for such drivers.
/// </summary>
public sealed class A31AnonPageInFileMap() : Defect("A31", "a VMA without a handler is taken for anonymous")
{
    public override bool MissingPageIsAnonymous(VmArea vma) => vma.File is not { HasMapPages: true };
}

/// <summary>
/// 2006, CVE-2006-1524, 2.6.16.6. A read-only attachment of a segment kept VM_MAYWRITE, and mprotect made it writable.
/// </summary>
public sealed class A32ShmReadOnlyWritable() : Defect("A32", "a read-only attachment can be made writable")
{
    public override VmFlags SharedFlagsForOpening(VmFlags flags, OpenFile file) => flags;
}

/// <summary>
/// 2006, 2.6.16.7. MADV_REMOVE punched holes into shared memory through mappings that may not write it.
/// </summary>
public sealed class A32MadvRemoveReadOnly() : Defect("A32b", "MADV_REMOVE through a read-only mapping")
{
    public override bool MayRemoveThrough(VmArea vma) => true;
}

/// <summary>Truncating begins to unmap one page too late.</summary>
public sealed class M67TruncateEndInclusive() : Defect("M67", "truncate leaves a page mapped")
{
    public override long TruncateUnmapsFrom(long pages) => pages + 1;
}

/// <summary>A hole ends one page too early in the page tables.</summary>
public sealed class M67PunchEndExclusive() : Defect("M67b", "a hole leaves its last page mapped")
{
    public override long PunchUnmapsUpTo(long last) => last - 1;
}

/// <summary>A VMA stands in i_mmap under its address instead of its page offset.</summary>
public sealed class M68IMmapByAddress() : Defect("M68", "i_mmap has VMAs by address")
{
    public override long IMmapStart(VmArea vma) => vma.Start.Number;
}

/// <summary>A page that UFFDIO_MOVE has moved keeps its index.</summary>
public sealed class M77UffdMoveKeepsIndex() : Defect("M77", "UFFDIO_MOVE keeps the index")
{
    public override long IndexAfterUffdMove(Page page, VmArea vma, VirtualPage address) => page.Index;
}

/// <summary>A page that UFFDIO_MOVE has moved keeps its AV.</summary>
public sealed class M77UffdMoveKeepsAnonVma() : Defect("M77b", "UFFDIO_MOVE keeps the AV")
{
    public override AnonVma? AnonVmaAfterUffdMove(Page page, VmArea vma) => page.Mapping as AnonVma;
}
