namespace Rmap.Model.Values;

/// <summary>What a file is, as far as memory management asks.</summary>
public enum FileKind
{
    /// <summary>A file on tmpfs.</summary>
    Tmpfs,

    /// <summary>A file on ext4.</summary>
    Ext4,

    /// <summary>The object behind a <c>MAP_SHARED | MAP_ANONYMOUS</c> mapping: shmem that only fork hands on.</summary>
    SharedAnonymous,

    /// <summary>A SysV shared memory segment.</summary>
    SysV,
}
