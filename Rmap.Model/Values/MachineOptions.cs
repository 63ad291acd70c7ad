namespace Rmap.Model.Values;

/// <summary>The settings of a machine, as a scenario gives them.</summary>
public sealed record MachineOptions
{
    /// <summary>The defaults: a disk-like swap device, no fault-around.</summary>
    public static readonly MachineOptions Default = new();

    /// <summary>SWP_SYNCHRONOUS_IO, as zram has it: a swap-in need not go through the swap cache.</summary>
    public bool SwapSync { get; init; }

    /// <summary><c>fault_around_bytes</c> in pages, a power of two; 1 switches it off, Linux's default is 16.</summary>
    public int FaultAround { get; init; } = 1;

    /// <summary><c>max_page_sharing</c> of KSM: how many items one stable node takes; at least 2.</summary>
    public int KsmMaxPageSharing { get; init; } = 256;

    /// <summary><c>use_zero_pages</c> of KSM: pages full of zeroes are merged with the zero page.</summary>
    public bool KsmUseZeroPages { get; init; }

    /// <summary><c>mmap_base</c>, as a page number: mappings without a fixed address go below it, downwards.</summary>
    public long MmapBase { get; init; } = 4096;

    /// <summary>
    /// Page-table entries as User-Mode Linux has them, which the recordings come from, not as x86-64: migration entries have no room
    /// for the accessed and dirty bits (<c>swap_migration_ad_supported</c>), so that a migrated page is old and clean in every
    /// PTE; mprotect sets the accessed bit (<c>pte_modify</c>); and a load that faults in memory that may only be written is refused.
    /// </summary>
    public bool UserModeLinux { get; init; }

    /// <summary>
    /// The largest <c>pgoff_t</c>: the page offsets of a file's VMA must not go beyond. Smaller than Linux's, so that its checks for
    /// overflow come into play. Below 0 it is as 0: no page of a file can be mapped.
    /// </summary>
    public long PgoffLimit { get; init => field = Math.Max(value, 0); } = long.MaxValue;

    /// <summary><c>max_map_count</c>: VMAs that a process may have.</summary>
    public int MaxMapCount { get; init; } = 65530;

    /// <summary>
    /// The memory, in page frames, for pages and for page tables: 1 GiB if nothing is said. Nothing is reclaimed before it is out.
    /// </summary>
    public int Frames { get; init; } = 1 << 18;
}
