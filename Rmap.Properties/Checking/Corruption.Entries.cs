using Rmap.Model.Swap;

namespace Rmap.Properties.Checking;

/// <content>What an entry permits, and VM_LOCKED.</content>
internal sealed partial record Corruption
{
    private const string ReadOnlySegment = "S0 shmget 2\nP0 shmat S0 0 readonly\n";

    private static Corruption[] OfEntries =>
    [
        new("pte-permission", "an anonymous page", Written + "P0 mprotect 0+4 r", machine => Permit(machine, 0)),
        new("pte-permission", "a page of a file", SharedFile + "P0 mprotect 0+4 r", machine => Permit(machine, 0)),
        new("pte-permission", "a KSM page", Merged + "P0 mprotect 0+4 r", machine => Permit(machine, 0)),
        new("writable-exclusive", "not AnonExclusive", Written, machine => Page(machine).Clear(PageFlags.AnonExclusive)),
        new("exclusive-once", "mapped twice", Forked, machine => Page(machine).Set(PageFlags.AnonExclusive)),
        new("exclusive-once", "mapped twice, and held", Forked + "P0 pin 0 G0 get", machine => Page(machine).Set(PageFlags.AnonExclusive)),
        new("exclusive-once", "not mapped", Forked + "P0 reclaim 0\nP0 read 0\nP0 munmap 0+4",
            machine => machine.Frames.All.Single().Set(PageFlags.AnonExclusive)),
        new("exclusive-once", "a page of a file", SharedFile, machine => Page(machine).Set(PageFlags.AnonExclusive)),
        new("pinned-exclusive", "not AnonExclusive", Written + "P0 pin 0 G0\nP0 mprotect 0+4 r",
            machine => Page(machine).Clear(PageFlags.AnonExclusive)),
        new("pinned-exclusive", "a KSM page", Merged,
            machine => machine.Pins.Add(new Pin(new PinId(0), Page(machine), GupKind.Pin))),
        new("ksm-read-only", "writable", Merged, machine => Permit(machine, 0)),
        new("ksm-read-only", "AnonExclusive", Merged + "P0 write 1 = 2", machine => Page(machine).Set(PageFlags.AnonExclusive)),
        new("private-read-only", "writable", PrivateFile + "P0 read 0", machine => Permit(machine, 0)),
        new("swap-exclusive", "exclusive", Forked + "P0 reclaim 0", machine => Store(machine, 0, Pte.Swap(Slot(machine), exclusive: true))),
        new("swap-cache-shared", "AnonExclusive", Forked + "P0 reclaim 0\nP0 read 0",
            machine => Page(machine).Set(PageFlags.AnonExclusive)),
        new("lazyfree", "an anonymous page", SwappedIn, machine => Page(machine).Clear(PageFlags.SwapBacked)),
        new("lazyfree", "a KSM page", Merged, machine =>
        {
            SwapCache.Allocate(new TaskStruct(machine), Page(machine));
            Page(machine).Clear(PageFlags.SwapBacked);
        }),
    ];

    private static Corruption[] OfLocks =>
    [
        new("mlocked", "mlocked and not unevictable", Written, machine => Page(machine).Set(PageFlags.Mlocked)),
        new("mlocked", "unevictable and not mlocked", Written, machine => Page(machine).Set(PageFlags.Unevictable)),
        new("mlocked", "counted and neither", Written, machine => Page(machine).MlockCount = 1),
        new("locked-vm", "one page too few", Written + "P0 mlock 0+1\nP0 mlock 2+2", machine => Mm(machine).LockedVm--),
        new("locked-vm", "one page too few of a second process", Forked + "P1 mlock 0+1", machine => Mm(machine, 1).LockedVm--),
        new("locked-vm", "one page too many", Written + "P0 mlock 0+1", machine => Mm(machine).LockedVm++),
        new("locked-vm", "one page more than Linux has lost count of",
            Written + "P0 mlock 0+4\nP0 mremap 0+4 -> 8+4 maymove dontunmap fixed",
            machine => Mm(machine).LockedVm++),
        new("locked-page", "swapped out", Written + "P0 mlock 0+1", SwapOut),
        new("locked-page", "swapped out to a slot that was free",
            Written + "P0 write 1 = 2\nP0 reclaim 1\nP0 write 1 = 2\nP0 mlock 0+1", SwapOut),
        new("locked-page", "a KSM page swapped out", Merged + "P0 mlock 0+1\nP0 munmap 1+1", SwapOut),
        new("swapoff-list", "an mm off the list", SwappedOut, machine => machine.Swap.Delist(Mm(machine))),
        new("swapoff-list", "a second mm off the list", Forked + "P0 reclaim 0", machine => machine.Swap.Delist(Mm(machine, 1))),
        new("read-only-opening", "VM_MAYWRITE", ReadOnlySegment, machine => Vma(machine).Flags |= VmFlags.MayWrite),
        new("read-only-opening", "VM_WRITE", ReadOnlySegment, machine => Vma(machine).Flags |= VmFlags.Write),
        new("read-only-opening", "VM_SHARED", ReadOnlySegment, machine => Vma(machine).Flags |= VmFlags.Shared),
        new("in-file", "an anonymous page", PrivateFile + "P0 write 3 = 1", machine => File(machine).Pages = 3),
        new("in-file", "a KSM page", PrivateFile + "P0 madvise 0+4 mergeable\nP0 write 0 = 5\nP0 write 3 = 5\nksm scan",
            machine => File(machine).Pages = 3),
        new("in-file", "a page of the file", PrivateFile + "P0 read 3", machine => File(machine).Pages = 3),
        new("in-file", "a swap entry", PrivateFile + "P0 write 3 = 1\nP0 reclaim 3", machine => File(machine).Pages = 3),
    ];

    /// <summary>As reclaim does it, but without looking at VM_LOCKED.</summary>
    private static void SwapOut(Machine machine)
    {
        Page page = Page(machine);
        SwapSlot slot = SwapCache.Allocate(new TaskStruct(machine), page);
        SwapCache.Write(page);
        SwapCache.Duplicate(slot);
        machine.Swap.Enlist(Mm(machine));
        page.Clear(PageFlags.AnonExclusive);
        page.MapCount--;
        Store(machine, 0, Pte.Swap(slot, exclusive: true));
    }
}
