using Rmap.Model.Swap;

namespace Rmap.Properties.Checking;

/// <content>Counters of pages and slots, caches, and what nobody needs.</content>
internal sealed partial record Corruption
{
    private const string Segment = "S0 shmget 2\nP0 shmat S0 0\n";

    private static Corruption[] OfCounts =>
    [
        new("mapcount", "one too many", Written, machine => Page(machine).MapCount++),
        new("mapcount", "one too few, of several", Forked, machine => Page(machine).MapCount--),
        new("mapcount", "one too many of a page of a file", SharedFile, machine => Page(machine).MapCount++),
        new("mapcount", "one too many of a KSM page", Merged, machine => Page(machine).MapCount++),
        new("mapcount", "one too many of a page that is not mapped", Written + "P0 pin 0 G0\nP0 munmap 0+4",
            machine => machine.Frames.All.Single().MapCount++),
        new("mapcount", "one too many of a page that belongs to nobody", Written, machine =>
        {
            Page(machine).Mapping = null;
            Page(machine).MapCount++;
        }) { Except = "mapped-owner" },
        new("pin-count", "a pinned page is freed", Written + "P0 pin 0 G0\nP0 munmap 0+4",
            machine => machine.Frames.Free(machine.Frames.All.Single())),
        new("pin-count", "one pin too many", Written + "P0 pin 0 G0", machine => Page(machine).Pins++),
        new("pin-count", "one pin too few", Written + "P0 pin 0 G0", machine => Page(machine).Pins--),
        new("pin-count", "one other reference too many", Written + "P0 pin 0 G0\nP0 pin 0 G1 get", machine => Page(machine).Gets++),
        new("page-cache", "a page with another index", SharedAnonymous, machine => Page(machine).Index++),
        new("page-cache", "a page with the index of another", SharedAnonymous + "P0 write 1 = 2", machine => Page(machine).Index++),
        new("page-cache", "a page that is cached twice", SharedAnonymous, machine => File(machine).Cache[3] = Page(machine)),
        new("page-leak", "a page that nobody needs", Written, machine => machine.Frames.Allocate()),
        new("attached", "one VMA too many", SharedAnonymous, machine => File(machine).Attached++),
        new("attached", "one VMA too few", SharedAnonymous, machine => File(machine).Attached--),
        new("attached", "one VMA of a segment too many", Segment, machine => File(machine).Attached++),
    ];

    private static Corruption[] OfSwap =>
    [
        new("swap-count", "one too many", Forked + "P0 reclaim 0", machine => Slot(machine).Count++),
        new("swap-count", "one too few", SwappedOut, machine => Slot(machine).Count--),
        new("swap-count", "one too many of a slot that is only cached", SwappedIn, machine => Page(machine).SwapCache!.Count++),
        new("swap-cache", "the slot of a page is not the one in use", SwappedIn,
            machine => Page(machine).SwapCache = new SwapSlot(Page(machine).SwapCache!.Number) { Cache = Page(machine) }),
        new("swap-cache", "the slot of a page has no cache", SwappedIn, machine => Page(machine).SwapCache!.Cache = null),
        new("swap-cache", "the slot of a page caches another", SwappedIn + "P0 write 1 = 2",
            machine => Page(machine).SwapCache!.Cache = Page(machine, 1)),
        new("swap-cache", "the cached page is not in the swap cache", SwappedIn, machine => Page(machine).SwapCache = null),
        new("swap-cache", "the cached page is freed", SwappedOut, machine =>
        {
            Page page = machine.Frames.Allocate();
            (Slot(machine).Cache, page.SwapCache) = (page, Slot(machine));
            machine.Frames.Free(page);
        }),
        new("shmem-slot", "a slot is counted twice", SharedAnonymous + "P0 reclaim 0", machine => machine.Swap.All.Single().Count++),
        new("shmem-slot", "an entry names a slot", SharedAnonymous + "P0 reclaim 0",
            machine => Store(machine, 0, Pte.Swap(machine.Swap.All.Single(), exclusive: false))),
        new("shmem-slot", "a slot that i_pages has not", SharedAnonymous + "P0 reclaim 0", machine => File(machine).Swapped.Clear()),
        new("shmem-slot", "i_pages has a slot that is freed", SharedAnonymous + "P0 reclaim 0",
            machine => File(machine).Swapped[0] = new SwapSlot(1) { Owner = File(machine) }),
        new("shmem-slot", "i_pages has a slot of another file", SharedAnonymous + "P0 reclaim 0\nF0 create 1 tmpfs",
            machine => machine.Swap.All.Single().Owner = File(machine, 1)),
        new("shmem-slot", "i_pages has a slot of nobody", SharedAnonymous + "P0 reclaim 0", machine =>
        {
            machine.Swap.All.Single().Owner = null;
            machine.Swap.All.Single().Count = 0;
        }),
        new("shmem-slot", "i_pages has a slot and a page", SharedAnonymous + "P0 reclaim 0",
            machine => File(machine).Cache[0] = machine.Frames.Allocate()),
        new("slot-leak", "a slot that nobody needs", Written, machine =>
        {
            SwapSlot slot = SwapCache.Allocate(new TaskStruct(machine), Page(machine));
            slot.Cache = null;
            Page(machine).SwapCache = null;
        }),
    ];
}
