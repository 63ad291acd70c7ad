using static System.FormattableString;

namespace Rmap.Properties.Drawing;

/// <summary>One place that the walk of a page looks at, in words.</summary>
/// <param name="Round">Of a KSM page, whether it is the first or the second round; 0 else.</param>
/// <param name="Item">Of a KSM page, the rmap_item; null else.</param>
/// <param name="Through">The AV or the file in whose tree the VMA was found.</param>
/// <param name="Interval">The interval by which it was found.</param>
/// <param name="Vma">The VMA.</param>
/// <param name="Address">How its address was found.</param>
/// <param name="Tables">Which entries of the page tables lead to that of the page.</param>
/// <param name="Entry">What stands there.</param>
/// <param name="IsMapped">Whether it maps the page.</param>
/// <param name="Lit">The lines of the state that it comes by, in order.</param>
internal sealed record RmapPlace(
    int Round, string? Item, string Through, string Interval, string Vma, string Address, string Tables, string Entry, bool IsMapped,
    IReadOnlyList<string> Lit);

/// <summary>The walk of a page, in words: <see cref="RmapWalk"/> says where it goes.</summary>
/// <param name="Page">The page's name.</param>
/// <param name="Function">Which walk of Linux it is; what it begins with.</param>
/// <param name="Places">The places, in its order.</param>
/// <param name="Ends">Why it ends before its end, or why there is none; null if neither is so.</param>
internal sealed record RmapWalked(string Page, string Function, IReadOnlyList<RmapPlace> Places, string? Ends)
{
    /// <summary>Why a KSM page is looked for twice: what the rounds of <see cref="RmapPlace.Round"/> are for.</summary>
    internal static readonly IReadOnlyList<string> Rounds =
    [
        "",
        "First round: of each rmap_item, the VMAs of its own mm. ksmd has merged the page there, and has written down the address.",
        "Second round: of each rmap_item, the VMAs of all other mms that its AV knows. A child that was forked since ksmd passed maps the "
            + "page as well, and has no rmap_item yet; the AV that the item recorded leads to it, at the parent's address.",
    ];

    /// <summary>How many rounds it has: two for a KSM page that is walked to the end, none for others.</summary>
    internal int RoundsMade => Ends is null && Function.StartsWith("rmap_walk_ksm", StringComparison.Ordinal) ? 2 : 0;

    /// <summary>The walk of a page.</summary>
    internal static RmapWalked Of(Page page, StateView view)
    {
        string name = view.Names.Of(page)!;
        var places = new List<RmapPlace>();
        string? ends = Unwalked(page);
        try
        {
            if (ends is null)
                Walk(page, view, places);
        }
        catch (KernelBug bug)
        {
            ends = bug.Message;
        }

        return new RmapWalked(name, Beginning(page, view), places, ends);
    }

    private static string Beginning(Page page, StateView view)
    {
        string mapping = view.Names.Of(page.Mapping) ?? "nothing";
        return page.Mapping switch
        {
            AnonVma => Invariant($"rmap_walk_anon: mapping is the AV {mapping}, index {page.Index}"),
            AddressSpace => Invariant($"rmap_walk_file: mapping is the file {mapping}, index {page.Index}"),
            StableNode => $"rmap_walk_ksm: mapping is the stable node {mapping}; the index says nothing any more",
            _ => "no walk: mapping is null",
        };
    }

    private static string? Unwalked(Page page) => page.Mapping switch
    {
        null => "A page without a mapping is found nowhere.",
        AnonVma { IsFreed: true } or StableNode { IsFreed: true } => "What its mapping leads to has been freed.",
        StableNode node when node.Items.Exists(item => item.AnonVma is null) => "An rmap_item has no AV.",
        _ => null,
    };

    private static void Walk(Page page, StateView view, List<RmapPlace> places)
    {
        Rules rules = view.Machine.Rules;
        RmapVisits.Enumerator walk = RmapWalk.Visits(page, rules).GetEnumerator();
        while (walk.MoveNext())
            places.Add(Place(page, view, walk));
    }

    private static RmapPlace Place(Page page, StateView view, RmapVisits.Enumerator walk)
    {
        (VmArea vma, VirtualPage address) = walk.Current;
        var anonVma = (walk.Item?.AnonVma ?? page.Mapping) as AnonVma;
        object through = anonVma ?? (object)page.Mapping!;
        (long start, long last) = anonVma is null ? (vma.Shared.Start, vma.Shared.Last) : Interval(anonVma, vma);
        string tree = anonVma is null ? "i_mmap" : "rb_root";
        string?[] lit =
        [
            StateIds.Of(view, page), walk.Item is null ? null : StateIds.Of(view, page.Mapping),
            walk.Item is null ? null : StateIds.Of(view, walk.Item), StateIds.Of(view, through),
            StateIds.OfInterval(view, through, tree, vma), StateIds.Of(view, vma), StateIds.OfEntry(view, vma.Mm, address),
        ];
        return new RmapPlace(
            walk.Item is null ? 0 : walk.SearchesNewForks ? 2 : 1,
            walk.Item is null ? null : $"{view.Of(walk.Item.Mm)} {walk.Item.Address}",
            view.Names.Of(through)!,
            Invariant($"@{start}..{last}"),
            view.Of(vma),
            walk.Item is null ? Sum(page, vma, address) : $"{address}, which the rmap_item has written down",
            Tables(address),
            Entry(walk.Current.Pte, view),
            walk.Current.Maps(page, view.Machine.Rules),
            [.. lit.OfType<string>()]);
    }

    private static (long Start, long Last) Interval(AnonVma anonVma, VmArea vma)
    {
        IntervalNode<AnonVmaChain> node = anonVma.Tree.FirstInOrder!;
        while (node.Value.Vma != vma)
            node = node.NextInOrder()!;

        return (node.Start, node.Last);
    }

    /// <summary><c>vma_address</c>, with its numbers. Rules that are wrong may look elsewhere.</summary>
    private static string Sum(Page page, VmArea vma, VirtualPage address)
    {
        VirtualPage sum = vma.Start + (page.Index - vma.PageOffset);
        string told = Invariant($"index {page.Index} - pgoff {vma.PageOffset} + start {vma.Start} = {sum}");
        return address == sum ? told : $"{told}, and these rules look at {address}";
    }

    /// <summary>Nine bits of the page's number each, the highest first. The p4d is folded into the pgd.</summary>
    private static string Tables(VirtualPage page)
    {
        const int Bits = 9;
        long At(int level) => (page.Number >> (Bits * level)) & (PageTable.EntriesPerTable - 1);
        return Invariant($"pgd {At(3)}, pud {At(2)}, pmd {At(1)}, pte {At(0)}");
    }

    private static string Entry(Pte pte, StateView view)
    {
        string target = pte.Kind switch
        {
            PteKind.None => "none",
            PteKind.ZeroPage => "zero",
            PteKind.Poisoned => "poisoned",
            PteKind.Migration => $"{view.Names.Of(pte.Target)} migration",
            _ => view.Names.Of(pte.Target)!,
        };
        return $"{target} {StateColumns.Words(pte.Bits)}".TrimEnd();
    }
}
