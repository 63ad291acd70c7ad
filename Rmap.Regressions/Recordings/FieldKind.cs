namespace Rmap.Regressions.Recordings;

/// <summary>What a recording says about a step, by kind. Each kind agrees in a step or does not.</summary>
internal enum FieldKind
{
    /// <summary>Value, errno or signal of the operation.</summary>
    Result,

    /// <summary>Which processes there are; of each VMA its bounds, flags, page offset and file.</summary>
    Vmas,

    /// <summary><c>vma->anon_vma</c> and the same_vma list in its order.</summary>
    Chain,

    /// <summary>Kind, page or slot and writability of each page-table entry; a swap entry's exclusive mark.</summary>
    Ptes,

    /// <summary>The accessed bit.</summary>
    PteYoung,

    /// <summary>The dirty bit.</summary>
    PteDirty,

    /// <summary>Which pages there are.</summary>
    Frames,

    /// <summary>anon, ksm, file, shmem or swapcache; what <c>page->mapping</c> points to; the index.</summary>
    Mapping,

    /// <summary>The mapcount.</summary>
    MapCount,

    /// <summary>PageAnonExclusive.</summary>
    AnonExclusive,

    /// <summary>The page's slot.</summary>
    SwapCache,

    /// <summary>The content.</summary>
    Value,

    /// <summary>The refcount.</summary>
    RefCount,

    /// <summary>PG_dirty.</summary>
    Dirty,

    /// <summary>PG_swapbacked.</summary>
    SwapBacked,

    /// <summary>PG_referenced.</summary>
    Referenced,

    /// <summary>PG_active.</summary>
    Active,

    /// <summary>PG_mlocked and PG_unevictable.</summary>
    Mlocked,

    /// <summary>PG_writeback, PG_locked, PG_lru, PG_uptodate: always false, false, true, true at rest.</summary>
    AtRest,

    /// <summary>What the kernel's walk of each page found.</summary>
    Rmap,

    /// <summary>In which order, with repeats.</summary>
    RmapOrder,

    /// <summary>At how many VMAs it looked.</summary>
    RmapVisited,

    /// <summary>Which anon_vmas there are, their root, parent, counts.</summary>
    AnonVmas,

    /// <summary>Their interval trees, in order.</summary>
    AnonVmaTree,

    /// <summary>Which files there are, their lengths.</summary>
    Files,

    /// <summary><c>i_mmap</c>, in order.</summary>
    IMmap,

    /// <summary>The page cache: pages, swap values, shadows.</summary>
    PageCache,

    /// <summary>Swap slots: users, cache.</summary>
    Swap,

    /// <summary>ksmd's counters, the stable tree in order, the items of its nodes, the mm slots and their items.</summary>
    Ksm,
}
