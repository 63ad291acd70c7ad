namespace Rmap.Properties.Checking;

/// <content>What an operation must come to.</content>
internal sealed partial record WrongEffect
{
    private const string Locked = Written + "P0 mlock 0+4\n";
    private const string Bare = "P0 mmap 8+4 rw private anon\nP0 mprotect 10+2 r\nP0 fail-nth 9\n";
    private const string FileWithCopy = PrivateFile + "P0 read 0\nP0 write 1 = 1\n";

    internal static IReadOnlyList<WrongEffect> Effects { get; } =
    [
        new("pageout takes a page from another process", Forked, "P0 madvise 0+4 pageout", "P0 reclaim 0"),
        new("reclaim leaves a page", Written, "P0 reclaim 0"),
        new("reclaim fails", Written, "P0 reclaim 0", Outcome: "EINVAL"),
        new("reclaim leaves a page that two processes map", Forked, "P1 reclaim 0"),
        new("a migrated page is not mlocked", Locked, "P0 migrate 0", Change: machine => Page(machine).Clear(PageFlags.Mlocked)),
        new("referenced does not see VM_LOCKED", Locked, "P0 referenced 0", Outcome: "1 rw"),
        new("a child inherits VM_LOCKED", Written, "P0 fork P1", "P0 fork P1",
            Change: machine => Vma(machine, process: 1).Flags |= VmFlags.Locked),
        new("mbind does nothing", Written, "P0 mbind 1+2 bind"),
        new("mbind does one page less", Written, "P0 mbind 1+2 bind", "P0 mbind 1+1 bind"),
        new("mbind does not begin at the first", Written, "P0 mbind 1+2 bind", "P0 mbind 2+1 bind"),
        new("unmerging leaves rmap_items", Merged, "ksm run 2"),
        new("unmerging leaves stable nodes", Merged, "ksm run 2", "P0 munmap 0+4",
            Change: machine => machine.Ksm.Slots[0].Items.Clear()),
        new("unmerging leaves KSM pages", Merged, "ksm run 2", Change: machine => machine.Ksm.Slots[0].Items.Clear()),
        new("max_page_sharing changes while there are stable nodes", Merged, "ksm max-sharing 8"),
        new("a child does not inherit process-wide KSM", Written + "P0 memory-merge on", "P0 fork P1", "P0 fork P1",
            Change: machine => Mm(machine, 1).IsMergeAny = false),
        new("a child has process-wide KSM of its own", Written, "P0 fork P1", "P0 fork P1",
            Change: machine => Mm(machine, 1).IsMergeAny = true),
        new("exec ends process-wide KSM", Written + "P0 memory-merge on", "P0 exec", "P0 exec",
            Change: machine => Mm(machine).IsMergeAny = false),
        new("exec begins process-wide KSM", Written, "P0 exec", "P0 exec", Change: machine => Mm(machine).IsMergeAny = true),
        new("fork copies a page of a file", FileWithCopy, "P0 fork P1", "P0 fork P1\nP1 write 0 = 7"),
        new("a failing mmap gives an AV to a neighbour", Written + Bare, "P0 mmap 20+1 r private anon", Change: Prepare),
        new("a failing mprotect gives an AV", Written + Bare, "P0 mprotect 8+1 r", Outcome: "ENOMEM", Change: Prepare),
        new("a failing mremap gives an AV", Written + Bare, "P0 mremap 8+1 -> 20+1", Outcome: "ENOMEM", Change: Prepare),
        new("a failing madvise gives an AV", Written + Bare, "P0 madvise 8+1 dontfork", Outcome: "EAGAIN", Change: Prepare),
    ];

    internal static IReadOnlyList<WrongEffect> RightEffects { get; } =
    [
        new("pageout takes a page from its own process alone", Written + "P0 fork P1\nP0 write 0 = 2", "P0 madvise 0+4 pageout",
            "P0 reclaim 0"),
        new("pageout takes a page from a process that shares the mm", Written + "P0 clone-vm P1", "P0 madvise 0+4 pageout", "P0 reclaim 0"),
        new("pageout of nobody", Written, "P7 madvise 0+4 pageout", Outcome: "ESRCH"),
        new("reclaim takes a page", Written, "P0 reclaim 0", Outcome: "1"),
        new("reclaim of nothing", Written, "P0 reclaim 1"),
        new("reclaim of a slot", Written + "P0 reclaim 0", "P0 reclaim 0"),
        new("reclaim of nobody", Written, "P7 reclaim 0", Outcome: "ESRCH"),
        new("reclaim leaves a page that is held", Written + "P0 pin 0 G0 get", "P0 reclaim 0"),
        new("reclaim leaves a page of a file", PrivateFile + "P0 read 0", "P0 reclaim 0"),
        new("reclaim leaves a KSM page", Merged, "P0 reclaim 0"),
        new("reclaim leaves a page that is not swap-backed", Written + "P0 madvise 0+1 free", "P0 reclaim 0"),
        new("reclaim leaves an unevictable page", Locked, "P0 reclaim 0"),
        new("reclaim leaves a page in a VM_LOCKED VMA", Written + "P0 reclaim 0\nP0 mlock 0+4 onfault\nP0 read 0", "P0 reclaim 0"),
        new("migration fails", Locked, "P0 migrate 0", Outcome: "EAGAIN", Change: machine => Page(machine).Clear(PageFlags.Mlocked)),
        new("a page that was not mlocked is migrated", Written, "P0 migrate 0"),
        new("a page in a VM_LOCKED VMA that was not mlocked is migrated", Written + "P0 reclaim 0\nP0 mlock 0+4 onfault\nP0 read 0",
            "P0 migrate 0"),
        new("an mlocked page is migrated", Locked, "P0 migrate 0", "P0 migrate 0"),
        new("referenced sees VM_LOCKED", Locked, "P0 referenced 0", Outcome: "1 rwl"),
        new("referenced of a page that is not locked", Written, "P0 referenced 0", "P0 referenced 0", "1 rw"),
        new("referenced of a locked KSM page", Merged + "P0 mlock 0+4 onfault", "P0 referenced 0", Outcome: "0 -"),
        new("fork fails", Written, "P0 fork P1", Outcome: "ENOMEM"),
        new("a child without VM_LOCKED", Locked, "P0 fork P1", "P0 fork P1"),
        new("mbind fails", Written, "P0 mbind 1+2 bind", Outcome: "ENOMEM"),
        new("mbind does what it is for", Written, "P0 mbind 1+2 bind", "P0 mbind 1+2 bind"),
        new("mbind of nothing", Written, "P0 mbind 1+0 bind"),
        new("run stays 2", Merged + "ksm run 2\nksm run 2", "ksm run 2"),
        new("run becomes 1", Merged, "ksm run 1"),
        new("unmerging does what it is for", Merged, "ksm run 2", "ksm run 2"),
        new("unmerging leaves what another maps", Merged + "P0 fork P1\nP1 madvise 0+4 unmergeable", "ksm run 2", "ksm run 2"),
        new("max_page_sharing stays as it is", Merged, "ksm max-sharing 256"),
        new("max_page_sharing cannot change", Merged, "ksm max-sharing 8", Outcome: "EBUSY"),
        new("max_page_sharing changes while there is nothing", Written, "ksm max-sharing 8"),
        new("a child inherits process-wide KSM", Written + "P0 memory-merge on", "P0 fork P1", "P0 fork P1"),
        new("exec keeps process-wide KSM", Written + "P0 memory-merge on", "P0 exec", "P0 exec"),
        new("fork shares pages of files and copies", FileWithCopy, "P0 fork P1", "P0 fork P1"),
        new("a child writes where its parent has a copy", FileWithCopy, "P0 fork P1", "P0 fork P1\nP1 write 1 = 2"),
        new("a child writes where its parent maps nothing", FileWithCopy, "P0 fork P1", "P0 fork P1\nP1 write 3 = 2"),
        new("mremap moves a VMA that gets an AV", Written + Bare, "P0 mremap 8+1 -> 20+1", Outcome: "20", Change: Prepare),
        new("a VMA that grows gets an AV", Written + Bare, "P0 mprotect 8+1 r", Outcome: "ENOMEM", Change: machine =>
        {
            Prepare(machine);
            Vma(machine, 8).Range = new(new(8), new(9));
        }),
        new("a VM_LOCKED VMA gets an AV", Written + "P0 mmap 8+4 r private anon\nP0 mlock 8+4\nP0 fail-nth 9", "P0 mprotect 8+4 rw",
            Outcome: "ENOMEM", Change: Prepare),
        new("populate gives an AV", Written + Bare, "P0 madvise 8+1 populate-write", Outcome: "ENOMEM", Change: Prepare),
        new("populate for reading gives an AV", Written + Bare, "P0 madvise 8+1 populate-read", Outcome: "ENOMEM", Change: Prepare),
        new("nothing can fail and a VMA gets an AV", Written + "P0 mmap 8+4 rw private anon", "P0 mprotect 8+1 rw", Change: Prepare),
    ];
}
