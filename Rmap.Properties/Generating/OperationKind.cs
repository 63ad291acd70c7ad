namespace Rmap.Properties.Generating;

/// <summary>What the generator can choose to do next; the places in a profile's table of weights.</summary>
public enum OperationKind : byte
{
    /// <summary>Private anonymous mmap.</summary>
    MmapAnonymous,

    /// <summary>Shared anonymous mmap.</summary>
    MmapShared,

    /// <summary>mmap of a file, private or shared.</summary>
    MmapFile,

    /// <summary>munmap.</summary>
    Munmap,

    /// <summary>mprotect, pkey_mprotect.</summary>
    Mprotect,

    /// <summary>mremap.</summary>
    Mremap,

    /// <summary>Load.</summary>
    Read,

    /// <summary>mincore, which changes nothing.</summary>
    Mincore,

    /// <summary>Store.</summary>
    Write,

    /// <summary>fork.</summary>
    Fork,

    /// <summary>clone(CLONE_VM).</summary>
    CloneVm,

    /// <summary>execve.</summary>
    Exec,

    /// <summary>exit.</summary>
    Exit,

    /// <summary>MADV_DONTNEED, MADV_DONTNEED_LOCKED, MADV_FREE.</summary>
    Discard,

    /// <summary>MADV_DONTFORK, MADV_DONTDUMP and the like, and mbind: what only keeps VMAs apart at first.</summary>
    ForkAdvice,

    /// <summary>MADV_MERGEABLE, MADV_UNMERGEABLE, PR_SET_MEMORY_MERGE.</summary>
    KsmAdvice,

    /// <summary>MADV_POPULATE_READ, MADV_POPULATE_WRITE.</summary>
    PopulateAdvice,

    /// <summary>MADV_COLD, MADV_PAGEOUT.</summary>
    ReclaimAdvice,

    /// <summary>ksmd passes, and now and then a change of <c>run</c> or <c>max_page_sharing</c>.</summary>
    KsmScan,

    /// <summary>Reclaim of a page.</summary>
    Reclaim,

    /// <summary>Migration of a page.</summary>
    Migrate,

    /// <summary>folio_referenced.</summary>
    Referenced,

    /// <summary>swapoff, swapon.</summary>
    SwapOffOn,

    /// <summary>mlock, munlock, mlockall, munlockall; where they are drawn, so is MAP_LOCKED.</summary>
    Mlock,

    /// <summary>mseal, PR_SET_MDWE, RLIMIT_MEMLOCK: after them calls are refused.</summary>
    Forbid,

    /// <summary>Creating a file.</summary>
    FileCreate,

    /// <summary>Truncating, punching, MADV_REMOVE.</summary>
    Truncate,

    /// <summary>write, fsync, msync.</summary>
    FileWrite,

    /// <summary>shmget, shmat, shmdt, IPC_RMID.</summary>
    SysV,

    /// <summary>UFFDIO_MOVE.</summary>
    UffdMove,

    /// <summary>get_user_pages, and what is done with the page.</summary>
    Pin,

    /// <summary>Letting an allocation, or a read from swap, fail.</summary>
    FailNth,

    /// <summary>Anything of the whole grammar with operands drawn blindly, most of which Linux refuses.</summary>
    Blind,
}
