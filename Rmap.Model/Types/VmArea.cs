namespace Rmap.Model.Types;

/// <summary><c>struct vm_area_struct</c>: a range of an address space that is mapped alike.</summary>
public sealed class VmArea
{
    private readonly List<AnonVmaChain> chain = [];
    private PageRange range;

    internal VmArea(
        Mm mm, PageRange range, long pageOffset, VmFlags flags, OpenFile? file, MemoryPolicy policy = MemoryPolicy.Default,
        long? anonPageOffset = null)
    {
        Mm = mm;
        this.range = range;
        PageOffset = pageOffset;
        AnonPageOffset = anonPageOffset ?? pageOffset;
        Flags = flags;
        File = file;
        Policy = policy;
        Shared = new IntervalNode<VmArea>(this);
    }

    /// <summary>The address space it belongs to.</summary>
    public Mm Mm { get; }

    /// <summary><c>vm_start</c> and <c>vm_end</c>.</summary>
    public PageRange Range { get => IsDetached ? Freed().range : range; internal set => range = value; }

    /// <summary>First page.</summary>
    public VirtualPage Start => IsDetached ? Freed().Start : range.Start;

    /// <summary>The page after the last.</summary>
    public VirtualPage End => IsDetached ? Freed().End : range.End;

    /// <summary>Length in pages.</summary>
    public long Pages => Range.Pages;

    /// <summary>
    /// <c>vm_pgoff</c>, in pages: where in the file it begins; of private anonymous memory its first page at the time it was
    /// mapped, which moves neither with mremap nor with fork.
    /// </summary>
    public long PageOffset { get => IsDetached ? Freed().PageOffset : field; internal set; }

    /// <summary>The last page offset it covers (inclusive).</summary>
    public long LastPageOffset => PageOffset + Pages - 1;

    /// <summary>
    /// <c>vma_start_anon_pgoff</c>, in pages: the same for its anonymous pages, by which they are indexed and AVs know it. Of a private
    /// mapping of a file it is another since 7.3, what it would be without the file; else <see cref="PageOffset"/>.
    /// </summary>
    public long AnonPageOffset { get => IsDetached ? Freed().AnonPageOffset : field; internal set; }

    /// <summary>Whether stores stay private and the two page offsets differ, so that both have to be told.</summary>
    public bool HasTwoPageOffsets => IsCow && AnonPageOffset != PageOffset;

    /// <summary>The last anonymous page offset it covers (inclusive).</summary>
    public long LastAnonPageOffset => AnonPageOffset + Pages - 1;

    /// <summary><c>vm_flags</c>.</summary>
    public VmFlags Flags { get => IsDetached ? Freed().Flags : field; internal set; }

    /// <summary><c>vm_file</c>, or null for private anonymous memory.</summary>
    public OpenFile? File { get; }

    /// <summary><c>vm_policy</c>.</summary>
    public MemoryPolicy Policy { get; internal set; }

    /// <summary><c>vma->anon_vma</c>: where pages that it maps first point to; null while it has no anonymous page.</summary>
    public AnonVma? AnonVma { get => IsDetached ? Freed().AnonVma : field; internal set; }

    /// <summary>
    /// <c>anon_vma_chain</c>: all AVs that know this VMA, in the order of the kernel's list, which is filled at its head.
    /// </summary>
    public IEnumerable<AnonVmaChain> Chain
    {
        get
        {
            for (int i = chain.Count - 1; i >= 0; i--)
                yield return chain[i];
        }
    }

    /// <summary>Entries of the chain.</summary>
    public int ChainLength => chain.Count;

    /// <summary>Its place in the file's <c>i_mmap</c> (<c>shared.rb</c>).</summary>
    public IntervalNode<VmArea> Shared { get; }

    /// <summary>Whether it has been taken out of its address space, and freed. Then nothing else may be asked.</summary>
    public bool IsDetached { get; internal set; }

    /// <summary><c>vma_is_anonymous</c>: private memory without a file.</summary>
    public bool IsAnonymous => File is null;

    /// <summary><c>is_cow_mapping</c>: stores stay private.</summary>
    public bool IsCow => (Flags & (VmFlags.Shared | VmFlags.MayWrite)) == VmFlags.MayWrite;

    /// <summary>Whether any of these flags is set.</summary>
    public bool Has(VmFlags flags) => (Flags & flags) != 0;

    /// <summary><c>linear_page_index</c>: the page offset of a page of this VMA.</summary>
    public long LinearPageIndex(VirtualPage page) => PageOffset + (page - Start);

    /// <summary><c>linear_anon_page_index</c>: the anonymous page offset of a page of this VMA.</summary>
    public long LinearAnonPageIndex(VirtualPage page) => AnonPageOffset + (page - Start);

    /// <summary>Whether it may map anonymous pages: <c>anon_vma_prepare</c> has been called, for it or for what it was made from.</summary>
    public bool IsAnonPrepared => AnonVma is not null;

    /// <summary>Whether ksmd looks for pages here.</summary>
    internal bool IsMergeable => IsAnonPrepared && Has(VmFlags.Mergeable);

    /// <summary><c>vma_is_fork_child</c>: it inherited AVs, so it may map pages of its ancestors.</summary>
    public bool IsForkChild => AnonVma is not null && chain.Count != 1;

    /// <summary>The chain entry at a place of the list, counted from its tail: 0 is the oldest.</summary>
    internal AnonVmaChain ChainFromTail(int index) => chain[index];

    /// <summary><c>anon_vma_chain_link</c>, the VMA's side: to the head of the list.</summary>
    internal void AddToChain(AnonVmaChain link) => chain.Add(link);

    /// <summary>The VMA's side of unlinking.</summary>
    internal void RemoveFromChain(int index) => chain.RemoveAt(index);

    /// <inheritdoc/>
    public override string ToString() => $"{Mm} {range}";

    private VmArea Freed() => throw KernelBug.UseAfterFree("VMA", this);
}
