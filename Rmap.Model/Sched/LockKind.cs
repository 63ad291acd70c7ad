namespace Rmap.Model.Sched;

/// <summary>
/// What can be locked, in Linux's order (the top of <c>mm/rmap.c</c>): whoever holds one may wait for those behind it only. Those of one
/// kind have no order among them. Left out: the VMA lock, in whose place the fault takes the mmap lock; what is held for one step only.
/// </summary>
public enum LockKind
{
    /// <summary>PG_lru cleared: who has taken a folio off its list, to reclaim or to migrate it. Only tried.</summary>
    Isolation,

    /// <summary>SWAP_HAS_CACHE without a folio: a slot is read past the swap cache (6.9 to 6.18). Only tried.</summary>
    SwapClaim,

    /// <summary><c>inode->i_rwsem</c>: the size of a file, for those who change it.</summary>
    InodeRwsem,

    /// <summary><c>mm->mmap_lock</c>: the VMAs of an mm.</summary>
    MmapLock,

    /// <summary><c>mapping->invalidate_lock</c>: pages come to the cache of a file on a disk, or leave it for good.</summary>
    InvalidateLock,

    /// <summary>PG_locked: which file or slot a folio belongs to; that it is unmapped or migrated.</summary>
    Folio,

    /// <summary><c>mapping->i_mmap_rwsem</c>: the VMAs that map a file.</summary>
    IMmapRwsem,

    /// <summary><c>anon_vma->root->rwsem</c>: all trees of the AVs below one root.</summary>
    AnonVmaRwsem,
}
