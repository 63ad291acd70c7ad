namespace Rmap.Model.Types;

/// <summary>
/// A page-table entry. The hardware's and the kernel's encodings are left out, their meaning is kept:
/// <c>pte_t</c> of the present kinds, <c>swp_entry_t</c> of the others.
/// </summary>
public readonly record struct Pte
{
    private Pte(PteKind kind, PteBits bits, object? target)
    {
        Kind = kind;
        Bits = bits;
        Target = target;
    }

    /// <summary>What it holds.</summary>
    public PteKind Kind { get; }

    /// <summary>Its bits.</summary>
    public PteBits Bits { get; }

    /// <summary>The page or the slot that it holds, or null.</summary>
    public object? Target { get; }

    /// <summary>The page of a present or migration entry.</summary>
    public Page Page => (Page)Target!;

    /// <summary>The slot of a swap entry.</summary>
    public SwapSlot Slot => (SwapSlot)Target!;

    /// <summary><c>is_ksm_zero_pte</c>: the zero page, placed by KSM.</summary>
    public bool IsKsmZero => Kind == PteKind.ZeroPage && (Bits & PteBits.Dirty) != 0;

    /// <summary>Whether nothing is there.</summary>
    public bool IsNone => Kind == PteKind.None;

    /// <summary>Whether the entry maps a page that is counted (not the zero page).</summary>
    public bool IsPresent => Kind == PteKind.Present;

    /// <summary>Whether stores go through.</summary>
    public bool IsWritable => (Bits & PteBits.Writable) != 0;

    /// <summary>Whether the dirty bit is set.</summary>
    public bool IsDirty => (Bits & PteBits.Dirty) != 0;

    /// <summary>Whether the accessed bit is set.</summary>
    public bool IsYoung => (Bits & PteBits.Young) != 0;

    /// <summary>Whether a swap or migration entry remembers exclusivity.</summary>
    public bool IsExclusive => (Bits & PteBits.Exclusive) != 0;

    /// <summary>The zero page, accessed.</summary>
    public static Pte Zero(PteBits bits) => new(PteKind.ZeroPage, bits, null);

    /// <summary>A mapping of a page.</summary>
    public static Pte Present(Page page, PteBits bits) => new(PteKind.Present, bits, page);

    /// <summary>A swap entry.</summary>
    public static Pte Swap(SwapSlot slot, bool exclusive) => new(PteKind.Swap, exclusive ? PteBits.Exclusive : PteBits.None, slot);

    /// <summary>
    /// A migration entry: <see cref="PteBits.Writable"/> is the "write" kind, <see cref="PteBits.Exclusive"/> "read-exclusive",
    /// neither is "read".
    /// </summary>
    public static Pte Migration(Page page, PteBits bits) => new(PteKind.Migration, bits, page);

    /// <summary><c>make_poisoned_swp_entry</c>.</summary>
    public static Pte Poisoned { get; } = new(PteKind.Poisoned, PteBits.None, null);

    /// <summary>The same with bits added.</summary>
    public Pte With(PteBits bits) => new(Kind, Bits | bits, Target);

    /// <summary>The same with bits taken away.</summary>
    public Pte Without(PteBits bits) => new(Kind, Bits & ~bits, Target);

    /// <summary><c>maybe_mkwrite</c>: stores go through if the VMA allows them.</summary>
    internal Pte MaybeMkwrite(VmArea vma) => vma.Has(VmFlags.Write) ? With(PteBits.Writable) : this;

    /// <summary>
    /// <c>pte_same</c>: whether the bits in memory are the same. A frame and a slot are numbers there, whatever has been in them meanwhile.
    /// </summary>
    internal bool LooksLike(Pte other) => Kind == other.Kind && Bits == other.Bits && Number(Target) == Number(other.Target);

    private static int Number(object? target) => target switch
    {
        Page page => page.Pfn.Number,
        SwapSlot slot => slot.Number,
        _ => 0,
    };

    /// <summary>Whether the entry is a present mapping of this page.</summary>
    public bool Maps(Page page) => Kind == PteKind.Present && Target == page;
}
