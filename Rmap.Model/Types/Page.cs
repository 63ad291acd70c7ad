namespace Rmap.Model.Types;

/// <summary>
/// What a page belongs to, as the low bits of <c>page->mapping</c> tell in Linux: an <see cref="AnonVma"/> (01), a
/// <see cref="StableNode"/> (11), an <see cref="AddressSpace"/> (00), or nothing (null).
/// </summary>
public abstract class PageMapping
{
    private protected PageMapping()
    {
    }
}

/// <summary>
/// A small folio: one page frame in use. A frame that is freed and used again is another <see cref="Page"/> with the same
/// <see cref="Pfn"/>. Left out: large folios, LRU lists (only their flags), memory groups, nodes.
/// </summary>
public sealed class Page
{
    internal Page(Pfn pfn) => Pfn = pfn;

    /// <summary>Which frame.</summary>
    public Pfn Pfn { get; }

    /// <summary>
    /// <c>page->mapping</c>. Of an anonymous page it is not taken away when the last mapping goes, only when the page is freed.
    /// </summary>
    public PageMapping? Mapping { get; internal set; }

    /// <summary>
    /// <c>page->index</c>, in pages: offset in the file, or the linear index in the VMA that first mapped it. Of a KSM page
    /// what was there before.
    /// </summary>
    public long Index { get; internal set; }

    /// <summary><c>folio_mapcount</c>: the present entries of all page tables that map it.</summary>
    public int MapCount { get; internal set; }

    /// <summary>Pins (FOLL_PIN). In Linux each adds 1024 to the refcount, so that they can be told from other references.</summary>
    public int Pins { get; internal set; }

    /// <summary>References by <c>get_user_pages</c> that are no pins (FOLL_GET).</summary>
    public int Gets { get; internal set; }

    /// <summary>
    /// References by operations under way: by the batch of those that wait for being mlocked or munlocked, by whoever copies the page,
    /// reclaims it, or waits for its lock. None at rest.
    /// </summary>
    internal int TaskReferences { get; set; }

    /// <summary>Whether anything beyond mappings and caches holds a reference.</summary>
    public bool IsHeld => Holders > 0;

    /// <summary>How many references there are beyond those of mappings and caches.</summary>
    internal int Holders => Pins + Gets + TaskReferences;

    /// <summary><c>folio_maybe_dma_pinned</c>: never wrong here.</summary>
    public bool IsPinned => Pins > 0;

    /// <summary><c>mlock_count</c>: VM_LOCKED VMAs that map it, as far as they were seen while it was unevictable.</summary>
    public int MlockCount { get; internal set; }

    /// <summary>Flags.</summary>
    public PageFlags Flags { get; internal set; }

    /// <summary>The slot of which this page is the swap cache, or null (PG_swapcache, <c>folio.swap</c>).</summary>
    public SwapSlot? SwapCache { get; internal set; }

    /// <summary>The content: the byte that fills it.</summary>
    public byte Value { get; internal set; }

    /// <summary>Whether the page has been given back.</summary>
    public bool IsFreed { get; internal set; }

    /// <summary><c>folio_test_anon</c>: private memory, KSM pages included.</summary>
    public bool IsAnon => Mapping is AnonVma or StableNode;

    /// <summary><c>folio_test_ksm</c>.</summary>
    public bool IsKsm => Mapping is StableNode;

    /// <summary><c>PageAnonExclusive</c>.</summary>
    public bool IsAnonExclusive => (Flags & PageFlags.AnonExclusive) != 0;

    /// <summary>Whether all these flags are set.</summary>
    public bool Has(PageFlags flags) => (Flags & flags) == flags;

    /// <summary>
    /// <c>_refcount</c>: one per mapping, one for the swap cache, one for the page cache, one for a file system's private data, one
    /// for each pin and other reference by <c>get_user_pages</c>; within an operation those of operations.
    /// </summary>
    public int RefCount =>
        MapCount + (SwapCache is null ? 0 : 1) + (Mapping is AddressSpace ? 1 : 0) + (Has(PageFlags.Private) ? 1 : 0)
        + Pins + Gets + TaskReferences;

    internal void Set(PageFlags flags) => Flags |= flags;

    internal void Clear(PageFlags flags) => Flags &= ~flags;

    /// <summary><c>folio_mark_dirty</c>: what is behind the page is older than it. Reclaim has to look again.</summary>
    internal void MarkDirty()
    {
        Clear(PageFlags.Reclaim);
        Set(PageFlags.Dirty);
    }

    /// <inheritdoc/>
    public override string ToString() => "f" + Pfn;
}
