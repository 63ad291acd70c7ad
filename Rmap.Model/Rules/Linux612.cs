namespace Rmap.Model;

/// <summary>The rules of Linux 6.12.117, where they differ from 6.18's.</summary>
public class Linux612 : Rules
{
    /// <inheritdoc/>
    public override string Name => "linux-6.12";

    /// <summary>
    /// Until 6.16 the chain that had to be free of inheritance was always the target's, and an untouched target has none at all: so
    /// it never took over the pages of a written range.
    /// </summary>
    public override bool AnonVmasMayMerge(in VmaMergeStruct vmg, VmArea target) =>
        ((vmg.AnonVma is null || target.AnonVma is null) && target.ChainLength == 1) || vmg.AnonVma == target.AnonVma;

    /// <summary>Moving several VMAs by one mremap came with 6.17.</summary>
    public override bool MremapMovesSeveralVmas => false;

    /// <summary>Until 6.17 the target and the tail of a shrinking source were unmapped first.</summary>
    public override bool MremapChecksSourceFirst => false;

    /// <summary>A fix of 2026 that 6.12.117 has and 6.18.35 has not yet.</summary>
    public override bool CopyMayMergeWithKeptSource => false;

    /// <summary>A fix of 2026 that 6.12.117 has and 6.18.35 has not yet.</summary>
    public override bool DontUnmapSplitsLocked => true;

    /// <summary>Page tables go with their VMAs only.</summary>
    public override bool DontNeedFreesTables(MachineOptions options) => false;

    /// <summary>A fix of 2026 that 6.12.117 has and 6.18.35 has not yet.</summary>
    public override bool DontUnmapResetsPageOffset => true;

    /// <summary>A window that is read on was not aligned.</summary>
    public override long ReadAheadAlignment => 1;

    /// <summary>A read fault learnt to look at PG_dirty with 6.18.</summary>
    public override bool ReadFaultMayMapDirty => false;

    /// <summary>In 6.12 any lazyfree page that could not be dropped became an ordinary one, not only one that was written.</summary>
    public override bool KeptLazyFreeIsSwapBacked(Page page) => true;

    /// <summary>
    /// Until 6.16 a mapping became VM_MERGEABLE after it had not been merged with neighbours that are: process-wide KSM kept new
    /// mappings apart.
    /// </summary>
    public override bool MergeAnyBeforeMerge => false;

    /// <summary>Any new VMA registered the mm, also a shared one.</summary>
    public override bool MergeAnyRegistersFor(VmFlags flags) => true;

    /// <summary>In 6.12 whatever unmaps drains the batches, before and after.</summary>
    public override bool ZapDrainsMlockBatch => true;

    /// <summary>Executable memory was read around like any other.</summary>
    public override bool ReadAroundStaysInVma(VmArea vma) => false;

    /// <summary>Two faults that kept VMAs apart were found in 2025.</summary>
    public override bool MergesWhereItCan => false;

    /// <summary>A fault that came with 6.17.</summary>
    public override bool DontUnmapCountsLockedTwice => false;
}
