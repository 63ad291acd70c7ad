using Rmap.Model.Rmap;

namespace Rmap.Model.Invariants;

/// <summary>Words for findings. Used only once something is wrong.</summary>
internal static class Describe
{
    /// <summary>The places that map a page.</summary>
    internal static Telling Places(Truth truth, Page page) =>
        Places([truth.Anon, truth.File, truth.Ksm, truth.Unowned], page, "no page table maps it");

    /// <summary>The places that name a slot.</summary>
    internal static Telling Places(Truth truth, SwapSlot slot) => Places([truth.Swapped], slot, "no entry names it");

    /// <summary>The places that the walk of a page looks at.</summary>
    internal static Telling Walk(Page page, Rules rules)
    {
        var places = new List<Telling>();
        foreach (RmapVisit visit in RmapWalk.Visits(page, rules))
            places.Add($"{visit.Vma.Mm} {visit.Address}");

        return List(places, "nothing");
    }

    /// <summary>What an entry holds, as the rest of a sentence that begins with it.</summary>
    internal static Telling Held(in FoundPte pte, string anonymous) => pte.Pte.Target switch
    {
        SwapSlot slot => $"holds a swap entry for {slot}",
        Page { Mapping: AnonVma } page => $"maps the {anonymous} {page}",
        Page { Mapping: StableNode } page => $"maps the KSM page {page}",
        _ => $"maps {pte.Page}",
    };

    /// <summary>What a page belongs to.</summary>
    internal static Telling Owner(Page page) => page.Mapping switch
    {
        AnonVma anonVma => $"index {page.Index} of {anonVma} with {Tree(anonVma)}",
        AddressSpace file => $"page {page.Index} of {file}",
        StableNode node => $"of {node} with {Items(node)}",
        _ => $"of nobody",
    };

    /// <summary>The names of some things.</summary>
    internal static Telling All<T>(Listing<T> things) => List(things.Span.ToArray().Select(Telling (each) => $"{each}"), "none");

    /// <summary>A VMA's AVs, in the order of its list.</summary>
    internal static Telling Chain(VmArea vma) => $"[{Telling.Join(" ", vma.Chain.Select(Telling (link) => $"{link.AnonVma}"))}]";

    /// <summary>The VMAs that an AV knows.</summary>
    internal static Telling Tree(AnonVma anonVma) => List(anonVma.Tree.InOrder().Select(Telling (link) => $"{link.Vma}"), "no VMA");

    /// <summary>The items of a stable node.</summary>
    internal static Telling Items(StableNode node) =>
        List(node.Items.Select(Telling (item) => $"{item.Mm} {item.Address} ({(object?)item.AnonVma ?? "no AV"})"), "no item");

    /// <summary>Where entries are.</summary>
    internal static Telling Places(Listing<FoundPte> entries) => Places(entries.Span.ToArray(), "nowhere");

    /// <summary>The stable nodes with their items.</summary>
    internal static Telling Nodes(Truth truth) =>
        List(truth.StableNodes.Span.ToArray().Select(Telling (node) => $"{node} with {Items(node)}"), "none");

    private static Telling Places(Listing<FoundPte>[] kinds, object target, string none) =>
        Places(kinds.SelectMany(kind => kind.Span.ToArray()).Where(pte => pte.Pte.Target == target), none);

    private static Telling Places(IEnumerable<FoundPte> entries, string none) =>
        List(entries.Select(Telling (pte) => $"{pte.Vma.Mm} {pte.Address}"), none);

    private static Telling List(IEnumerable<Telling> places, string none) =>
        Telling.Join(", ", places.DefaultIfEmpty((Telling)$"{none}"));
}
