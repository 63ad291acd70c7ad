using Rmap.Model.Rmap;

namespace Rmap.Model.Invariants;

/// <summary>Words for findings. Used only once something is wrong.</summary>
internal static class Describe
{
    /// <summary>The places that map a page.</summary>
    internal static Telling Places(Truth truth, Page page)
    {
        IEnumerable<Telling> places = truth.Anon.Span.ToArray().Concat(truth.File.Span.ToArray()).Concat(truth.Ksm.Span.ToArray())
            .Concat(truth.Unowned.Span.ToArray()).Where(pte => pte.Page == page).Select(Telling (pte) => $"{pte.Vma.Mm} {pte.Address}");
        return List(places, "no page table maps it");
    }

    /// <summary>The places that name a slot.</summary>
    internal static Telling Places(Truth truth, SwapSlot slot) =>
        List(
            truth.Swapped.Span.ToArray().Where(pte => pte.Slot == slot).Select(Telling (pte) => $"{pte.Vma.Mm} {pte.Address}"),
            "no entry names it");

    /// <summary>The places that the walk of a page looks at.</summary>
    internal static Telling Walk(Page page, Rules rules)
    {
        var places = new List<Telling>();
        foreach (RmapVisit visit in RmapWalk.Visits(page, rules))
            places.Add($"{visit.Vma.Mm} {visit.Address}");

        return List(places, "nothing");
    }

    /// <summary>What a page belongs to.</summary>
    internal static Telling Owner(Page page) => page.Mapping switch
    {
        AnonVma anonVma => $"index {page.Index} of {anonVma} with {Tree(anonVma)}",
        AddressSpace file => $"page {page.Index} of {file}",
        StableNode node => $"of {node} with {Items(node)}",
        _ => $"of nobody",
    };

    /// <summary>A VMA's AVs, in the order of its list.</summary>
    internal static Telling Chain(VmArea vma) => $"[{Telling.Join(" ", vma.Chain.Select(Telling (link) => $"{link.AnonVma}"))}]";

    /// <summary>The VMAs that an AV knows.</summary>
    internal static Telling Tree(AnonVma anonVma) => List(anonVma.Tree.InOrder().Select(Telling (link) => $"{link.Vma}"), "no VMA");

    /// <summary>The items of a stable node.</summary>
    internal static Telling Items(StableNode node) =>
        List(node.Items.Select(Telling (item) => $"{item.Mm} {item.Address} ({(object?)item.AnonVma ?? "no AV"})"), "no item");

    private static Telling List(IEnumerable<Telling> places, string none) =>
        Telling.Join(", ", places.DefaultIfEmpty((Telling)$"{none}"));
}
