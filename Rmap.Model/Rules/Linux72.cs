namespace Rmap.Model;

/// <summary>The rules of Linux 7.2.13, where they differ from 6.18's.</summary>
public class Linux72 : Rules
{
    /// <inheritdoc/>
    public override string Name => "linux-7.2";

    /// <summary>
    /// Changed in 7.0 when <c>anon_vma_clone</c> was rewritten: it walks the source's chain from its head, so that every clone
    /// reverses the order.
    /// </summary>
    public override bool CloneWalksChainFromHead => true;

    /// <summary>So the root may stand anywhere in a chain.</summary>
    public override bool ChainEndsWithRoot => false;

    /// <summary>Since the swap table, every swap-in goes through the swap cache, whatever the device.</summary>
    public override bool SwapInBypassesCache(SwapSlot slot, MachineOptions options) => false;

    /// <summary>The slot is given up once the page is mapped, so that racing faults find it in the swap cache.</summary>
    public override bool SwapInFreesSlotBeforeMapping => false;

    /// <summary>For a synchronous device the swap cache is always left as soon as it can be.</summary>
    public override bool SwapInShouldFreeSlot(Page page, VmArea vma, bool isWrite, int ownMapping, MachineOptions options) =>
        options.SwapSync || base.SwapInShouldFreeSlot(page, vma, isWrite, ownMapping, options);

    /// <summary>A copy that leaves its source in place is never merged with it.</summary>
    public override bool CopyMayMergeWithKeptSource => false;

    /// <summary>Only the part of a VM_LOCKED VMA that is emptied is unlocked: a fix of 2026.</summary>
    public override bool DontUnmapSplitsLocked => true;

    /// <summary>An emptied VMA begins anew at its own address.</summary>
    public override bool DontUnmapResetsPageOffset => true;

    /// <summary>Behind the end of the file there is nothing to read on, so nothing is marked.</summary>
    public override bool ReadAheadMarksAtEnd => false;

    /// <summary>
    /// <c>check_map_count_against_split_early</c>: every mremap is asked, and the limit is exact: two for what is unmapped before, one for
    /// the copy, one for what is unmapped behind, and one if the source is split first.
    /// </summary>
    public override bool MremapHasRoom(Mm mm, MremapFlags flags, int maxMapCount) =>
        mm.Vmas.Count + 4 + ((flags & MremapFlags.DontUnmap) != 0 ? 1 : 0) <= maxMapCount;

    /// <summary><c>check_map_count_against_split</c>: the same without what is unmapped before.</summary>
    public override bool MoveHasRoom(VmArea vma, MremapFlags flags, int maxMapCount) =>
        vma.Mm.Vmas.Count + 2 + ((flags & MremapFlags.DontUnmap) != 0 && vma.Has(VmFlags.Locked) ? 1 : 0)
            <= maxMapCount;

    /// <summary>CONFIG_PT_RECLAIM is no choice any more, and User-Mode Linux has it, too.</summary>
    public override bool DontNeedFreesTables(MachineOptions options) => true;

    /// <summary>What a fork may need of its own is allocated first, and given back if an AV can be reused.</summary>
    public override bool ForkAllocatesOwnFirst => true;

    /// <summary>Every new page, also a copy of KSM's.</summary>
    public override bool SwapInDrainsBatches(bool wasRead, bool isInCache) => wasRead || !isInCache;

    /// <summary>Fixed by 838bb60dc215: the source is unlocked first.</summary>
    public override bool DontUnmapCountsLockedTwice => false;
}
