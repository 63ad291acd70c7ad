namespace Rmap.Properties.Checking;

/// <content>What only looks like a corruption.</content>
internal sealed partial record Corruption
{
    internal static IReadOnlyList<Corruption> Exempt { get; } =
    [
        Sound("a KSM page of the null node, whose merge did not come to its end", Forked,
            machine => Page(machine).Mapping = StableNode.Null),
        Sound("an AV that only rmap_items keep, although its parent is freed", OnlyItems),
        Sound("a pin of the zero page", "P0 mmap 0+1 r private anon\nP0 read 0\nP0 pin 0 G0"),
        Sound("a pinned page of a file is not AnonExclusive", SharedFile + "P0 pin 0 G0"),
        Sound("a page of which somebody has a reference only is not AnonExclusive", Forked + "P0 pin 0 G0 get"),
        Sound("pages locked of which Linux has lost count, in 6.18", Written + "P0 mlock 0+1\nP0 mremap 0+4 -> 8+4 maymove dontunmap fixed",
            machine => Assert.Equal(1, Mm(machine).LockedVmAstray)),
        Sound("a swap entry in a VM_LOCKED VMA where no page was", SwappedOut + "P0 mlock 0+4 onfault"),
        Sound("a page that is swapped out just before its VMA is locked", Written + "P0 write 1 = 2\nP0 mlock 1+1", machine =>
        {
            Execute(machine, "P0 reclaim 0");
            Execute(machine, "P0 mlock 0+1 onfault");
        }),
        Sound("a swap entry that mremap moves over a locked page", Written + "P0 write 1 = 2\nP0 reclaim 1\nP0 mlock 0+4 onfault",
            machine => Execute(machine, "P0 mremap 1+1 -> 0+1")),
        Sound("the root first in a chain, in 7.2", Forked,
            machine => Relink(Vma(machine, 1), Chain(machine, 1)[0], Chain(machine, 1)[1])) with { Rules = new Linux72() },
        Sound("a private mapping of a read-only opening may be written", ReadOnlySegment, machine =>
        {
            Vma(machine).Flags &= ~VmFlags.MayShare;
            Vma(machine).Flags |= VmFlags.MayWrite;
        }),
        Sound("a place that the walk of a KSM page meets twice", Merged + "P0 fork P1\nksm scan 2"),
        Sound("a stable node whose frame is another's by now", TwoNodes + "P0 munmap 0+2\nP0 mmap 0+2 rw private anon\nP0 write 0 = 9"),
        Sound("a dirty page in the swap cache has another content than its slot", SwappedIn, machine =>
        {
            Page(machine).Set(PageFlags.Dirty);
            Page(machine).Value++;
        }),
        Sound("a page in the swap cache with a dirty entry has another content than its slot", SwappedIn, machine =>
        {
            Store(machine, 0, Entry(machine, 0).With(PteBits.Dirty));
            Page(machine).Value++;
        }),
        Sound("a page that could not be read has another content than its slot", SwappedIn, machine =>
        {
            Page(machine).Set(PageFlags.NotUptodate);
            Page(machine).Value++;
        }),
        Sound("a dirty page of a file has another content than the disk", OnDisk, machine =>
        {
            Page(machine).Set(PageFlags.Dirty);
            Page(machine).Value++;
        }),
        Sound("a clean page of a file without disk has any content", PrivateFile + "P0 read 0", machine =>
        {
            Page(machine).Clear(PageFlags.Dirty);
            Page(machine).Value++;
        }),
    ];

    private static Corruption Sound(string what, string scenario, Action<Machine>? change = null) =>
        new("none", what, scenario, change ?? (_ => { }));
}
