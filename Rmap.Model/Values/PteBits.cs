namespace Rmap.Model.Values;

/// <summary>What a page-table entry holds.</summary>
public enum PteKind : byte
{
    /// <summary>Nothing was ever mapped, or it was taken away.</summary>
    None,

    /// <summary>A page. Counted in its mapcount.</summary>
    Present,

    /// <summary>The shared zero page, read-only. Counted nowhere. Dirty if KSM placed it.</summary>
    ZeroPage,

    /// <summary>A swap entry: the slot that holds the content.</summary>
    Swap,

    /// <summary>A migration entry: the page is being moved, faults wait.</summary>
    Migration,

    /// <summary>PTE_MARKER_POISONED: what was there could not be read at swapoff. Access is SIGBUS.</summary>
    Poisoned,
}

/// <summary>The bits of a page-table entry.</summary>
[Flags]
public enum PteBits : byte
{
    /// <summary>None set.</summary>
    None = 0,

    /// <summary>Present: stores go through. Migration: to be restored writable.</summary>
    Writable = 1,

    /// <summary>Written through this entry since it was last cleaned.</summary>
    Dirty = 2,

    /// <summary>Accessed through this entry since it was last aged.</summary>
    Young = 4,

    /// <summary>Swap: the page was AnonExclusive when it left. Migration: "read-exclusive".</summary>
    Exclusive = 8,
}
