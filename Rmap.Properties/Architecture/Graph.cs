namespace Rmap.Properties.Architecture;

/// <summary>Cycles among named things with arrows between them.</summary>
internal static class Graph
{
    /// <summary>
    /// Cycles, each as its arrows in order. Everything that lies on a cycle is in one of these, and each is a shortest one of the thing it
    /// begins at.
    /// </summary>
    /// <param name="arrows">The arrows.</param>
    /// <param name="nameOf">The thing that a file belongs to.</param>
    internal static IEnumerable<IReadOnlyList<Arrow>> Cycles(IEnumerable<Arrow> arrows, Func<string, string> nameOf)
    {
        ILookup<string, Arrow> from = arrows.Where(arrow => nameOf(arrow.From) != nameOf(arrow.To))
            .DistinctBy(arrow => (nameOf(arrow.From), nameOf(arrow.To)))
            .ToLookup(arrow => nameOf(arrow.From));
        var told = new HashSet<string>();
        foreach (string start in from.Select(group => group.Key).Order(StringComparer.Ordinal))
        {
            if (!told.Contains(start) && ShortestCycle(from, start, nameOf) is { } cycle)
            {
                told.UnionWith(cycle.Select(arrow => nameOf(arrow.From)));
                yield return cycle;
            }
        }
    }

    private static List<Arrow>? ShortestCycle(ILookup<string, Arrow> from, string start, Func<string, string> nameOf)
    {
        var reachedBy = new Dictionary<string, Arrow>();
        var next = new Queue<string>([start]);
        while (next.TryDequeue(out string? name) && !reachedBy.ContainsKey(start))
        {
            foreach (Arrow arrow in from[name].Where(arrow => reachedBy.TryAdd(nameOf(arrow.To), arrow)))
                next.Enqueue(nameOf(arrow.To));
        }

        if (!reachedBy.TryGetValue(start, out Arrow? last))
            return null;

        List<Arrow> cycle = [last];
        while (nameOf(cycle[0].From) != start)
            cycle.Insert(0, reachedBy[nameOf(cycle[0].From)]);

        return cycle;
    }
}
