namespace Rmap.Properties.Checking;

/// <summary>A sound machine, and what is done to its structures by hand so that one invariant is the first to break.</summary>
/// <param name="Invariant">Its id.</param>
/// <param name="What">What is done, in a few words.</param>
/// <param name="Scenario">The operations that lead to the sound machine.</param>
/// <param name="Corrupt">What is done then.</param>
internal sealed partial record Corruption(string Invariant, string What, string Scenario, Action<Machine> Corrupt)
{
    private const string Written = "P0 mmap 0+4 rw private anon\nP0 write 0 = 1\n";
    private const string Forked = Written + "P0 fork P1\n";
    private const string Grandchild = Forked + "P1 write 0 = 2\nP1 fork P2\n";
    private const string SwappedOut = Written + "P0 reclaim 0\n";
    private const string SwappedIn = SwappedOut + "P0 read 0\n";
    private const string PrivateFile = "F0 create 4 tmpfs = 7\nP0 mmap 0+4 rw private F0\n";
    private const string SharedFile = "F0 create 4 tmpfs = 7\nP0 mmap 0+4 rw shared F0\nP0 write 0 = 1\n";
    private const string SharedAnonymous = "P0 mmap 0+4 rw shared anon\nP0 write 0 = 1\n";
    private const string Merged =
        "P0 mmap 0+4 rw private anon\nP0 madvise 0+4 mergeable\nP0 write 0 = 5\nP0 write 1 = 5\nksm scan\n";

    /// <summary>Two stable nodes: pages 0 and 1 share one, 2 and 3 the other.</summary>
    private const string TwoNodes = Merged + "P0 write 2 = 6\nP0 write 3 = 6\nksm scan\n";

    /// <summary>Beside what is mapped first, a VMA without AV.</summary>
    private const string Bare = "P0 mmap 8+1 r private anon\n";

    /// <summary>Beside what is mapped first, a VMA with an AV of its own, and a page.</summary>
    private const string Stranger = Bare + "P0 mprotect 8+1 rwx\nP0 write 8 = 2\n";

    /// <summary>One invariant that is not asked.</summary>
    internal string? Except { get; init; }

    internal Rules Rules { get; init; } = new Linux618();

    /// <summary>In the order of the invariants.</summary>
    internal static IReadOnlyList<Corruption> All { get; } =
        [.. OfSpaces, .. OfLife, .. OfCounts, .. OfSwap, .. OfAnon, .. OfEntries, .. OfLocks, .. OfKsm, .. OfTheWayBack];

    /// <summary>The first invariant that is broken once all this is done; before it is, none is.</summary>
    internal Violation? FirstViolation()
    {
        Machine machine = CorruptionTests.Build(Scenario, Rules);
        var checker = new InvariantChecker(machine);
        Assert.Null(checker.FirstViolation());
        Corrupt(machine);
        return checker.FirstViolation(Invariants.All.SingleOrDefault(invariant => invariant.Id == Except));
    }

    public override string ToString() => $"{Invariant}: {What}";

    private static Mm Mm(Machine machine, int process = 0) => machine.Find(new ProcessId(process))!.Mm;

    private static VmArea Vma(Machine machine, int process = 0, long page = 0) => Mm(machine, process).Lookup(new(page))!;

    private static Pte Entry(Machine machine, long page) => Mm(machine).PageTable[new(page)];

    private static Page Page(Machine machine, long page = 0) => Entry(machine, page).Page;

    private static SwapSlot Slot(Machine machine) => Entry(machine, 0).Slot;

    private static StableNode Node(Machine machine, long page = 0) => (StableNode)Page(machine, page).Mapping!;

    private static AddressSpace File(Machine machine, int number = 0) => machine.Files.All[number];

    private static RmapItem Item(Machine machine, int number = 0) => machine.Ksm.Slots[0].Items[number];

    private static AnonVma FreedAnonVma => new(9, null, null) { IsFreed = true };

    private static AnonVmaChain[] Chain(Machine machine, int process) => [.. Vma(machine, process).Chain];

    private static void Store(Machine machine, long page, Pte pte) => Mm(machine).PageTable[new(page)] = pte;

    private static void Execute(Machine machine, string operation) =>
        Assert.True(machine.Execute(ScenarioText.Parse(operation).Steps[0].Operation).Succeeded);

    private static void Permit(Machine machine, long page) => Store(machine, page, Entry(machine, page).With(PteBits.Writable));

    private static void Move(Machine machine, long from, long to)
    {
        Store(machine, to, Entry(machine, from).Without(PteBits.Writable));
        Store(machine, from, default);
    }

    private static void Link(VmArea vma, AnonVma anonVma)
    {
        AnonVmaChain[] chain = [.. vma.Chain.Reverse()];
        var link = new AnonVmaChain(vma, anonVma);
        anonVma.Tree.Insert(link.Node, vma.AnonPageOffset, vma.LastAnonPageOffset);
        Relink(vma, [.. chain, link]);
    }

    private static void Relink(VmArea vma, params AnonVmaChain[] fromTail)
    {
        while (vma.ChainLength > 0)
            vma.RemoveFromChain(0);

        foreach (AnonVmaChain link in fromTail)
            vma.AddToChain(link);
    }
}
