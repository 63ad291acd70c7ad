using System.Numerics;
using System.Runtime.InteropServices;

namespace Rmap.Model.Types;

/// <summary>
/// The page table of an mm: pgd, p4d (folded), pud, pmd, pte, nine bits of the page number each. The tables above those of ptes are left
/// out: which there are follows from the pte tables, but for when they go.
/// A pte table appears when an entry is first stored in it, when fork or mremap copies from one, or before UFFDIO_MOVE looks at a page,
/// and goes with the last VMA that reaches into it, or when MADV_DONTNEED empties it. Of each only the part up to its highest entry so far
/// is kept: most address spaces here are small, and every fork makes a new one.
/// </summary>
public sealed class PageTable
{
    /// <summary>Entries of a table, at every level.</summary>
    public const int EntriesPerTable = 512;

    /// <summary>Pages that the table can address: the user half of a 48-bit address space.</summary>
    public const long Pages = 1L << 35;

    private const int SmallestPart = 8;

    private readonly Frames? frames;
    private readonly List<PteTable> tables = [];

    /// <summary>Where the table was that was asked for last: most often it is the next one, too.</summary>
    private int recent;

    internal PageTable(Frames? frames = null) => this.frames = frames;

    /// <summary>Entries that are not none.</summary>
    public int InUse { get; private set; }

    /// <summary>The pte tables, by page.</summary>
    internal ReadOnlySpan<PteTable> Tables => CollectionsMarshal.AsSpan(tables);

    /// <summary>The entry for a page; none where there is no table.</summary>
    public Pte this[VirtualPage page]
    {
        get
        {
            ReadOnlySpan<Pte> ptes = Table(page);
            int index = Index(page);
            return index < ptes.Length ? ptes[index] : default;
        }

        set
        {
            int place = Place(page);
            Pte[]? ptes = place >= 0 ? tables[place].Entries : null;
            int index = Index(page);
            ref Pte pte = ref (ptes is null || index >= ptes.Length ? Extended(page, place) : ptes)[index];
            InUse += (value.IsNone ? 0 : 1) - (pte.IsNone ? 0 : 1);
            pte = value;
        }
    }

    /// <summary>
    /// How often a table came, grew or went: whoever holds on to one over a boundary looks for it again when that changes.
    /// </summary>
    internal int Changes { get; private set; }

    /// <summary>Whether there is a pte table for the page.</summary>
    internal bool HasTable(VirtualPage page) => Place(page) >= 0;

    /// <summary>The first page from this one on whose pte table is there; one not before <paramref name="end"/> if none is.</summary>
    internal VirtualPage NextTable(VirtualPage page, VirtualPage end)
    {
        int place = Place(page);
        return place >= 0 ? page : ~place < tables.Count ? tables[~place].Start : end;
    }

    /// <summary>Makes the pte table for the page, if there is none (<c>pte_alloc</c>).</summary>
    internal void AddTable(VirtualPage page)
    {
        if (Place(page) is < 0 and var place)
            Extended(page, place);
    }

    /// <summary>Frees the pte tables from that of one page up to that of another (<c>free_pgd_range</c>), if they are empty.</summary>
    internal void Free(VirtualPage from, VirtualPage to)
    {
        for (int i = tables.Count - 1; i >= 0 && tables[i].Start >= from; i--)
        {
            if (tables[i].Start < to && Array.TrueForAll(tables[i].Entries, pte => pte.IsNone))
            {
                tables.RemoveAt(i);
                Changes++;
                CountTables(-1);
            }
        }
    }

    /// <summary>What the page tables take, when their mm goes.</summary>
    internal void FreeAll() => CountTables(-tables.Count);

    private void CountTables(int more) => frames?.PageTables += more;

    /// <summary>The entries of a range that are not none, for <c>foreach</c>, which may change those that it has come by.</summary>
    internal PteRange Walk(PageRange range) => new(this, range);

    /// <summary>The pte table for a page, as it lies in memory: without the entries at its end that were never stored.</summary>
    internal ReadOnlySpan<Pte> Table(VirtualPage page) => Place(page) is >= 0 and var place ? tables[place].Entries : default;

    /// <summary>The page of the first entry in the pte table of a page.</summary>
    internal static VirtualPage StartOfTable(VirtualPage page) => new(page.Number & -EntriesPerTable);

    /// <summary>The first page behind those whose entries are in the same pte table.</summary>
    internal static VirtualPage EndOfTable(VirtualPage page) => StartOfTable(page) + EntriesPerTable;

    /// <summary>All entries that are not none, by page: all tables are read, so they are found wherever they are.</summary>
    public IEnumerable<(VirtualPage Page, Pte Pte)> Entries()
    {
        foreach (PteTable table in tables)
        {
            for (int i = 0; i < table.Entries.Length; i++)
            {
                if (!table.Entries[i].IsNone)
                    yield return (table.Start + i, table.Entries[i]);
            }
        }
    }

    private static int Index(VirtualPage page) => (int)page.Number & (EntriesPerTable - 1);

    /// <summary>Where in the list the table for the page is; if it is absent, the complement of where it belongs.</summary>
    private int Place(VirtualPage page)
    {
        VirtualPage start = StartOfTable(page);
        ReadOnlySpan<PteTable> all = Tables;
        if ((uint)recent < (uint)all.Length && all[recent].Start == start)
            return recent;

        int place = all.BinarySearch(new StartsAt(start));
        recent = Math.Max(place, 0);
        return place;
    }

    /// <summary>The entries of a table that reaches to the page: one that is made, or made longer, where there is none.</summary>
    private Pte[] Extended(VirtualPage page, int place)
    {
        if (place < 0)
        {
            place = ~place;
            tables.Insert(place, new PteTable(StartOfTable(page), []));
            CountTables(1);
        }

        Pte[] entries = tables[place].Entries;
        Array.Resize(ref entries, Math.Max(SmallestPart, (int)BitOperations.RoundUpToPowerOf2((uint)Index(page) + 1)));
        tables[place] = tables[place] with { Entries = entries };
        Changes++;
        return entries;
    }

    private readonly struct StartsAt(VirtualPage start) : IComparable<PteTable>
    {
        public int CompareTo(PteTable table) => start.CompareTo(table.Start);
    }
}

/// <summary>A pte table.</summary>
/// <param name="Start">The page of its first entry.</param>
/// <param name="Entries">Its entries, without those at the end that were never stored.</param>
internal readonly record struct PteTable(VirtualPage Start, Pte[] Entries);
