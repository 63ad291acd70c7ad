using System.Runtime.InteropServices;
using Rmap.Model.Rmap;

namespace Rmap.Model.Invariants;

/// <summary>
/// The naive reading of a machine. Every page table is scanned once, VMA by VMA, and everything is counted anew, without a
/// helper that the mechanisms use. <see cref="Read"/> fills the same lists again: nothing is allocated once they have grown
/// to the machine's size.
/// </summary>
internal sealed partial class Truth
{
    private readonly List<Mm> mms = [];
    private readonly List<MmCount> mmCounts = [];
    private readonly List<VmArea> vmas = [];
    private readonly List<PresentPte> anon = [];
    private readonly List<PresentPte> file = [];
    private readonly List<PresentPte> ksm = [];
    private readonly List<ZeroPte> ksmZero = [];
    private readonly List<PresentPte> unowned = [];
    private readonly List<SwapPte> swapped = [];
    private readonly List<Page> pages = [];
    private readonly List<PresentPte> migrating = [];
    private readonly List<AnonVma> anonVmas = [];
    private readonly List<StableNode> stableNodes = [];
    private readonly List<RmapItem> items = [];
    private PageCount[] byPfn = new PageCount[64];
    private int[] bySlot = new int[64];
    private AnonVmaCount[] byAnonVma = new AnonVmaCount[64];
    private int marks;

    internal Truth(Machine machine)
    {
        Machine = machine;
        KsmHistory = new KsmHistory(machine);
        LockHistory = new LockHistory(machine);
    }

    internal Machine Machine { get; }

    /// <summary>What has to be known of earlier states to excuse an entry that maps a KSM page.</summary>
    internal KsmHistory KsmHistory { get; }

    /// <summary>What has to be known of the state before to see that a page was swapped out of a VM_LOCKED VMA.</summary>
    internal LockHistory LockHistory { get; }

    /// <summary>The address spaces that processes use, each once.</summary>
    internal ReadOnlySpan<Mm> Mms => CollectionsMarshal.AsSpan(mms);

    /// <summary>What was counted for each of <see cref="Mms"/>.</summary>
    internal ReadOnlySpan<MmCount> MmCounts => CollectionsMarshal.AsSpan(mmCounts);

    /// <summary>All VMAs, address space by address space, in the order of its list.</summary>
    internal ReadOnlySpan<VmArea> Vmas => CollectionsMarshal.AsSpan(vmas);

    /// <summary>The entries that map an anonymous page that is not KSM's.</summary>
    internal ReadOnlySpan<PresentPte> Anon => CollectionsMarshal.AsSpan(anon);

    /// <summary>The entries that map a page of a file.</summary>
    internal ReadOnlySpan<PresentPte> File => CollectionsMarshal.AsSpan(file);

    /// <summary>The entries that map a KSM page.</summary>
    internal ReadOnlySpan<PresentPte> Ksm => CollectionsMarshal.AsSpan(ksm);

    /// <summary>The entries that map the zero page because KSM put it there, mm by mm.</summary>
    internal ReadOnlySpan<ZeroPte> KsmZero => CollectionsMarshal.AsSpan(ksmZero);

    /// <summary>The entries that map a page which belongs to nothing.</summary>
    internal ReadOnlySpan<PresentPte> Unowned => CollectionsMarshal.AsSpan(unowned);

    /// <summary>The migration entries.</summary>
    internal ReadOnlySpan<PresentPte> Migrating => CollectionsMarshal.AsSpan(migrating);

    /// <summary>The swap entries.</summary>
    internal ReadOnlySpan<SwapPte> Swapped => CollectionsMarshal.AsSpan(swapped);

    /// <summary>The pages in use, by frame.</summary>
    internal ReadOnlySpan<Page> Pages => CollectionsMarshal.AsSpan(pages);

    /// <summary>The AVs in use to which a VMA, a mapped page, an rmap_item or another AV leads.</summary>
    internal ReadOnlySpan<AnonVma> AnonVmas => CollectionsMarshal.AsSpan(anonVmas);

    /// <summary>The nodes of the stable tree in its order.</summary>
    internal ReadOnlySpan<StableNode> StableNodes => CollectionsMarshal.AsSpan(stableNodes);

    /// <summary>The rmap_items of all mms, slot by slot in the order of their lists.</summary>
    internal ReadOnlySpan<RmapItem> Items => CollectionsMarshal.AsSpan(items);

    /// <summary>A list for the places that a walk finds.</summary>
    internal List<RmapVisit> Found { get; } = [];

    /// <summary>What was counted for a page in use.</summary>
    internal ref PageCount Of(Page page) => ref byPfn[page.Pfn.Number];

    /// <summary>Swap entries that name a slot.</summary>
    internal int EntriesFor(SwapSlot slot) => bySlot[slot.Number];

    /// <summary>What was counted for an AV in use.</summary>
    internal ref AnonVmaCount Of(AnonVma anonVma) => ref byAnonVma[anonVma.Id];

    /// <summary>A mark that no AV bears yet.</summary>
    internal int NewMark() => ++marks;

    /// <summary>The page offset of a page in a VMA, as the bounds of the VMA say.</summary>
    internal static long Index(VmArea vma, VirtualPage address) => vma.PageOffset + (address.Number - vma.Range.Start.Number);

    /// <summary>Whether the AV is in the VMA's chain.</summary>
    internal static bool IsInChain(VmArea vma, AnonVma anonVma)
    {
        for (int i = 0; i < vma.ChainLength; i++)
        {
            if (vma.ChainFromTail(i).AnonVma == anonVma)
            {
                return true;
            }
        }

        return false;
    }
}
