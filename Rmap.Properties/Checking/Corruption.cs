using Rmap.Model;

namespace Rmap.Properties.Checking;

/// <summary>A sound machine, and what is done to its structures by hand so that one invariant is the first to break.</summary>
/// <param name="Invariant">Its id.</param>
/// <param name="Scenario">The operations that lead to the sound machine.</param>
/// <param name="Corrupt">What is done then.</param>
internal sealed record Corruption(string Invariant, string Scenario, Action<Machine> Corrupt)
{
    private const string Written = "P0 mmap 0+4 rw private anon\nP0 write 0 = 1\n";
    private const string Forked = Written + "P0 fork P1\n";
    private const string Grandchild = Forked + "P1 write 0 = 2\nP1 fork P2\n";
    private const string SwappedOut = Written + "P0 reclaim 0\n";
    private const string SwappedIn = SwappedOut + "P0 read 0\n";
    private const string PrivateFile = "F0 create 4 tmpfs = 7\nP0 mmap 0+4 rw private F0\n";
    private const string SharedAnonymous = "P0 mmap 0+4 rw shared anon\nP0 write 0 = 1\n";
    private const string Merged =
        "P0 mmap 0+4 rw private anon\nP0 madvise 0+4 mergeable\nP0 write 0 = 5\nP0 write 1 = 5\nksm scan\n";

    internal static IReadOnlyList<Corruption> All { get; } =
    [
        new("vma-order", Written, machine => Vma(machine).Range = PageRange.Of(new(0), 0)),
        new("mm-users", Written, machine => Mm(machine).Users = 2),
        new("pte-in-vma", Written, machine => Mm(machine).PageTable[new(100)] = Pte.Zero(PteBits.None)),
        new("no-migration-entry", Written, machine => Store(machine, 0, Pte.Migration(Page(machine), PteBits.None))),
        new("pte-live", Written, machine => machine.Frames.Free(Page(machine))),
        new("mapped-owner", Written, machine => Page(machine).Mapping = null),
        new("av-live", Written, machine => Vma(machine).AnonVma!.IsFreed = true),
        new("ksm-node-live", Merged, machine => Node(machine).KPfn = new Pfn(99)),
        new("mapcount", Written, machine => Page(machine).MapCount++),
        new("pin-count", Written + "P0 pin 0 G0", machine => Page(machine).Gets++),
        new("swap-count", SwappedOut, machine => Slot(machine).Count++),
        new("swap-cache", SwappedIn, machine => Page(machine).SwapCache = null),
        new("shmem-slot", SharedAnonymous + "P0 reclaim 0", machine => machine.Swap.All.Single().Count++),
        new("page-cache", SharedAnonymous, machine => Page(machine).Index++),
        new("page-leak", Written, machine => machine.Frames.Allocate()),
        new("slot-leak", Written, LeakSlot),
        new("own-av", Written, machine => Vma(machine).AnonVma = null),
        new("link", Written, machine => Vma(machine).AnonVma!.Tree.Remove(Vma(machine).ChainFromTail(0).Node)),
        new("interval-key", Written, machine => Vma(machine).PageOffset++),
        new("one-root", Written + "P0 mmap 8+1 r private anon\nP0 mprotect 8+1 rwx\nP0 write 8 = 2",
            machine => Link(Vma(machine), Vma(machine, page: 8).AnonVma!)),
        new("root-last", Forked, machine => Relink(Vma(machine, 1), Chain(machine, 1)[0], Chain(machine, 1)[1])),
        new("root-alone", Forked, machine => Vma(machine, 1).AnonVma = Vma(machine).AnonVma),
        new("ancestors", Grandchild, Orphan),
        new("equal-chains", Grandchild + "P1 mprotect 0+1 r\nP0 fork P3",
            machine => Link(Vma(machine, 1), Vma(machine, 3).AnonVma!)),
        new("active-vmas", Written, machine => Vma(machine).AnonVma!.NumActiveVmas++),
        new("children", Written, machine => Vma(machine).AnonVma!.NumChildren++),
        new("av-refcount", Written, machine => Vma(machine).AnonVma!.RefCount++),
        new("av-leak", Written, machine => machine.AnonVmas.Prepare(new VmArea(Mm(machine), Range(20), 20, VmFlags.Read, null))),
        new("i-mmap", PrivateFile, machine => Vma(machine).File!.Mapping.Unlink(Vma(machine))),
        new("attached", SharedAnonymous, machine => Vma(machine).File!.Mapping.Attached++),
        new("anon-needs-av", Written + "P0 mmap 8+1 r private anon", machine => Move(machine, 0, 8)),
        new("shared-has-no-av", SharedAnonymous, machine => machine.AnonVmas.Prepare(Vma(machine))),
        new("pte-permission", Written + "P0 mprotect 0+4 r", machine => Store(machine, 0, Entry(machine, 0).With(PteBits.Writable))),
        new("writable-exclusive", Written, machine => Page(machine).Clear(PageFlags.AnonExclusive)),
        new("exclusive-once", Forked, machine => Page(machine).Set(PageFlags.AnonExclusive)),
        new("pinned-exclusive", Written + "P0 pin 0 G0\nP0 mprotect 0+4 r", machine => Page(machine).Clear(PageFlags.AnonExclusive)),
        new("ksm-read-only", Merged, machine => Store(machine, 0, Entry(machine, 0).With(PteBits.Writable))),
        new("private-read-only", PrivateFile + "P0 read 0", machine => Store(machine, 0, Entry(machine, 0).With(PteBits.Writable))),
        new("swap-exclusive", Forked + "P0 reclaim 0", machine => Store(machine, 0, Pte.Swap(Slot(machine), exclusive: true))),
        new("swap-cache-shared", Forked + "P0 reclaim 0\nP0 read 0", machine => Page(machine).Set(PageFlags.AnonExclusive)),
        new("lazyfree", SwappedIn, machine => Page(machine).Clear(PageFlags.SwapBacked)),
        new("mlocked", Written, machine => Page(machine).Set(PageFlags.Mlocked)),
        new("locked-vm", Written + "P0 mlock 0+1", machine => Mm(machine).LockedVm = 0),
        new("locked-page", Written + "P0 mlock 0+1", SwapOut),
        new("swapoff-list", SwappedOut, machine => machine.Swap.Delist(Mm(machine))),
        new("read-only-opening", "S0 shmget 2\nP0 shmat S0 0 readonly", machine => Vma(machine).Flags |= VmFlags.MayWrite),
        new("in-file", PrivateFile + "P0 write 3 = 1", machine => Vma(machine).File!.Mapping.Pages = 3),
        new("ksm-registered", Written, machine => Vma(machine).Flags |= VmFlags.Mergeable),
        new("ksm-item-order", Merged, machine => machine.Ksm.Slots[0].Items.Reverse()),
        new("ksm-item", Merged, machine => machine.Ksm.Slots[0].Items[0].Head = null),
        new("ksm-length", Merged, machine => Node(machine).Length++),
        new("ksm-zero-page", Written, machine => Store(machine, 1, Pte.Zero(PteBits.Dirty))),
        new("ksm-pages", Written + "P0 madvise 0+4 mergeable\nksm scan 1", machine => machine.Ksm.Slots[0].Items[0].IsUnstable = true),
        new("ksm-mm", Merged, machine => Mm(machine).KsmRmapItems++),
        new("ksm-content", Merged + "P0 write 2 = 6\nP0 write 3 = 6\nksm scan", machine => Entry(machine, 2).Page.Value = 5),
        new("anon-index", Written, machine => Page(machine).Index++),
        new("anon-root", Written + "P0 mmap 8+1 r private anon\nP0 mprotect 8+1 rwx\nP0 write 8 = 2",
            machine => Page(machine).Mapping = Vma(machine, page: 8).AnonVma),
        new("anon-reach", Forked + "P1 write 1 = 1", machine => Page(machine).Mapping = Vma(machine, 1).AnonVma),
        new("file-reach", PrivateFile + "P0 read 0", machine => Move(machine, 0, 1)),
        new("ksm-reach", Merged, machine => Move(machine, 0, 2)),
        new("clean-swap-cache", SwappedIn, machine => Page(machine).SwapCache!.Value++),
        new("clean-file-page", "F0 create 4 ext4\nP0 mmap 0+4 rw private F0\nP0 read 0", machine => Page(machine).Value++),
    ];

    public override string ToString() => Invariant;

    private static Mm Mm(Machine machine, int process = 0) => machine.Find(new ProcessId(process))!.Mm;

    private static VmArea Vma(Machine machine, int process = 0, long page = 0) => Mm(machine, process).Lookup(new(page))!;

    private static Pte Entry(Machine machine, long page) => Mm(machine).PageTable[new(page)];

    private static Page Page(Machine machine) => Entry(machine, 0).Page;

    private static SwapSlot Slot(Machine machine) => Entry(machine, 0).Slot;

    private static StableNode Node(Machine machine) => (StableNode)Page(machine).Mapping!;

    private static PageRange Range(long page) => PageRange.Of(new(page), 1);

    private static AnonVmaChain[] Chain(Machine machine, int process) => [.. Vma(machine, process).Chain];

    private static void Store(Machine machine, long page, Pte pte) => Mm(machine).PageTable[new(page)] = pte;

    private static void Move(Machine machine, long from, long to)
    {
        Store(machine, to, Entry(machine, from).Without(PteBits.Writable));
        Store(machine, from, default);
    }

    private static void Link(VmArea vma, AnonVma anonVma)
    {
        AnonVmaChain[] chain = [.. vma.Chain.Reverse()];
        var link = new AnonVmaChain(vma, anonVma);
        anonVma.Tree.Insert(link.Node, vma.PageOffset, vma.LastPageOffset);
        Relink(vma, [.. chain, link]);
    }

    private static void Relink(VmArea vma, params AnonVmaChain[] fromTail)
    {
        vma.ClearChain();
        foreach (AnonVmaChain link in fromTail)
        {
            vma.AddToChain(link);
        }
    }

    /// <summary>Takes the middle one of three AVs out of a grandchild's chain.</summary>
    private static void Orphan(Machine machine)
    {
        AnonVmaChain[] chain = Chain(machine, 2);
        chain[1].AnonVma.Tree.Remove(chain[1].Node);
        Relink(Vma(machine, 2), chain[2], chain[0]);
    }

    private static void LeakSlot(Machine machine)
    {
        SwapSlot slot = machine.Swap.Allocate(Page(machine));
        slot.Cache = null;
        Page(machine).SwapCache = null;
    }

    /// <summary>As reclaim does it, but without looking at VM_LOCKED.</summary>
    private static void SwapOut(Machine machine)
    {
        Page page = Page(machine);
        SwapSlot slot = machine.Swap.Allocate(page);
        SwapArea.Write(page);
        SwapArea.Duplicate(slot);
        machine.Swap.Enlist(Mm(machine));
        page.Clear(PageFlags.AnonExclusive);
        page.MapCount--;
        Store(machine, 0, Pte.Swap(slot, exclusive: true));
    }
}
