namespace Rmap.Model.Invariants;

/// <summary>A page-table entry that is not none, and where it was found.</summary>
/// <param name="Vma">The VMA in whose range it lies.</param>
/// <param name="Address">The page of the address space.</param>
/// <param name="Pte">The entry.</param>
internal readonly record struct FoundPte(VmArea Vma, VirtualPage Address, Pte Pte)
{
    /// <summary>The page offset of this place, as the bounds of its VMA say.</summary>
    internal long Index => Vma.PageOffset + (Address.Number - Vma.Range.Start.Number);

    /// <summary>Its anonymous page offset.</summary>
    internal long AnonIndex => Vma.AnonPageOffset + (Address.Number - Vma.Range.Start.Number);

    internal Page Page => Pte.Page;

    internal SwapSlot Slot => Pte.Slot;

    internal bool IsWritable => (Pte.Bits & PteBits.Writable) != 0;

    public override string ToString() => $"page {Address} of {Vma.Mm}";
}

/// <summary>What was counted for an address space.</summary>
internal struct MmCount
{
    /// <summary>The address space.</summary>
    internal Mm Mm;

    /// <summary>Processes that use it.</summary>
    internal int Users;

    /// <summary>Entries of its page table, in the ranges of its VMAs, that are not none.</summary>
    internal int Entries;

    /// <summary>Entries in which KSM put the zero page.</summary>
    internal int KsmZero;

    /// <summary>Pages of its VM_LOCKED VMAs, whether they are there or not.</summary>
    internal long Locked;
}

/// <summary>What the page tables say of a page.</summary>
internal struct PageCount
{
    /// <summary>Entries that map it.</summary>
    internal int Mapped;

    /// <summary>Those of them that its walk must find: of a KSM page those that an rmap_item reaches, else all.</summary>
    internal int Reached;

    /// <summary>Whether one of them is dirty.</summary>
    internal bool IsDirty;

    /// <summary>Pins that hold it.</summary>
    internal int Pins;

    /// <summary>Other references by <c>get_user_pages</c> that hold it.</summary>
    internal int Gets;

    /// <summary>Whether it is held past page tables and caches.</summary>
    internal readonly bool IsHeld => Pins + Gets > 0;
}

/// <summary>What VMAs, rmap_items and other AVs say of an AV.</summary>
internal struct AnonVmaCount
{
    /// <summary>The AV that is counted under this number.</summary>
    internal AnonVma? AnonVma;

    /// <summary>VMAs that have it in their chain.</summary>
    internal int Links;

    /// <summary>VMAs whose own it is.</summary>
    internal int Active;

    /// <summary>AVs with a VMA whose parent it is.</summary>
    internal int Children;

    /// <summary>Other AVs in use whose root it is.</summary>
    internal int Descendants;

    /// <summary>Stable rmap_items that recorded it.</summary>
    internal int Items;

    /// <summary>The last comparison of chains that has come by it.</summary>
    internal int Mark;

    /// <summary>The first VMA whose own it is.</summary>
    internal VmArea? FirstActive;

    /// <summary>What its refcount should be.</summary>
    internal readonly int References => (Links > 0 ? 1 : 0) + Descendants + Items;
}
