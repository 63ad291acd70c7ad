namespace Rmap.Properties.Defects;

/// <summary>
/// 2020, "mm: do not allow MADV_PAGEOUT for CoW pages"; 5.4 to 5.6. A process could force out pages that it shares, and so take them away
/// from others. That is a side channel.
/// </summary>
public sealed class A33MadvPageoutSharedCow() : Defect("A33", "MADV_PAGEOUT takes pages from other processes")
{
    public override bool AdviceActsOn(Page page) => true;
}

/// <summary>The walk looks for a page one page too far up.</summary>
public sealed class M01VmaAddressOffByOne() : Defect("M01", "a page is looked for one page too far up")
{
    public override VirtualPage? VmaAddress(VmArea vma, long index, long first) => base.VmaAddress(vma, index, first) + 1;
}

/// <summary>The walk takes the first page behind a VMA for one of it.</summary>
public sealed class M02WalkPastEnd() : Defect("M02", "a VMA is taken to be one page longer")
{
    public override bool KsmItemLiesIn(VmArea vma, VirtualPage address) => address >= vma.Start && address <= vma.End;
}

/// <summary>Unmapping ends with the first VMA.</summary>
public sealed class M42UnmapStopsAtFirst() : Defect("M42", "reclaim unmaps a page from one VMA only")
{
    public override bool UnmapIsDone(Page page) => true;
}

/// <summary>The accesses of an mlocked page are counted as if it could be reclaimed.</summary>
public sealed class M43ReferencedSkipsLocked() : Defect("M43", "folio_referenced ignores VM_LOCKED")
{
    public override bool ReferencedStopsAtLocked(VmArea vma) => false;
}

/// <summary>Reclaim takes pages out of VM_LOCKED VMAs.</summary>
public sealed class M44UnmapIgnoresLocked() : Defect("M44", "reclaim ignores VM_LOCKED")
{
    public override bool RefusesUnmap(VmArea vma) => false;
}

/// <summary>A page gets another index when it migrates, so that its migration entries are not found.</summary>
public sealed class M71MigrationChangesIndex() : Defect("M71", "a migrated page has another index")
{
    public override long IndexAfterMigration(Page from) => from.Index + 1;
}

/// <summary>Migration restores every entry as writable as its VMA.</summary>
public sealed class M72MigrationRestoresWritable() : Defect("M72", "migration makes entries writable")
{
    public override bool MigrationRestoresWritable(VmArea vma, Pte entry) => vma.Has(VmFlags.Write);
}

/// <summary>Migration makes every page exclusive.</summary>
public sealed class M72MigrationRestoresExclusive() : Defect("M72b", "migration makes pages exclusive")
{
    public override bool MigrationRestoresExclusive(Pte entry) => true;
}

/// <summary>Reclaim drops a page after MADV_FREE although it was written since.</summary>
public sealed class M74LazyFreeDropsWritten() : Defect("M74", "a written lazyfree page is dropped")
{
    public override bool MayDropLazyFree(Page page) => page.RefCount == page.MapCount;
}

/// <summary>munlock in one VMA frees a page that another one has locked.</summary>
public sealed class M76MunlockIgnoresOthers() : Defect("M76", "munlock ignores other VM_LOCKED VMAs")
{
    public override bool StaysMlocked(Page page) => false;
}

/// <summary>The second round of the walk of a KSM page, which is for fork children, begins with the first VMA again.</summary>
public sealed class M82KsmWalkRestarts() : Defect("M82", "both rounds of the walk of a KSM page visit everything")
{
    public override string OnlyCosts => "every place is looked at twice";

    public override bool KsmWalkTakes(VmArea vma, RmapItem item, bool newForks) => true;
}
