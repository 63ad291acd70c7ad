namespace Rmap.Model;

/// <summary>
/// <c>struct ksm_stable_node</c>: one merged content. It holds no reference on its page: it is stale once the page in frame
/// <see cref="KPfn"/> no longer points back. If the sharing limit split it up, a chain head stands in the tree and the
/// nodes with equal content hang below as its dups.
/// </summary>
public sealed class StableNode : PageMapping
{
    internal StableNode(int id, Pfn kpfn)
    {
        Id = id;
        KPfn = kpfn;
    }

    /// <summary>Its number, recycled lowest first.</summary>
    public int Id { get; }

    /// <summary>The frame of its page (<c>kpfn</c>).</summary>
    public Pfn KPfn { get; internal set; }

    /// <summary>The items in the order of the <c>hlist</c>: latest first.</summary>
    public List<RmapItem> Items { get; } = [];

    /// <summary><c>rmap_hlist_len</c>.</summary>
    public int Length { get; internal set; }

    /// <summary>Whether it has been freed.</summary>
    public bool IsFreed { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() => "K" + Id.ToString(CultureInfo.InvariantCulture);
}

/// <summary><c>struct ksm_rmap_item</c>: ksmd's note of one page of one process.</summary>
public sealed class RmapItem
{
    internal RmapItem(KsmMmSlot slot, VirtualPage address)
    {
        Slot = slot;
        Address = address;
    }

    /// <summary>The slot it is listed in.</summary>
    public KsmMmSlot Slot { get; }

    /// <summary>The mm.</summary>
    public Mm Mm => Slot.Mm;

    /// <summary>The page it is about.</summary>
    public VirtualPage Address { get; }

    /// <summary>Content at the last visit (<c>oldchecksum</c>); null before the first.</summary>
    public int? OldChecksum { get; internal set; }

    /// <summary>The AV of the VMA it was merged in, with a reference (<c>anon_vma</c>); null unless stable.</summary>
    public AnonVma? AnonVma { get; internal set; }

    /// <summary>The stable node in whose list it is (STABLE_FLAG), or null.</summary>
    public StableNode? Head { get; internal set; }

    /// <summary>Whether it stands in the unstable tree (UNSTABLE_FLAG).</summary>
    public bool IsUnstable { get; internal set; }

    /// <summary>The pass in which it was put there (<c>address &amp; SEQNR_MASK</c>).</summary>
    public int Sequence { get; internal set; }
}

/// <summary><c>struct ksm_mm_slot</c>: an mm that is registered with ksmd.</summary>
/// <param name="mm">The mm.</param>
public sealed class KsmMmSlot(Mm mm)
{
    /// <summary>The mm.</summary>
    public Mm Mm { get; } = mm;

    /// <summary>Its items, strictly ascending by address (<c>rmap_list</c>).</summary>
    public List<RmapItem> Items { get; } = [];
}
