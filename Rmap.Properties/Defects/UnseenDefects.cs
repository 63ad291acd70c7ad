namespace Rmap.Properties.Defects;

// Mistakes made up for what no check saw until it was made to: excuses that covered too much, answers that were believed, flags, bits.

/// <summary>MADV_FREE of one process takes a dirty page that others share since a fork.</summary>
public sealed class U01FreeTakesShared() : Defect("U01", "MADV_FREE takes a page that a fork shares")
{
    public override bool FreeMayTake(Page page) => true;
}

/// <summary>Reclaim drops a lazyfree page that somebody holds: who stores to it next is seen by nobody.</summary>
public sealed class U02HeldLazyFreeIsDropped() : Defect("U02", "a lazyfree page is dropped though somebody holds it")
{
    public override bool MayDropLazyFree(Page page) => !page.Has(PageFlags.Dirty);
}

/// <summary>mprotect refuses PROT_WRITE to memory that was mapped without it.</summary>
public sealed class U03MprotectRefusesWrite() : Defect("U03", "mprotect refuses what it may grant")
{
    public override bool MprotectMayGrant(VmArea vma, Protection protection) =>
        (protection & Protection.Write) == 0 || vma.Has(VmFlags.Write);
}

/// <summary>mremap finds too many VMAs where there are few.</summary>
public sealed class U04MoveLacksRoom() : Defect("U04", "mremap finds no room for one more VMA")
{
    public override bool MoveHasRoom(VmArea vma, MremapFlags flags, int maxMapCount) => vma.Mm.Vmas.Count < 2;
}

/// <summary>What mremap has moved is not accounted for any more.</summary>
public sealed class U05CopyIsNotAccounted() : Defect("U05", "a moved VMA is not accounted for")
{
    public override VmFlags FlagsOfCopy(VmArea source) => source.Flags & ~VmFlags.Account;
}

/// <summary>MADV_UNMERGEABLE leaves the flag: ksmd comes back.</summary>
public sealed class U06StaysMergeable() : Defect("U06", "memory stays mergeable after MADV_UNMERGEABLE")
{
    public override VmFlags FlagsAfterUnmergeable(VmArea vma) => vma.Flags;
}

/// <summary>MREMAP_DONTUNMAP leaves the emptied source locked.</summary>
public sealed class U07SourceStaysLocked() : Defect("U07", "what MREMAP_DONTUNMAP has emptied stays locked")
{
    public override VmFlags FlagsOfKeptSource(VmArea source) => source.Flags;
}

/// <summary>Memory that nobody wrote to keeps its page offset when it moves, and does not merge where it could.</summary>
public sealed class U08UntouchedKeepsOffset() : Defect("U08", "untouched memory keeps its page offset when it moves")
{
    public override long PageOffsetOfCopy(VmArea source, VirtualPage from, VirtualPage to) => source.LinearPageIndex(from);
}
