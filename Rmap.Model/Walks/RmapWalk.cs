namespace Rmap.Model;

/// <summary>One place that a walk looks at.</summary>
/// <param name="Vma">The VMA.</param>
/// <param name="Address">Where in it the page should be.</param>
public readonly record struct RmapVisit(VmArea Vma, VirtualPage Address);

/// <summary><c>rmap_walk</c>.</summary>
public static class RmapWalk
{
    /// <summary>All places that the walk of a page looks at, in its order, those included that turn out not to map it.</summary>
    public static IReadOnlyList<RmapVisit> Visits(Page page) => throw new NotImplementedException();
}
