namespace Rmap.Model.Values;

/// <summary>The flags of a page that the model keeps.</summary>
[Flags]
public enum PageFlags : ushort
{
    /// <summary>None set.</summary>
    None = 0,

    /// <summary>PG_anon_exclusive: belongs to exactly one process, may be mapped writable without a check.</summary>
    AnonExclusive = 1,

    /// <summary>PG_swapbacked: goes to swap. Clear on an anonymous page: lazyfree.</summary>
    SwapBacked = 2,

    /// <summary>PG_dirty: the copy behind it (slot, file) is older. A dirty PTE alone does not set it.</summary>
    Dirty = 4,

    /// <summary>PG_referenced.</summary>
    Referenced = 8,

    /// <summary>PG_active.</summary>
    Active = 16,

    /// <summary>PG_mlocked.</summary>
    Mlocked = 32,

    /// <summary>PG_unevictable.</summary>
    Unevictable = 64,

    /// <summary>PG_private: the file system keeps data of its own for the page (ext4's buffers), which holds a reference.</summary>
    Private = 128,

    /// <summary>
    /// PG_reclaim: reclaim met the page dirty and wants it first in line once it has been written. On a clean page the same bit is
    /// PG_readahead: a fault reads on behind it.
    /// </summary>
    Reclaim = 256,

    /// <summary>PG_uptodate is clear: the page could not be read from swap. No entry may map it.</summary>
    NotUptodate = 512,
}
