namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// Whether the chain of a VMA ends with the root of its AVs. Before 7.0 <c>unlink_anon_vmas</c> relies on it to free the root last.
    /// No decision, but what the decisions promise: an invariant asks.
    /// </summary>
    public virtual bool ChainEndsWithRoot => !Since(7, 0);

    /// <summary>
    /// Whether neighbours become one VMA wherever they could. Before 6.16 a written range did not join an untouched one
    /// (879bca0a2c4f), and before 6.17, with process-wide KSM, nothing joined (cf7e7a3503df). A promise as well: a cost asks.
    /// </summary>
    public virtual bool MergesWhereItCan => Since(6, 17);

    /// <summary>Whether ksmd replaces no page that has changed since the pass before. A promise as well: a cost asks.</summary>
    public virtual bool KsmSparesChangedPages => KsmChecksumBeforeStableTree;

    /// <summary>
    /// Whether reclaim frees a page that it has to write to swap only when it comes by again, unless the device is synchronous. A promise
    /// as well: effects ask.
    /// </summary>
    public virtual bool ReclaimWaitsForDisk => Since(7, 3);

    /// <summary>
    /// Whether <c>locked_vm</c> is what VM_LOCKED VMAs have, no more and no less. No decision, but what the decisions promise: an invariant
    /// asks.
    /// </summary>
    public virtual bool LockedVmIsExact => !DontUnmapCountsLockedTwice;

    /// <summary>Whether MREMAP_DONTUNMAP unlocks what it empties, and nothing beside it. A promise as well: the map of VMAs asks.</summary>
    public virtual bool DontUnmapUnlocksItsPartOnly => Since(7, 2, Fix.DontUnmapUnlocksNeighbours);

    /// <summary>
    /// Whether what MREMAP_DONTUNMAP has emptied has the page offset of its address. A promise as well: the map of VMAs asks.
    /// </summary>
    public virtual bool EmptiedHasOwnPageOffset => Since(7, 2, Fix.DontUnmapKeepsPageOffset);

    /// <summary>
    /// Whether every new private mapping of a process with process-wide KSM is VM_MERGEABLE: before 6.17 one that joins a neighbour that
    /// is not does not become so. A promise as well: the map of VMAs asks.
    /// </summary>
    public virtual bool MergeAnyReachesAll => Since(6, 17);

    /// <summary>
    /// Whether who pins a page of a private mapping for long gets the page that the next store of its owner goes to, whatever was mapped:
    /// before 6.2 drivers had to pin it for writing. A promise as well: the model of contents asks.
    /// </summary>
    public virtual bool PinsForLongSeeStores => Since(6, 2);
}
