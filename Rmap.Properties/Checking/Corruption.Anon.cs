namespace Rmap.Properties.Checking;

/// <content>AVs, VMAs and their links, and the trees of files.</content>
internal sealed partial record Corruption
{
    /// <summary>Two VMAs with one AV.</summary>
    private const string Split = Written + "P0 mprotect 2+2 r\n";

    private static Corruption[] OfAnon =>
    [
        new("own-av", "a VMA forgets its own AV", Written, machine => Vma(machine).AnonVma = null),
        new("own-av", "the own AV is in no chain", Forked, machine => Relink(Vma(machine, 1), Chain(machine, 1)[1])),
        new("own-av", "the chain is empty", Written, machine => Relink(Vma(machine))),
        new("link", "a tree forgets a link", Written, machine => Vma(machine).AnonVma!.Tree.Remove(Vma(machine).ChainFromTail(0).Node)),
        new("link", "a link of another VMA", Forked,
            machine => Relink(Vma(machine, 1), Vma(machine).ChainFromTail(0), Chain(machine, 1)[0])),
        new("link", "a second link to the same AV", Written, machine => Link(Vma(machine), Vma(machine).AnonVma!)),
        new("link", "a chain forgets a link", Forked, machine => Relink(Vma(machine, 1), Chain(machine, 1)[0])),
        new("interval-key", "a VMA begins elsewhere", Written, machine => Vma(machine).AnonPageOffset++),
        new("interval-key", "a VMA ends elsewhere", Written, machine => Vma(machine).Range = PageRange.Of(new(0), 3)),
        new("interval-key", "a tree is out of order", Split, machine =>
        {
            VmArea vma = Vma(machine);
            vma.AnonPageOffset = 8;
            (vma.ChainFromTail(0).Node.Start, vma.ChainFromTail(0).Node.Last) = (8, vma.LastAnonPageOffset);
        }),
        new("one-root", "an AV with another root", Written + Stranger,
            machine => Link(Vma(machine), Vma(machine, page: 8).AnonVma!)),
        new("root-last", "the root stands first", Forked,
            machine => Relink(Vma(machine, 1), Chain(machine, 1)[0], Chain(machine, 1)[1])),
        new("root-alone", "a fork child owns the root", Forked, machine => Vma(machine, 1).AnonVma = Vma(machine).AnonVma),
        new("ancestors", "the middle one of three AVs is left out", Grandchild, machine =>
        {
            AnonVmaChain[] chain = Chain(machine, 2);
            chain[1].AnonVma.Tree.Remove(chain[1].Node);
            Relink(Vma(machine, 2), chain[2], chain[0]);
        }),
        new("equal-chains", "one chain is longer", Grandchild + "P1 mprotect 0+1 r\nP0 fork P3",
            machine => Link(Vma(machine, 1), Vma(machine, 3).AnonVma!)),
        new("equal-chains", "chains of one length", Grandchild + "P1 mprotect 0+1 r\nP0 fork P3\nP0 fork P4", machine =>
        {
            Link(Vma(machine, 1), Vma(machine, 3).AnonVma!);
            Link(Vma(machine, 1, page: 1), Vma(machine, 4).AnonVma!);
        }),
        new("active-vmas", "one too many", Written, machine => Vma(machine).AnonVma!.NumActiveVmas++),
        new("active-vmas", "one too few", Split, machine => Vma(machine).AnonVma!.NumActiveVmas--),
        new("children", "one too many", Written, machine => Vma(machine).AnonVma!.NumChildren++),
        new("children", "one too few", Forked, machine => Vma(machine).AnonVma!.NumChildren--),
        new("av-refcount", "one too many", Written, machine => Vma(machine).AnonVma!.RefCount++),
        new("av-refcount", "one too few of a root", Grandchild, machine => Vma(machine).AnonVma!.RefCount--),
        new("av-refcount", "one too many of an AV with rmap_items", Merged, machine => Vma(machine).AnonVma!.RefCount++),
        new("av-refcount", "one too many of an AV that only rmap_items keep", OnlyItems, machine => Item(machine).AnonVma!.RefCount++),
        new("av-leak", "an AV to which nothing leads", Written, machine => AnonVmas.Prepare(
            new TaskStruct(machine),
            new VmArea(Mm(machine), PageRange.Of(new(20), 1), 20, VmFlags.Read, null))),
        new("i-mmap", "a VMA in no i_mmap", PrivateFile, machine => File(machine).Unlink(Vma(machine))),
        new("i-mmap", "a VMA in that of another file", PrivateFile + "F1 create 1 tmpfs", machine =>
        {
            File(machine).Unlink(Vma(machine));
            File(machine, 1).Link(Vma(machine), 0);
        }),
        new("i-mmap", "a VMA begins elsewhere", PrivateFile, machine => Vma(machine).PageOffset++),
        new("i-mmap", "a VMA ends elsewhere", PrivateFile, machine => Vma(machine).Range = PageRange.Of(new(0), 3)),
        new("i-mmap", "out of order", PrivateFile + "P0 mprotect 2+2 r", machine =>
        {
            VmArea vma = Vma(machine);
            vma.PageOffset = 8;
            (vma.Shared.Start, vma.Shared.Last) = (8, vma.LastPageOffset);
        }),
        new("i-mmap", "a VMA that is gone", PrivateFile, machine => File(machine).Link(
            new VmArea(Mm(machine), PageRange.Of(new(20), 1), 0, VmFlags.Read, Vma(machine).File), 0)),
        new("anon-needs-av", "an anonymous page", Written + Bare, machine => Move(machine, 0, 8)),
        new("anon-needs-av", "a KSM page", Merged + Bare, machine => Move(machine, 0, 8)),
        new("anon-needs-av", "a swap entry", SwappedOut + Bare, machine => Move(machine, 0, 8)),
        new("shared-has-no-av", "an AV", SharedAnonymous, machine => AnonVmas.Prepare(new TaskStruct(machine), Vma(machine))),
    ];

    /// <summary>A grandchild's AV outlives its VMA and its parent: rmap_items keep it until ksmd comes by.</summary>
    private const string OnlyItems = Grandchild + "P2 madvise 0+4 mergeable\nP2 write 0 = 5\nP2 write 1 = 5\nksm scan\n"
        + "P1 exit\nP2 munmap 0+4\n";
}
