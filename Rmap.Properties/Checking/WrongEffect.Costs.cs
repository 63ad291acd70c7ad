namespace Rmap.Properties.Checking;

/// <content>What an operation must not cost.</content>
internal sealed partial record WrongEffect
{
    private const string Shared = "F0 create 9 tmpfs\nF1 create 9 tmpfs\n";
    private const string Beside = "P0 mmap 0+9 rw private anon\nP0 mprotect 8+1 rwx\nP0 write 0 = 1";
    private const string Idle = Forked + "P1 fork P2\n";

    internal static IReadOnlyList<WrongEffect> Costs { get; } =
    [
        new("a child has its parent's AV", Written, "P0 fork P1", "P0 fork P1",
            Change: machine => Vma(machine, process: 1).AnonVma = Vma(machine).AnonVma),
        new("fork makes an AV although one is idle", Written, "P0 fork P1", "P0 fork P1",
            Change: machine => (Vma(machine).AnonVma!.NumActiveVmas, Vma(machine).AnonVma!.NumChildren) = (0, 1)),
        new("an AV from a VMA that is not beside it", Written + "P0 mmap 8+1 rw private anon", "P0 write 8 = 1", Change: Lend),
        new("an AV from a VMA with other flags", "P0 mmap 0+9 rw private anon\nP0 madvise 8+1 dontfork\nP0 write 0 = 1",
            "P0 write 8 = 1", Change: Lend),
        new("an AV from a VMA of a file", Shared + "P0 mmap 0+8 rw private F0\nP0 write 0 = 1\nP0 mmap 8+1 rw private anon",
            "P0 write 8 = 1", Change: Lend),
        new("an AV from a VMA with another page offset", Shared + "P0 mmap 0+8 rw private F0\nP0 write 0 = 1\nP0 mmap 8+1 rw private F0",
            "P0 write 8 = 1", Change: Lend),
        new("an AV from a VMA that has inherited", Beside, "P0 write 8 = 1",
            Change: machine =>
            {
                Vma(machine).AddToChain(Vma(machine).ChainFromTail(0));
                Lend(machine);
            }),
        new("a VMA that has inherited grows over new memory", Forked, "P1 mmap 4+1 rw private anon", "", "4",
            machine => Vma(machine, process: 1).Range = new(new(0), new(5))),
        new("a VMA that has inherited grows over a VMA without AV", Forked + "P1 mmap 4+1 r private anon", "P1 mprotect 4+1 rw",
            "P1 munmap 4+1", Change: machine => Vma(machine, process: 1).Range = new(new(0), new(5))),
        new("a VMA that has inherited grows downwards", "P0 mmap 2+4 rw private anon\nP0 write 2 = 1\nP0 fork P1",
            "P1 mmap 1+1 rw private anon", "", "1",
            machine => Vma(machine, 2, 1).Range = new(new(1), new(6))),
        new("a VMA that has inherited grows where mremap comes to", Forked + "P1 mmap 8+1 rw private anon", "P1 mremap 8+1 -> 4+1",
            "P1 munmap 8+1", "4",
            machine => Vma(machine, process: 1).Range = new(new(0), new(5))),
        new("mprotect leaves two VMAs", "P0 mmap 0+2 rw private anon\nP0 mmap 2+2 r private anon", "P0 mprotect 2+2 rw",
            Change: machine => Vma(machine, 2).Flags = Vma(machine).Flags),
        new("mmap leaves a VMA below alone", "P0 mmap 0+2 rw private anon\nP0 mmap 2+2 r private anon", "P0 mmap 2+2 rw private anon", "",
            "2",
            machine => Vma(machine, 2).Flags = Vma(machine).Flags),
        new("mmap leaves a VMA above alone", "P0 mmap 0+2 rw private anon\nP0 mmap 2+2 r private anon", "P0 mmap 0+2 rw private anon", "",
            "0",
            machine => Vma(machine, 2).Flags = Vma(machine).Flags),
        new("madvise leaves two VMAs", "P0 mmap 0+4 rw private anon\nP0 madvise 2+2 dontfork", "P0 madvise 2+2 dofork",
            Change: machine => Vma(machine, 2).Flags = Vma(machine).Flags),
        new("mlock leaves two VMAs", "P0 mmap 0+4 rw private anon\nP0 mlock 2+2", "P0 mlock 0+2",
            Change: machine => Vma(machine).Flags = Vma(machine, 2).Flags),
        new("munlock leaves two VMAs", "P0 mmap 0+4 rw private anon\nP0 mlock 2+2", "P0 munlock 2+2",
            Change: machine => Vma(machine, 2).Flags = Vma(machine).Flags),
        new("mremap leaves two VMAs", "P0 mmap 0+2 rw private anon\nP0 mmap 2+2 r private anon\nP0 mmap 16+2 rw private anon",
            "P0 mremap 16+2 -> 2+2", "P0 munmap 16+2", "2", machine => Vma(machine, 2).Flags = Vma(machine).Flags),
        new("mremap leaves what it has grown", "P0 mmap 0+2 rw private anon\nP0 mmap 2+2 r private anon",
            "P0 mremap 0+2 -> +4", "", "0", machine => Vma(machine, 2).Flags = Vma(machine).Flags),
        new("mprotect leaves VMAs of a file", Shared + "P0 mmap 0+2 rw shared F0\nP0 mprotect 1+1 r", "P0 mprotect 1+1 rw",
            Change: machine => Vma(machine, 1).Flags = Vma(machine).Flags),
        new("mprotect leaves a VMA with AV and one without", Written + "P0 mmap 4+2 r private anon", "P0 mprotect 4+2 rw",
            Change: machine => Vma(machine, 4).Flags = Vma(machine).Flags),
        new("mprotect leaves two VMAs with one AV", Written + "P0 mprotect 2+2 r", "P0 mprotect 2+2 rw",
            Change: machine => Vma(machine, 2).Flags = Vma(machine).Flags),
        new("ksmd replaces a page at once", "P0 mmap 0+4 rw private anon\nP0 madvise 0+4 mergeable\nP0 write 0 = 5\nP0 write 1 = 5",
            "ksm scan 1", "ksm scan"),
        new("ksmd takes too many pages in", "option ksm-max-sharing 2\n" + Merged + "P0 write 2 = 6\nP0 write 3 = 6\nksm scan",
            "ksm scan", Change: MoveAll),
        new("a walk looks at a place twice", Merged + "P0 fork P1\n", "ksm scan", Change: LinkAgain),
    ];

    internal static IReadOnlyList<WrongEffect> RightCosts { get; } =
    [
        new("fork does what it is for", Written, "P0 fork P1", "P0 fork P1"),
        new("fork does what it is for twice", Idle, "P2 fork P3", "P2 fork P3"),
        new("fork fails with an idle AV", Written, "P0 fork P1", "P0 fork P1", "ENOMEM",
            machine => (Vma(machine).AnonVma!.NumActiveVmas, Vma(machine).AnonVma!.NumChildren) = (0, 1)),
        new("fork makes an AV as the idle one has two children", Written, "P0 fork P1", "P0 fork P1",
            Change: machine => (Vma(machine).AnonVma!.NumActiveVmas, Vma(machine).AnonVma!.NumChildren) = (0, 2)),
        new("fork makes an AV as the other is somebody's own", Written, "P0 fork P1", "P0 fork P1",
            Change: machine => (Vma(machine).AnonVma!.NumActiveVmas, Vma(machine).AnonVma!.NumChildren) = (1, 1)),
        new("fork takes over an idle AV", Idle + "P1 exit", "P2 fork P3", "P2 fork P3"),
        new("fork where allocations may fail", Written + "P0 fail-nth 99", "P0 fork P1", "P0 fork P1",
            Change: machine => Vma(machine, process: 1).AnonVma = Vma(machine).AnonVma),
        new("a new AV", Written + "P0 mmap 8+1 rw private anon", "P0 write 8 = 1", "P0 write 8 = 1"),
        new("an AV from below", Beside, "P0 write 8 = 1", Change: Lend),
        new("an AV from above", "P0 mmap 9+8 rw private anon\nP0 write 9 = 1\nP0 mmap 8+1 r private anon\nP0 mprotect 8+1 rwx",
            "P0 write 8 = 1", "P0 write 8 = 1"),
        new("an AV that was there", Written + "P0 mmap 8+1 rw private anon\nP0 write 8 = 1", "P0 write 8 = 2",
            Change: machine => Vma(machine, 8).AnonVma!.NumActiveVmas++),
        new("a store to nothing", Written, "P0 write 20 = 1", Outcome: "SIGSEGV"),
        new("a VMA that has inherited grows by mremap", Forked, "P1 mremap 0+4 -> +6", "P1 mremap 0+4 -> +6"),
        new("a VMA that has inherited moves", Forked, "P1 mremap 0+4 -> 16+6", "P1 mremap 0+4 -> 16+6", "16"),
        new("a VMA that has inherited is cut and joined", Forked + "P1 mprotect 1+1 r", "P1 mprotect 1+1 rw", "P1 mprotect 1+1 rw"),
        new("segments stay apart", "S0 shmget 4\nP0 shmat S0 0\nP0 mprotect 1+1 r", "P0 mprotect 1+1 rw",
            Change: machine => Vma(machine, 1).Flags = Vma(machine).Flags),
        new("a gap stays", "P0 mmap 0+5 rw private anon\nP0 munmap 2+1\nP0 mprotect 3+2 r", "P0 mprotect 3+2 rw", "P0 mprotect 3+2 rw"),
        new("two files stay apart", Shared + "P0 mmap 0+2 rw shared F0\nP0 mmap 2+2 r shared F1@2", "P0 mprotect 2+2 rw",
            "P0 mprotect 2+2 rw"),
        new("page offsets that do not go on stay apart", Shared + "P0 mmap 0+2 rw shared F0\nP0 mmap 2+2 r shared F0",
            "P0 mprotect 2+2 rw", "P0 mprotect 2+2 rw"),
        new("policies stay apart", "P0 mmap 0+4 rw private anon\nP0 mbind 2+2 bind\nP0 mprotect 2+2 r", "P0 mprotect 2+2 rw",
            "P0 mprotect 2+2 rw"),
        new("flags stay apart", "P0 mmap 0+4 rw private anon\nP0 madvise 2+2 dontfork\nP0 mprotect 2+2 r", "P0 mprotect 2+2 rw",
            "P0 mprotect 2+2 rw"),
        new("two AVs stay apart", Written + "P0 mmap 4+4 rw private anon\nP0 madvise 4+4 dontfork\nP0 write 4 = 1",
            "P0 madvise 4+4 dofork", "P0 madvise 4+4 dofork"),
        new("who has inherited stays apart", Forked + "P1 mmap 4+2 r private anon", "P1 mprotect 4+2 rw", "P1 mprotect 4+2 rw"),
        new("who has inherited stays apart below", "P0 mmap 2+4 rw private anon\nP0 write 2 = 1\nP0 fork P1\nP1 mmap 0+2 r private anon",
            "P1 mprotect 0+2 rw", "P1 mprotect 0+2 rw"),
        new("where nothing has changed nothing is asked",
            "P0 mmap 0+2 rw private anon\nP0 mmap 2+2 r private anon\nP0 mmap 8+1 r private anon",
            "P0 mprotect 8+1 rw", Change: machine => Vma(machine, 2).Flags = Vma(machine).Flags),
        new("a failing mmap", "P0 mmap 0+2 rw private anon\nP0 mmap 2+2 r private anon", "P0 mmap 2+2 rw private anon", "", "ENOMEM",
            machine => Vma(machine, 2).Flags = Vma(machine).Flags),
        new("a failing mremap", "P0 mmap 0+2 rw private anon\nP0 mmap 2+2 r private anon", "P0 mremap 0+2 -> +4", "", "ENOMEM",
            machine => Vma(machine, 2).Flags = Vma(machine).Flags),
        new("MREMAP_DONTUNMAP", "P0 mmap 0+2 rw private anon\nP0 mmap 2+2 r private anon\nP0 mmap 16+2 rw private anon",
            "P0 mremap 16+2 -> 2+2 maymove fixed dontunmap", "", "2", machine => Vma(machine, 2).Flags = Vma(machine).Flags),
        new("munmap is not asked", "P0 mmap 0+2 rw private anon\nP0 mmap 2+2 r private anon", "P0 munmap 8+2",
            Change: machine => Vma(machine, 2).Flags = Vma(machine).Flags),
        new("nobody", Written, "P7 mprotect 0+1 r", Outcome: "ESRCH"),
        new("ksmd takes what it has seen",
            "P0 mmap 0+4 rw private anon\nP0 madvise 0+4 mergeable\nP0 write 0 = 5\nP0 write 1 = 5\nksm scan 1",
            "ksm scan 1", "ksm scan 1"),
        new("ksmd in two passes", "P0 mmap 0+4 rw private anon\nP0 madvise 0+4 mergeable\nP0 write 0 = 5\nP0 write 1 = 5", "ksm scan 2",
            "ksm scan 2"),
        new("ksmd in as many passes as it takes", "P0 mmap 0+4 rw private anon\nP0 madvise 0+4 mergeable\nP0 write 0 = 5\nP0 write 1 = 5",
            "ksm scan", "ksm scan"),
        new("forked pages exceed the limit", "option ksm-max-sharing 2\n" + Merged + "P0 fork P1\n", "ksm scan", "ksm scan"),
    ];

    /// <summary>All KSM pages and their items to the stable node of page 0.</summary>
    private static void MoveAll(Machine machine)
    {
        Page page = Page(machine);
        var node = (StableNode)page.Mapping!;
        foreach (RmapItem item in machine.Ksm.Slots[0].Items.Where(item => item.Head is not null && item.Head != node))
        {
            item.Head!.Items.Remove(item);
            node.Items.Add(item);
            item.Head = node;
            item.Mm.PageTable[item.Address] = Pte.Present(page, PteBits.None);
        }
    }

    /// <summary>The VMA a second time in the tree of its AV.</summary>
    private static void LinkAgain(Machine machine)
    {
        VmArea vma = Vma(machine);
        var link = new AnonVmaChain(vma, vma.AnonVma!);
        vma.AnonVma!.Tree.Insert(link.Node, vma.AnonPageOffset, vma.LastAnonPageOffset);
    }
}
