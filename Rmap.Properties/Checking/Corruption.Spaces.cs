using Rmap.Model.Swap;

namespace Rmap.Properties.Checking;

/// <content>Address spaces, and what leads to something that has been freed.</content>
internal sealed partial record Corruption
{
    private static Corruption[] OfSpaces =>
    [
        new("vma-order", "a VMA without pages", Written, machine => Vma(machine).Range = PageRange.Of(new(0), 0)),
        new("vma-order", "a VMA below page 0", Written, machine => Vma(machine).Range = PageRange.Of(new(-1), 4)),
        new("vma-order", "a negative page offset", Written, machine => Vma(machine).PageOffset = -1),
        new("vma-order", "one page offset more than the file may have",
            "option pgoff-limit 8\nF0 create 8 tmpfs\nP0 mmap 0+4 rw shared F0@4\nP0 mmap 16+4 rw private anon",
            machine => Vma(machine).PageOffset = 5),
        new("vma-order", "two VMAs overlap by a page", Written + "P0 mmap 4+1 r private anon\nP0 fork P1",
            machine => Vma(machine, page: 4).Range = PageRange.Of(new(3), 2)),
        new("mm-users", "one user too many", Written, machine => Mm(machine).Users = 2),
        new("mm-users", "one user too few", Written + "P0 clone-vm P1", machine => Mm(machine).Users = 1),
        new("mm-users", "taken down in use", Written, machine => Mm(machine).HasExited = true),
        new("pte-in-vma", "an entry outside all VMAs", Written, machine => Store(machine, 100, Pte.Zero(PteBits.None))),
        new("no-migration-entry", "a migration entry", Written,
            machine => Store(machine, 0, Pte.Migration(Page(machine), PteBits.None))),
    ];

    private static Corruption[] OfLife =>
    [
        new("pte-live", "an anonymous page is freed", Written, machine => machine.Frames.Free(Page(machine))),
        new("pte-live", "a page of a file is freed", SharedFile, machine => machine.Frames.Free(Page(machine))),
        new("pte-live", "a KSM page is freed", Merged, machine => machine.Frames.Free(Page(machine))),
        new("pte-live", "a page that belongs to nobody is freed", Written, machine =>
        {
            machine.Frames.Free(Page(machine));
            Page(machine).Mapping = null;
        }),
        new("pte-live", "a slot is freed", SwappedOut, machine => SwapCache.Put(new TaskStruct(machine), Slot(machine))),
        new("mapped-owner", "a mapped page without mapping", Written, machine => Page(machine).Mapping = null),
        new("av-live", "the own AV of a VMA is freed", Written, machine => Vma(machine).AnonVma!.IsFreed = true),
        new("av-live", "an AV of a chain is freed", Forked + "P0 exit", machine => Chain(machine, 1)[1].AnonVma.IsFreed = true),
        new("av-live", "the AV of a page is freed", Written, machine => Page(machine).Mapping = FreedAnonVma),
        new("av-live", "the root of an AV is freed", Forked + "P1 write 0 = 2\nP0 exit", machine =>
        {
            Chain(machine, 1)[1].AnonVma.IsFreed = true;
            Relink(Vma(machine, 1), Chain(machine, 1)[0]);
        }),
        new("av-live", "the parent of an AV is freed", Grandchild + "P2 write 0 = 3\nP1 exit", machine =>
        {
            Chain(machine, 2)[1].AnonVma.IsFreed = true;
            Relink(Vma(machine, 2), Chain(machine, 2)[2], Chain(machine, 2)[0]);
        }),
        new("av-live", "the AV of an rmap_item is freed", Merged, machine => Item(machine).AnonVma = FreedAnonVma),
        new("ksm-node-live", "the frame of a stable node is another", Merged, machine => Node(machine).KPfn = new Pfn(99)),
        new("ksm-node-live", "the stable node is freed", Merged, machine => Node(machine).IsFreed = true),
    ];
}
