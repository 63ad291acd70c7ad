namespace Rmap.Model.Types;

/// <summary>
/// <c>struct ksm_stable_node</c>: one KSM page and the items that share it. It holds no reference on its page: it is stale once the
/// page in frame <see cref="KPfn"/> no longer points back, and stays in the tree until ksmd meets it. Left out: NUMA nodes and the
/// list of migrated nodes, which only <c>merge_across_nodes</c>=0 uses.
/// </summary>
public sealed class StableNode : PageMapping
{
    /// <summary>
    /// The null node: a KSM page that is in no stable node, because a merge of it did not come to its end, or because it has
    /// been migrated away.
    /// </summary>
    internal static readonly StableNode Null = new(0, new Pfn(0), new StablePlace());

    internal StableNode(int id, Pfn kpfn, StablePlace place)
    {
        Id = id;
        KPfn = kpfn;
        Place = place;
    }

    /// <summary>Its number, recycled lowest first.</summary>
    public int Id { get; }

    /// <summary>The frame of its page (<c>kpfn</c>).</summary>
    public Pfn KPfn { get => IsFreed ? throw KernelBug.UseAfterFree("stable node", this) : field; internal set; }

    /// <summary>The items in the order of the <c>hlist</c>: latest first.</summary>
    public List<RmapItem> Items { get => IsFreed ? throw KernelBug.UseAfterFree("stable node", this) : field; } = [];

    /// <summary><c>rmap_hlist_len</c>: how many items it counts, which is what the sharing limit looks at.</summary>
    public int Length { get => IsFreed ? throw KernelBug.UseAfterFree("stable node", this) : field; internal set; }

    /// <summary>Where in the stable tree it stands.</summary>
    public StablePlace Place { get => IsFreed ? throw KernelBug.UseAfterFree("stable node", this) : field; }

    /// <summary>Whether it has been freed. Then nothing else may be asked.</summary>
    public bool IsFreed { get; internal set; }

    /// <summary><c>folio_stable_node</c>: the node that a page belongs to; null if it is no KSM page or one of the null node.</summary>
    internal static StableNode? Of(Page page) => page.Mapping is StableNode node && node != Null ? node : null;

    /// <inheritdoc/>
    public override string ToString() => "K" + Id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// One place in the stable tree. Usually one node stands there. Where the sharing limit made a second page of the same content
/// necessary, it is a chain: a head without a page (<c>STABLE_NODE_CHAIN</c>) and below it the nodes with that content, the dups.
/// </summary>
public sealed class StablePlace : RbNode<StablePlace>
{
    internal StablePlace()
    {
    }

    /// <summary>The node, or the dups in the order of the chain's <c>hlist</c>. A chain can have lost all of them.</summary>
    public List<StableNode> Nodes { get; } = [];

    /// <summary>Whether a chain head stands here (<c>is_stable_node_chain</c>).</summary>
    public bool IsChain { get; internal set; }
}

/// <summary>
/// <c>struct ksm_rmap_item</c>: ksmd's note of one page of one process. Left out: <c>age</c> and <c>remaining_skips</c>, as smart scan
/// is off.
/// </summary>
public sealed class RmapItem : RbNode<RmapItem>
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

    /// <summary>Content at the last visit (<c>oldchecksum</c>); null before the first, and since 7.3 after it was merged.</summary>
    public int? OldChecksum { get; internal set; }

    /// <summary>
    /// <c>linear_page_index</c>, in pages: the index that the page had which it was last merged for; null before, and up to 7.2.
    /// </summary>
    public long? Index { get; internal set; }

    /// <summary>The AV of the VMA it was merged in, with a reference (<c>anon_vma</c>); null unless stable.</summary>
    public AnonVma? AnonVma { get; internal set; }

    /// <summary>The stable node in whose list it is (STABLE_FLAG), or null.</summary>
    public StableNode? Head { get; internal set; }

    /// <summary>The number of the freed node to which <c>head</c> still points, where rules leave that.</summary>
    internal int? LeftHead { get; set; }

    /// <summary>Whether it was put into the unstable tree (UNSTABLE_FLAG) and has not been visited since.</summary>
    public bool IsUnstable { get; internal set; }

    /// <summary>The pass in which that was (<c>address &amp; SEQNR_MASK</c>).</summary>
    public int Sequence { get; internal set; }

    /// <summary>Whether it has been freed. Then no tree may lead to it.</summary>
    public bool IsFreed { get; internal set; }

    /// <summary><c>find_mergeable_vma</c>: the mergeable VMA at its address, or null.</summary>
    internal VmArea? MergeableVma => IsFreed
        ? throw KernelBug.UseAfterFree("rmap_item of", this)
        : Mm.Lookup(Address) is { IsMergeable: true } vma ? vma : null;

    /// <summary><c>get_mergeable_page</c>: the anonymous page that its process has at its address, or null.</summary>
    internal Page? MergeablePage =>
        MergeableVma is { } vma && vma.Mm.PageTable[Address] is { IsPresent: true } pte && pte.Page.IsAnon ? pte.Page : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Mm} {Address}";
}

/// <summary><c>struct ksm_mm_slot</c>: an mm that is registered with ksmd.</summary>
public sealed class KsmMmSlot
{
    internal KsmMmSlot(Mm mm) => Mm = mm;

    /// <summary>The mm.</summary>
    public Mm Mm { get; }

    /// <summary>Its items, strictly ascending by address (<c>rmap_list</c>).</summary>
    public List<RmapItem> Items { get; } = [];
}
