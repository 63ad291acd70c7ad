namespace Rmap.Model;

/// <summary>
/// Fixes that some stable versions have and later ones have not yet, each by what it mends. 6.12.117 has those of 2026 that 6.18.35 lacks;
/// the first version seen with them is 7.2.
/// </summary>
public enum Fix
{
    /// <summary><c>copy_vma</c>: the copy that MREMAP_DONTUNMAP makes becomes one VMA with the source that it is to leave.</summary>
    DontUnmapMergesWithSource,

    /// <summary><c>dontunmap_complete</c>: MREMAP_DONTUNMAP unlocks the whole VMA, not only the part that it empties.</summary>
    DontUnmapUnlocksNeighbours,

    /// <summary><c>dontunmap_complete</c>: a VMA that is emptied keeps a page offset that is not that of its address.</summary>
    DontUnmapKeepsPageOffset,
}
