namespace Rmap.Model.Types;

/// <summary>
/// What ksmd knows (<c>mm/ksm.c</c>, 6.18): its trees, the mms it scans, and its counters. It runs only when told to, in whole passes, so
/// between operations its cursor rests at the head of the list.
/// </summary>
public sealed class KsmState
{
    internal KsmState(int maxPageSharing) => MaxPageSharing = maxPageSharing;

    /// <summary>The places of the stable tree in order of content; a stale node stands where its content stood.</summary>
    public IEnumerable<StablePlace> StablePlaces => Stable.Nodes();

    /// <summary>Stable nodes in tree order; the dups of a chain in the order of its list.</summary>
    public IEnumerable<StableNode> StableTree => StablePlaces.SelectMany(place => place.Nodes);

    /// <summary>Registered mms in scan order.</summary>
    public List<KsmMmSlot> Slots { get; } = [];

    /// <summary><c>ksm_scan.seqnr</c>, <c>full_scans</c>: whole passes begun since the machine began or KSM was unmerged.</summary>
    public int FullScans { get; internal set; }

    /// <summary><c>run</c>: 2 is KSM_RUN_UNMERGE.</summary>
    public int Run { get; internal set; }

    /// <summary><c>max_page_sharing</c>.</summary>
    public int MaxPageSharing { get; internal set; }

    /// <summary><c>pages_shared</c>: stable nodes with items.</summary>
    public int PagesShared { get; internal set; }

    /// <summary><c>pages_sharing</c>: items of stable nodes beyond the first of each.</summary>
    public int PagesSharing { get; internal set; }

    /// <summary><c>pages_unshared</c>: items marked as being in the unstable tree.</summary>
    public int PagesUnshared { get; internal set; }

    /// <summary><c>pages_volatile</c>: all other items.</summary>
    public int PagesVolatile => RmapItems - PagesShared - PagesSharing - PagesUnshared;

    /// <summary><c>ksm_zero_pages</c>: entries of all mms in which KSM put the zero page.</summary>
    public int ZeroPages { get; internal set; }

    /// <summary>How many of these stand for no entry; see <see cref="Mm.KsmZeroPagesAstray"/>.</summary>
    public int ZeroPagesAstray { get; internal set; }

    /// <summary><c>ksm_rmap_items</c>: items of all mms.</summary>
    internal int RmapItems { get; set; }

    /// <summary><c>root_stable_tree</c>: the KSM pages in order of content.</summary>
    internal RbTree<StablePlace> Stable { get; } = new();

    /// <summary>The numbers of the stable nodes that have not been freed.</summary>
    internal FreeNumbers Nodes { get; } = new();

    /// <summary>
    /// <c>root_unstable_tree</c>: items whose pages did not change since the last pass and found no equal yet, in order of content. Nothing
    /// keeps those pages from being written, so every pass builds it anew.
    /// </summary>
    internal RbTree<RmapItem> Unstable { get; set; } = new();

    /// <summary>An mm that has nothing to merge, or has exited, is scanned no more.</summary>
    internal void Unregister(KsmMmSlot slot)
    {
        Slots.Remove(slot);
        slot.Mm.KsmSlot = null;
    }
}
