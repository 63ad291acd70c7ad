using Rmap.Model.Rmap;

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
/// The swap area and its cache (<c>mm/swapfile.c</c>, <c>mm/swap_state.c</c>, 6.18). Left out: clusters, readahead, writeback
/// in flight (a write has completed when the operation returns), priorities, several areas.
/// </summary>
public sealed class SwapArea
{
    private readonly List<SwapSlot?> slots = [null];
    private readonly PriorityQueue<int, int> free = new();
    private readonly Frames frames;
    private readonly Rules rules;
    private readonly FaultInjection faults;
    private readonly LinkedList<Mm> mms = [];

    internal SwapArea(Frames frames, Rules rules, FaultInjection faults)
    {
        this.frames = frames;
        this.rules = rules;
        this.faults = faults;
    }

    /// <summary>The slots in use, by number.</summary>
    public IEnumerable<SwapSlot> All => slots.OfType<SwapSlot>();

    /// <summary>The slot of this number, or null if it is free.</summary>
    internal SwapSlot? this[int number] => slots[number];

    /// <summary>One more than the highest slot number ever used.</summary>
    internal int End => slots.Count;

    /// <summary>Slots in use.</summary>
    public int InUse { get; private set; }

    /// <summary>
    /// <c>folio_alloc_swap</c>: the lowest free slot, with this page as its cache and no entry yet.
    /// </summary>
    internal SwapSlot Allocate(Page page)
    {
        if (!free.TryDequeue(out int number, out _))
        {
            number = slots.Count;
            slots.Add(null);
        }

        var slot = new SwapSlot(number);
        slots[number] = slot;
        InUse++;
        AddToCache(slot, page);
        return slot;
    }

    /// <summary>
    /// <c>read_swap_cache_async</c>: a new page with the slot's content, in the swap cache. It belongs to no one until it is mapped.
    /// </summary>
    internal Page ReadIntoCache(SwapSlot slot)
    {
        Page page = Read(slot);
        AddToCache(slot, page);
        return page;
    }

    /// <summary>
    /// Reads a slot into a new page outside the swap cache, as a synchronous device may. Only reclaim empties the cache of a slot
    /// that is still needed, and it leaves a shadow there: so this is a refault. If the device fails, the page is not up to date.
    /// </summary>
    internal Page Read(SwapSlot slot)
    {
        Page page = frames.Allocate();
        page.Set(PageFlags.SwapBacked);
        if ((slot.Value != 0 || rules.SwapReadsZeroPages) && faults.ShouldFailRead(slot))
        {
            page.Set(PageFlags.NotUptodate);
        }
        else
        {
            page.Value = slot.Value;
        }

        PageActivity.Refault(page);
        return page;
    }

    /// <summary><c>swap_writeout</c>: writes the page to its slot. The write completes at once.</summary>
    internal static void Write(Page page)
    {
        page.SwapCache!.Value = page.Value;
        page.Clear(PageFlags.Dirty);
    }

    /// <summary><c>mmlist</c>: the mms that may hold swap entries, in the order in which swapoff visits them.</summary>
    internal LinkedList<Mm> Mms => mms;

    /// <summary>Puts an mm on the list, if it is not there: to its head, or at fork behind the parent.</summary>
    internal void Enlist(Mm mm, Mm? parent = null) =>
        mm.MmList ??= parent?.MmList is { } before ? mms.AddAfter(before, mm) : mms.AddFirst(mm);

    /// <summary>Takes an mm off the list, when its last user has gone (<c>mmput</c>).</summary>
    internal void Delist(Mm mm)
    {
        if (mm.MmList is { } place)
        {
            mms.Remove(place);
            mm.MmList = null;
        }
    }

    /// <summary><c>drain_mmlist</c>: after swapoff.</summary>
    internal void DelistAll()
    {
        while (mms.First is { } first)
        {
            Delist(first.Value);
        }
    }

    /// <summary><c>swap_duplicate</c>: one more swap entry names the slot.</summary>
    internal static void Duplicate(SwapSlot slot) => slot.Count++;

    /// <summary><c>swap_free</c>: one swap entry less.</summary>
    internal void Put(SwapSlot slot)
    {
        slot.Count--;
        if (slot.IsFree)
        {
            Free(slot);
        }
    }

    /// <summary>Makes the page the slot's cache (<c>swap_cache_add_folio</c>).</summary>
    internal static void AddToCache(SwapSlot slot, Page page)
    {
        slot.Cache = page;
        page.SwapCache = slot;
    }

    /// <summary>Takes the page out of the swap cache (<c>swap_cache_del_folio</c>). The page itself stays.</summary>
    internal void RemoveFromCache(Page page)
    {
        SwapSlot slot = page.SwapCache!;
        page.SwapCache = null;
        slot.Cache = null;
        if (rules.CacheRemovalFreesSlot(slot))
        {
            Free(slot);
        }
    }

    /// <summary>
    /// <c>folio_free_swap</c>: leaves the swap cache if no swap entry needs it. The page is then the only copy, so it is dirty.
    /// </summary>
    /// <returns>Whether it left.</returns>
    internal bool FreeSwap(Page page)
    {
        if (page.SwapCache is not { Count: 0 })
        {
            return false;
        }

        RemoveFromCache(page);
        page.Set(PageFlags.Dirty);
        return true;
    }

    /// <summary>
    /// <c>free_swap_cache</c>: what a zap or a COW copy does when it leaves a page behind that only the swap cache holds: the slot
    /// goes, and the page with it.
    /// </summary>
    internal void FreeSwapCache(Page page)
    {
        if (page.SwapCache is not null && page.MapCount == 0 && FreeSwap(page))
        {
            FreeIfUnreferenced(page);
        }
    }

    /// <summary><c>free_swap_and_cache</c>: drops a swap entry, and the cached page with it if that was the last one.</summary>
    internal void PutAndFreeCache(SwapSlot slot)
    {
        Put(slot);
        if (slot.Cache is { } page)
        {
            FreeSwapCache(page);
        }
    }

    /// <summary>Frees a page that nothing holds any more (<c>folio_put</c> of the last reference).</summary>
    internal void FreeIfUnreferenced(Page page)
    {
        if (page.RefCount == 0 && !page.IsFreed)
        {
            frames.Free(page);
        }
    }

    private void Free(SwapSlot slot)
    {
        slots[slot.Number] = null;
        free.Enqueue(slot.Number, slot.Number);
        InUse--;
    }
}
