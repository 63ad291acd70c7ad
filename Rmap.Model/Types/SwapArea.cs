namespace Rmap.Model.Types;

/// <summary>
/// One slot of the swap area. Two independent references keep it: swap entries (<see cref="Count"/>) and the cache
/// (<see cref="Cache"/>). In Linux both live in a byte of <c>swap_map</c>.
/// </summary>
public sealed class SwapSlot
{
    internal SwapSlot(int number) => Number = number;

    /// <summary>Which slot, from 1. Recycled lowest first.</summary>
    public int Number { get; }

    /// <summary>Swap entries in page tables that name it, or 1 if <see cref="Owner"/> holds it.</summary>
    public int Count { get; internal set; }

    /// <summary>The page in the swap cache for this slot (SWAP_HAS_CACHE), or null.</summary>
    public Page? Cache { get; internal set; }

    /// <summary>The shmem object whose page lies here (SWAP_MAP_SHMEM), or null.</summary>
    public AddressSpace? Owner { get; internal set; }

    /// <summary>What was written to the device.</summary>
    public byte Value { get; internal set; }

    /// <summary>Whether nothing refers to it.</summary>
    public bool IsFree => Count == 0 && Cache is null;

    /// <inheritdoc/>
    public override string ToString() => "s" + Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// <c>struct swap_info_struct</c>: the slots of the swap area, and the mms that may hold swap entries. Left out: clusters, priorities,
/// several areas.
/// </summary>
public sealed class SwapArea : Numbered<SwapSlot>
{
    /// <summary><c>mmlist</c>: the mms that may hold swap entries, in the order in which swapoff visits them.</summary>
    internal LinkedList<Mm> Mms { get; } = [];

    /// <summary>The lowest free slot, now in use.</summary>
    internal SwapSlot Allocate() => Add(number => new SwapSlot(number));

    /// <summary>Gives a slot back.</summary>
    internal void Free(SwapSlot slot) => Remove(slot.Number);

    /// <summary>Puts an mm on the list, if it is not there: to its head, or at fork behind the parent.</summary>
    internal void Enlist(Mm mm, Mm? parent = null) =>
        mm.MmList ??= parent?.MmList is { } before ? Mms.AddAfter(before, mm) : Mms.AddFirst(mm);

    /// <summary>Takes an mm off the list, when its last user has gone (<c>mmput</c>).</summary>
    internal void Delist(Mm mm)
    {
        if (mm.MmList is { } place)
        {
            Mms.Remove(place);
            mm.MmList = null;
        }
    }

    /// <summary><c>drain_mmlist</c>: after swapoff.</summary>
    internal void DelistAll()
    {
        while (Mms.First is { } first)
            Delist(first.Value);
    }
}
