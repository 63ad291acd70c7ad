namespace Rmap.Model.Invariants;

/// <summary>
/// The naive reading of a machine. Every page table is scanned once, VMA by VMA, and everything is counted anew. With the mechanisms it
/// shares how the structures are laid out, and nothing that searches, walks or counts. <see cref="Read"/> fills the same lists again:
/// nothing is allocated once they have grown to the machine's size.
/// </summary>
internal sealed partial class Truth(Machine machine)
{
    private PageCount[] byPfn = new PageCount[64];
    private int[] bySlot = new int[64];
    private AnonVmaCount[] byAnonVma = new AnonVmaCount[64];
    private readonly Dictionary<Mm, int> furtherMms = [];
    private int marks;

    internal Machine Machine { get; } = machine;

    /// <summary>What has to be known of earlier states to excuse an entry that maps a KSM page.</summary>
    internal KsmHistory KsmHistory { get; } = new(machine);

    /// <summary>What has to be known of the state before to see that a page was swapped out of a VM_LOCKED VMA.</summary>
    internal LockHistory LockHistory { get; } = new(machine);

    /// <summary>The address spaces that processes use, each once, and what was counted for them.</summary>
    internal Listing<MmCount> Mms { get; } = new();

    /// <summary>All VMAs, address space by address space, in the order of its list.</summary>
    internal Listing<VmArea> Vmas { get; } = new();

    /// <summary>Those of <see cref="Vmas"/> that map a file.</summary>
    internal Listing<VmArea> FileVmas { get; } = new();

    /// <summary>Those of <see cref="Vmas"/> that have an AV or links to AVs.</summary>
    internal Listing<VmArea> LinkedVmas { get; } = new();

    /// <summary>The entries that map an anonymous page that is not KSM's.</summary>
    internal Listing<FoundPte> Anon { get; } = new();

    /// <summary>The entries that map a page of a file.</summary>
    internal Listing<FoundPte> File { get; } = new();

    /// <summary>The entries that map a KSM page.</summary>
    internal Listing<FoundPte> Ksm { get; } = new();

    /// <summary>The entries that map the zero page because KSM put it there, mm by mm.</summary>
    internal Listing<FoundPte> KsmZero { get; } = new();

    /// <summary>The entries that map a page which belongs to nothing.</summary>
    internal Listing<FoundPte> Unowned { get; } = new();

    /// <summary>The migration entries.</summary>
    internal Listing<FoundPte> Migrating { get; } = new();

    /// <summary>The swap entries.</summary>
    internal Listing<FoundPte> Swapped { get; } = new();

    /// <summary>The pages in use, by frame.</summary>
    internal Listing<Page> Pages { get; } = new();

    /// <summary>Those of <see cref="Pages"/> that belong to a file.</summary>
    internal Listing<Page> FilePages { get; } = new();

    /// <summary>Those of <see cref="Pages"/> that are in the swap cache.</summary>
    internal Listing<Page> SwapCached { get; } = new();

    /// <summary>The swap slots in use, by number.</summary>
    internal Listing<SwapSlot> Slots { get; } = new();

    /// <summary>The files and segments.</summary>
    internal Listing<AddressSpace> Files { get; } = new();

    /// <summary>What <c>get_user_pages</c> has handed out.</summary>
    internal Listing<Pin> Pins { get; } = new();

    /// <summary>The AVs in use to which a VMA, a mapped page, an rmap_item or another AV leads.</summary>
    internal Listing<AnonVma> AnonVmas { get; } = new();

    /// <summary>The nodes of the stable tree in its order.</summary>
    internal Listing<StableNode> StableNodes { get; } = new();

    /// <summary>The mms that are registered with ksmd.</summary>
    internal Listing<KsmMmSlot> KsmSlots { get; } = new();

    /// <summary>The rmap_items of all mms, slot by slot in the order of their lists.</summary>
    internal Listing<RmapItem> Items { get; } = new();

    /// <summary>A list for the places that a walk finds.</summary>
    internal VisitSet Found { get; } = new();

    /// <summary>What was counted for a page in use.</summary>
    internal ref PageCount Of(Page page) => ref byPfn[page.Pfn.Number];

    /// <summary>Whether neither the page nor an entry that maps it is dirty.</summary>
    internal bool IsClean(Page page) => (page.Flags & PageFlags.Dirty) == 0 && !Of(page).IsDirty;

    /// <summary>Swap entries that name a slot.</summary>
    internal int EntriesFor(SwapSlot slot) => bySlot[slot.Number];

    /// <summary>What was counted for an AV in use.</summary>
    internal ref AnonVmaCount Of(AnonVma anonVma) => ref byAnonVma[anonVma.Id];

    /// <summary>Whether the AV is in the VMA's chain.</summary>
    internal static bool IsInChain(VmArea vma, AnonVma anonVma)
    {
        for (int i = 0; i < vma.ChainLength; i++)
        {
            if (vma.ChainFromTail(i).AnonVma == anonVma)
                return true;
        }

        return false;
    }

    /// <summary>Marks all AVs of a chain, so that another one is compared with it in one go.</summary>
    internal int MarkChain(VmArea vma)
    {
        int mark = NewMark();
        for (int i = 0; i < vma.ChainLength; i++)
            Mark(vma.ChainFromTail(i).AnonVma, mark);

        return mark;
    }

    /// <summary>A mark that no AV has.</summary>
    internal int NewMark() => ++marks;

    /// <summary>Marks an AV.</summary>
    /// <returns>Whether it had this mark already.</returns>
    internal bool Mark(AnonVma anonVma, int mark)
    {
        bool isMarked = IsMarked(anonVma, mark);
        if (IsKnown(anonVma))
            Of(anonVma).Mark = mark;

        return isMarked;
    }

    /// <summary>Whether an AV has this mark.</summary>
    internal bool IsMarked(AnonVma anonVma, int mark) => IsKnown(anonVma) && Of(anonVma).Mark == mark;

    private bool IsKnown(AnonVma anonVma) => anonVma.Id < byAnonVma.Length && Of(anonVma).AnonVma == anonVma;
}
