namespace Rmap.Model.Values;

/// <summary>PROT_* of mmap and mprotect.</summary>
[Flags]
public enum Protection
{
    /// <summary>PROT_NONE.</summary>
    None = 0,

    /// <summary>PROT_READ.</summary>
    Read = 1,

    /// <summary>PROT_WRITE.</summary>
    Write = 2,

    /// <summary>PROT_EXEC.</summary>
    Exec = 4,
}

/// <summary>How mmap treats the address it is given.</summary>
public enum Placement
{
    /// <summary>MAP_FIXED: there, replacing what is there.</summary>
    Fixed,

    /// <summary>MAP_FIXED_NOREPLACE: there, or EEXIST.</summary>
    NoReplace,

    /// <summary>Neither: there if free, else at the top of the highest gap that is large enough.</summary>
    Hint,
}

/// <summary>MREMAP_* flags.</summary>
[Flags]
public enum MremapFlags
{
    /// <summary>None: in place only.</summary>
    None = 0,

    /// <summary>MREMAP_MAYMOVE.</summary>
    MayMove = 1,

    /// <summary>MREMAP_FIXED.</summary>
    Fixed = 2,

    /// <summary>MREMAP_DONTUNMAP.</summary>
    DontUnmap = 4,
}

/// <summary>MPOL_*, as far as VMAs are told apart by it: on which node new pages are placed. There is only one node.</summary>
public enum MemoryPolicy
{
    /// <summary>MPOL_DEFAULT: none of its own.</summary>
    Default,

    /// <summary>MPOL_BIND.</summary>
    Bind,

    /// <summary>MPOL_INTERLEAVE.</summary>
    Interleave,

    /// <summary>MPOL_PREFERRED.</summary>
    Preferred,
}

/// <summary>MADV_* advice.</summary>
public enum Advice
{
    /// <summary>MADV_DONTNEED: drop the pages.</summary>
    DontNeed,

    /// <summary>MADV_FREE: drop them when memory is short, unless written again.</summary>
    Free,

    /// <summary>MADV_REMOVE: punch a hole in the file behind.</summary>
    Remove,

    /// <summary>MADV_COLD: not needed soon.</summary>
    Cold,

    /// <summary>MADV_PAGEOUT: reclaim now.</summary>
    PageOut,

    /// <summary>MADV_MERGEABLE: ksmd may merge.</summary>
    Mergeable,

    /// <summary>MADV_UNMERGEABLE: ksmd may not, and what is merged is taken apart.</summary>
    Unmergeable,

    /// <summary>MADV_DONTFORK.</summary>
    DontFork,

    /// <summary>MADV_DOFORK.</summary>
    DoFork,

    /// <summary>MADV_WIPEONFORK.</summary>
    WipeOnFork,

    /// <summary>MADV_KEEPONFORK.</summary>
    KeepOnFork,

    /// <summary>MADV_POPULATE_READ.</summary>
    PopulateRead,

    /// <summary>MADV_POPULATE_WRITE.</summary>
    PopulateWrite,

    /// <summary>MADV_DONTNEED_LOCKED: drop the pages, mlocked ones too.</summary>
    DontNeedLocked,

    /// <summary>MADV_DONTDUMP.</summary>
    DontDump,

    /// <summary>MADV_DODUMP.</summary>
    DoDump,

    /// <summary>MADV_HUGEPAGE.</summary>
    HugePage,

    /// <summary>MADV_NOHUGEPAGE.</summary>
    NoHugePage,

    /// <summary>MADV_NORMAL.</summary>
    Normal,

    /// <summary>MADV_RANDOM.</summary>
    Random,

    /// <summary>MADV_SEQUENTIAL.</summary>
    Sequential,
}

/// <summary>Memory-Deny-Write-Execute: what <c>PR_SET_MDWE</c> has made of an mm.</summary>
public enum Mdwe
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>PR_MDWE_REFUSE_EXEC_GAIN: nothing becomes executable, and nothing that is may be written; its children's either.</summary>
    RefuseExecGain,

    /// <summary>The same with PR_MDWE_NO_INHERIT: not its children's.</summary>
    NoInherit,
}

/// <summary>With which FOLL_* flags <c>get_user_pages</c> hands out a page.</summary>
public enum GupKind
{
    /// <summary>FOLL_PIN, for reading.</summary>
    Pin,

    /// <summary>FOLL_PIN and FOLL_WRITE.</summary>
    PinWrite,

    /// <summary>FOLL_GET, for reading: no more than a reference on what is mapped, as <c>vmsplice</c> takes it.</summary>
    Get,

    /// <summary>FOLL_PIN and FOLL_LONGTERM, for reading: what is stored there later must be seen, too.</summary>
    LongTerm,
}

/// <summary>What kind of file system a file lives on.</summary>
public enum FileSystem
{
    /// <summary>tmpfs: pages live in the page cache or in swap.</summary>
    Tmpfs,

    /// <summary>ext4: pages are read from and written back to a disk; a first write to a shared page is notified.</summary>
    Ext4,
}
