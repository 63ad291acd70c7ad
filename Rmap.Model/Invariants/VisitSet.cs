using Rmap.Model.Rmap;

namespace Rmap.Model.Invariants;

/// <summary>The places that a walk has found, each once. Most are few, and a list is searched sooner.</summary>
internal sealed class VisitSet
{
    private const int Few = 8;

    private readonly List<RmapVisit> first = [];
    private readonly HashSet<RmapVisit> all = [];

    internal int Count => first.Count < Few ? first.Count : all.Count;

    internal void Clear()
    {
        first.Clear();
        all.Clear();
    }

    internal void Add(in RmapVisit visit)
    {
        if (first.Count == Few)
            all.Add(visit);
        else if (!first.Contains(visit))
            first.Add(visit);

        if (first.Count == Few && all.Count == 0)
            all.UnionWith(first);
    }
}
