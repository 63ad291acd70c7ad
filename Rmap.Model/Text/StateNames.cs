using Rmap.Model.Invariants;

namespace Rmap.Model.Text;

/// <summary>
/// The names by which texts call what has none of its own: A1 for an AV, f1 for a page, s1 for a swap slot, K1 for a stable node,
/// shmem1 for shared anonymous memory; counted in order of first use, not by the recycled internal numbers. One instance used for
/// several texts of one machine keeps a thing's name from one text to the next, and gives no name twice.
/// </summary>
public sealed class StateNames
{
    private readonly Dictionary<object, (string Name, int Number)> names = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> used = [];

    /// <summary>
    /// The name of a thing: <c>stale</c> if it has been freed, <c>ksm</c> for the null node, the scenario's for a file or segment; null for
    /// what texts do not name.
    /// </summary>
    public string? Of(object? thing) => thing switch
    {
        StableNode node when node == StableNode.Null => "ksm",
        AnonVma { IsFreed: true } or StableNode { IsFreed: true } => "stale",
        AnonVma => Counted("A", thing).Name,
        Page => Counted("f", thing).Name,
        SwapSlot => Counted("s", thing).Name,
        StableNode => Counted("K", thing).Name,
        AddressSpace { Kind: FileKind.SharedAnonymous } => Counted("shmem", thing).Name,
        AddressSpace file => file.Name,
        OpenFile opening => Of(opening.Mapping),
        _ => null,
    };

    /// <summary>A sentence of an invariant with these names. What has been freed keeps its own, as the sentence is about it.</summary>
    public string Tell(Telling telling) =>
        telling.With(thing => Of(thing) is "stale" ? Counted(thing is AnonVma ? "A" : "K", thing).Name : Of(thing));

    /// <summary>These things, which are of one kind and have their names, in the order of the names.</summary>
    internal IEnumerable<T> InOrder<T>(IEnumerable<T> things) where T : class => things.OrderBy(thing => names[thing].Number);

    private (string Name, int Number) Counted(string prefix, object thing)
    {
        if (!names.TryGetValue(thing, out (string, int) name))
        {
            int number = used[prefix] = used.GetValueOrDefault(prefix) + 1;
            name = (string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}"), number);
            names.Add(thing, name);
        }

        return name;
    }
}
