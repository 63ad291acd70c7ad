namespace Rmap.Model.Types;

/// <summary>
/// <c>struct anon_vma</c>: where the anonymous pages of a VMA, and of those forked from it, point to. It knows the VMAs
/// that may map them. Left out: its lock, and that its memory keeps its type after it is freed.
/// </summary>
public sealed class AnonVma : PageMapping
{
    private readonly AnonVma parent, root;

    internal AnonVma(int id, AnonVma? parent, AnonVma? root)
    {
        Id = id;
        this.parent = parent ?? this;
        this.root = root ?? this;
    }

    /// <summary>Its number, recycled lowest first.</summary>
    public int Id { get; }

    /// <summary>The AV at the top of its fork tree; itself for a root.</summary>
    public AnonVma Root => IsFreed ? Freed().Root : root;

    /// <summary>The AV of the VMA from which its own was forked; itself for a root.</summary>
    public AnonVma Parent => IsFreed ? Freed().Parent : parent;

    /// <summary>
    /// 1 while the tree is not empty; for a root one more for each other AV of its fork tree; one for each stable
    /// <see cref="RmapItem"/> that recorded it.
    /// </summary>
    public int RefCount { get => IsFreed ? Freed().RefCount : field; internal set; }

    /// <summary>AVs whose <see cref="Parent"/> is this one and whose tree is not empty. A root counts itself.</summary>
    public int NumChildren { get => IsFreed ? Freed().NumChildren : field; internal set; }

    /// <summary>VMAs whose <see cref="VmArea.AnonVma"/> is this one.</summary>
    public int NumActiveVmas { get => IsFreed ? Freed().NumActiveVmas : field; internal set; }

    /// <summary>The chain entries that lead to VMAs which may map its pages, by page offset (<c>rb_root</c>).</summary>
    public IntervalTree<AnonVmaChain> Tree { get => IsFreed ? Freed().Tree : field; } = new();

    /// <summary>Whether it has been freed. Only a stale pointer still leads here, and nothing else may be asked.</summary>
    public bool IsFreed { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() => "A" + Id.ToString(CultureInfo.InvariantCulture);

    private AnonVma Freed() => throw KernelBug.UseAfterFree("AV", this);
}

/// <summary><c>struct anon_vma_chain</c>: one edge between a VMA and an AV. It is in the VMA's list and in the AV's tree.</summary>
public sealed class AnonVmaChain
{
    internal AnonVmaChain(VmArea vma, AnonVma anonVma)
    {
        Vma = vma;
        AnonVma = anonVma;
        Node = new IntervalNode<AnonVmaChain>(this);
    }

    /// <summary>The VMA.</summary>
    public VmArea Vma { get; }

    /// <summary>The AV.</summary>
    public AnonVma AnonVma { get; }

    /// <summary>Its place in the AV's tree (<c>rb</c>).</summary>
    public IntervalNode<AnonVmaChain> Node { get; }
}
