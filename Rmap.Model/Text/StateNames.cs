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

    /// <summary>The name of an AV; <c>stale</c> if it has been freed.</summary>
    public string Of(AnonVma anonVma) => anonVma.IsFreed ? "stale" : For(anonVma, "A").Name;

    /// <summary>The name of a page.</summary>
    public string Of(Page page) => For(page, "f").Name;

    /// <summary>The name of a swap slot.</summary>
    public string Of(SwapSlot slot) => For(slot, "s").Name;

    /// <summary>The name of a stable node; <c>ksm</c> for the null node.</summary>
    public string Of(StableNode node) => node == StableNode.Null ? "ksm" : node.IsFreed ? "stale" : For(node, "K").Name;

    /// <summary>The name of a file or segment: the scenario's, but for shared anonymous memory.</summary>
    public string Of(AddressSpace file) => file.Kind == FileKind.SharedAnonymous ? For(file, "shmem").Name : file.Name;

    /// <summary>The name of what a page belongs to; a dash if that is nothing.</summary>
    public string Of(PageMapping? mapping) => mapping switch
    {
        null => "-",
        AnonVma anonVma => Of(anonVma),
        StableNode node => Of(node),
        AddressSpace file => Of(file),
        _ => throw new InvalidOperationException($"No name for {mapping.GetType().Name}."),
    };

    /// <summary>A sentence of an invariant with these names.</summary>
    public string Tell(Telling telling) => telling.With(thing => thing switch
    {
        Page page => Of(page),
        SwapSlot slot => Of(slot),
        PageMapping mapping => Of(mapping),
        _ => null,
    });

    /// <summary>These pages in the order of their names.</summary>
    internal IEnumerable<Page> InOrder(IEnumerable<Page> pages) => pages.OrderBy(page => For(page, "f").Number);

    /// <summary>These AVs in the order of their names.</summary>
    internal IEnumerable<AnonVma> InOrder(IEnumerable<AnonVma> anonVmas) => anonVmas.OrderBy(anonVma => For(anonVma, "A").Number);

    /// <summary>These slots in the order of their names.</summary>
    internal IEnumerable<SwapSlot> InOrder(IEnumerable<SwapSlot> slots) => slots.OrderBy(slot => For(slot, "s").Number);

    private (string Name, int Number) For(object thing, string prefix)
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
