using System.Runtime.InteropServices;

namespace Rmap.Model.Types;

/// <summary><c>struct mm_struct</c>: an address space.</summary>
public sealed class Mm
{
    private readonly List<VmArea> vmas = [];

    internal Mm(ProcessId owner, Frames frames)
    {
        Owner = owner;
        PageTable = new PageTable(frames);
    }

    /// <summary>The process for which it was made; used to name it.</summary>
    public ProcessId Owner { get; }

    /// <summary><c>mm_users</c>: processes that share it.</summary>
    public int Users { get; internal set; } = 1;

    /// <summary>Its VMAs, by address.</summary>
    public IReadOnlyList<VmArea> Vmas => vmas;

    /// <summary><c>locked_vm</c>: pages of VM_LOCKED VMAs, whether they are there or not, as RLIMIT_MEMLOCK counts them.</summary>
    public long LockedVm { get; internal set; }

    /// <summary>
    /// How many of <see cref="LockedVm"/> stand for no page, since Linux lost count: MREMAP_DONTUNMAP unlocked them and counted the copy.
    /// Nothing but the invariants looks at it.
    /// </summary>
    public long LockedVmAstray { get; internal set; }

    /// <summary><c>def_flags</c>: flags of new mappings: those of MCL_FUTURE. Neither fork nor exec keeps them.</summary>
    public VmFlags DefFlags { get; internal set; }

    /// <summary>MMF_HAS_MDWE, MMF_HAS_MDWE_NO_INHERIT.</summary>
    public Mdwe Mdwe { get; internal set; }

    /// <summary>The page table.</summary>
    public PageTable PageTable { get; }

    /// <summary><c>ksm_mm_slot</c>: its place with ksmd, or null (MMF_VM_MERGEABLE).</summary>
    public KsmMmSlot? KsmSlot { get; internal set; }

    /// <summary>MMF_VM_MERGE_ANY: new private mappings are VM_MERGEABLE (<c>PR_SET_MEMORY_MERGE</c>).</summary>
    public bool IsMergeAny { get; internal set; }

    /// <summary><c>ksm_merging_pages</c>: items of this mm in stable nodes.</summary>
    public int KsmMergingPages { get; internal set; }

    /// <summary><c>ksm_rmap_items</c>: items of this mm.</summary>
    public int KsmRmapItems { get; internal set; }

    /// <summary><c>ksm_zero_pages</c>: entries of this mm that map the zero page because KSM put it there.</summary>
    public int KsmZeroPages { get; internal set; }

    /// <summary>
    /// How many of <see cref="KsmZeroPages"/> stand for no entry, since Linux lost count: at the fork of a VMA that is not copied, and when
    /// UFFDIO_MOVE moved such an entry. Nothing but the invariants looks at it.
    /// </summary>
    public int KsmZeroPagesAstray { get; internal set; }

    /// <summary><c>mmlist</c>: its place on the list that swapoff goes through, or null.</summary>
    internal LinkedListNode<Mm>? MmList { get; set; }

    /// <summary>Whether the last user has gone and everything it mapped is taken down.</summary>
    public bool HasExited { get; internal set; }

    /// <summary><c>find_vma</c>: the place of the first VMA that ends above the page; the number of VMAs if none does.</summary>
    internal int IndexOf(VirtualPage page)
    {
        ReadOnlySpan<VmArea> all = CollectionsMarshal.AsSpan(vmas);
        int low = 0;
        int high = all.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (all[middle].End <= page)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary><c>vma_lookup</c>: the VMA that contains the page, or null.</summary>
    public VmArea? Lookup(VirtualPage page) => First(page) is { } vma && vma.Start <= page ? vma : null;

    /// <summary><c>find_vma</c>: the first VMA that ends above the page, or null.</summary>
    public VmArea? First(VirtualPage page) => At(IndexOf(page));

    /// <summary><c>find_vma_intersection</c>: the first VMA that has a page in common with the range, or null.</summary>
    public VmArea? Intersecting(PageRange range) =>
        range.Pages > 0 && First(range.Start) is { } vma && vma.Start < range.End ? vma : null;

    /// <summary>The VMA before the page, whether it touches it or not; null if there is none.</summary>
    internal VmArea? Previous(VirtualPage page)
    {
        int index = IndexOf(page);
        return index > 0 ? vmas[index - 1] : null;
    }

    /// <summary>The VMA after this one, or null.</summary>
    internal VmArea? After(VmArea vma) => At(IndexOf(vma.Start) + 1);

    /// <summary>The VMA at a place, or null behind the last one.</summary>
    internal VmArea? At(int index) => index < vmas.Count ? vmas[index] : null;

    /// <summary>The VMAs of a range with their parts of it, for <c>foreach</c>, which may split and merge what it has come by.</summary>
    internal VmaWalk Walk(PageRange range) => new(this, range);

    /// <summary>Whether the range has pages that no VMA has.</summary>
    internal bool HasHole(PageRange range) => EndOfMapped(range) < range.End;

    /// <summary>Changes the VMAs of a range, by address, until one cannot be changed.</summary>
    /// <param name="range">The range.</param>
    /// <param name="with">What the change needs to know.</param>
    /// <param name="change">What is done with a VMA and its part of the range.</param>
    /// <param name="stopsAtHole">Whether a hole ends it, with ENOMEM; else holes are passed over.</param>
    internal Errno ForEach<T>(PageRange range, T with, Func<T, VmArea, PageRange, Errno> change, bool stopsAtHole = false)
    {
        VirtualPage end = stopsAtHole ? EndOfMapped(range) : range.End;
        foreach ((VmArea vma, PageRange part) in Walk(range with { End = end }))
        {
            Errno errno = change(with, vma, part);
            if (errno != Errno.None)
                return errno;
        }

        return end < range.End ? Errno.ENOMEM : Errno.None;
    }

    /// <summary>The first hole of a range, or its end.</summary>
    private VirtualPage EndOfMapped(PageRange range)
    {
        VirtualPage end = range.Start;
        while (end < range.End && Lookup(end) is { } vma)
            end = VirtualPage.Min(vma.End, range.End);

        return end;
    }

    internal void Insert(VmArea vma) => vmas.Insert(IndexOf(vma.Start), vma);

    internal void Append(VmArea vma) => vmas.Add(vma);

    /// <summary><c>vma_iter_clear</c>. The caller frees it when all that leads to it is undone.</summary>
    internal void Remove(VmArea vma) => vmas.RemoveAt(IndexOf(vma.Start));

    internal void RemoveRange(int from, int to)
    {
        for (int i = from; i < to; i++)
            vmas[i].IsDetached = true;

        vmas.RemoveRange(from, to - from);
    }

    /// <inheritdoc/>
    public override string ToString() => Owner.ToString();
}
