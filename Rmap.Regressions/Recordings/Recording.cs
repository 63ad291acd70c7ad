namespace Rmap.Regressions.Recordings;

/// <summary>What a real kernel did with a sequence of operations: its complete rmap state after each.</summary>
internal sealed record Recording(
    string Kernel, string Name, long? Seed, MachineOptions Options, RecordedState Start, IReadOnlyList<RecordedStep> Steps);

/// <summary>One operation, what it returned and what it left behind. Results are in the model's terms.</summary>
internal sealed record RecordedStep(Operation Operation, Outcome Result, RecordedState State);

/// <summary>
/// The state of the recorded kernel. Names (A1, f1, s1, K1, shmem1) are the recorder's; a frame's name stands for one allocation.
/// </summary>
internal sealed record RecordedState(
    RecordedProcess[] Processes, RecordedFrame[] Frames, RecordedAnonVma[] AnonVmas, RecordedFile[] Files, RecordedSlot[] Swap,
    RecordedKsm Ksm);

internal sealed record RecordedProcess(int Process, RecordedVma[] Vmas, RecordedPte[] Ptes);

/// <summary>
/// One VMA; <paramref name="Flags"/> are those of <see cref="RecordingReader.RecordedFlags"/>. <paramref name="AnonPageOffset"/> is told of
/// files since 7.3.
/// </summary>
internal sealed record RecordedVma(
    long Start, long End, VmFlags Flags, long PageOffset, long? AnonPageOffset, string? File, string? AnonVma, string[] Chain);

/// <summary>One page-table entry; <paramref name="Kind"/> is null for a kind that the recorder does not know ("other").</summary>
internal sealed record RecordedPte(long Page, PteKind? Kind, PteBits Bits, string? Target);

internal sealed record RecordedFrame(
    string Name, string Kind, string? Mapping, long Index, long MapCount, long RefCount, bool IsAnonExclusive, string? SwapCache,
    bool IsDirty, bool IsSwapBacked, bool IsReferenced, bool IsMlocked, long Value, bool IsActive, bool IsUnevictable, bool IsWriteback,
    bool IsLocked, bool IsOnLru, bool IsUptodate, Place[] Rmap, Place[] RmapOrder, long? RmapVisited);

internal sealed record RecordedAnonVma(
    string Name, string Root, string Parent, long NumChildren, long NumActiveVmas, long RefCount, RecordedTreeEntry[] Tree);

internal readonly record struct RecordedTreeEntry(int Process, long Start, long PageOffset)
{
    public override string ToString() => $"P{Process} VMA at {Start}, offset {PageOffset}";
}

internal sealed record RecordedFile(string Name, long Pages, Place[] IMmap, RecordedCacheEntry[] Cached);

/// <summary>An entry of <c>i_pages</c>: a page, a swap value or a shadow.</summary>
internal sealed record RecordedCacheEntry(long Index, string? Frame, string? Slot, bool IsShadow);

internal sealed record RecordedSlot(string Name, long Count, bool IsCached, string? Frame);

internal sealed record RecordedKsm(
    long Shared, long Sharing, long Unshared, long Volatile, long ZeroPages, RecordedStableNode[] Stable, RecordedMmSlot[] Slots);

internal sealed record RecordedStableNode(string Name, string? Frame, RecordedRmapItem[] Items);

internal sealed record RecordedRmapItem(int Process, long Page, string? AnonVma);

internal sealed record RecordedMmSlot(int Process, bool HasExited, RecordedItemState[] Items);

internal readonly record struct RecordedItemState(long Page, string State)
{
    public override string ToString() => $"{Page} {State}";
}

/// <summary>A page of a process, or a VMA's first one.</summary>
internal readonly record struct Place(int Process, long Page) : IComparable<Place>
{
    public int CompareTo(Place other) => Process != other.Process ? Process.CompareTo(other.Process) : Page.CompareTo(other.Page);

    public override string ToString() => $"P{Process} {Page}";
}
