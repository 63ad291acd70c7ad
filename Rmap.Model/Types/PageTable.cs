using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Rmap.Model.Types;

/// <summary>
/// The page table of an mm: pgd, p4d (folded), pud, pmd, pte, nine bits of the page number each.
/// A pte table appears when an entry is first stored in it, when fork or mremap copies from one, or before UFFDIO_MOVE looks at a page,
/// and goes with the last VMA that reaches into it, or when MADV_DONTNEED empties it. Of each table only the part up to its highest entry
/// so far is kept: most address spaces here are small, and every fork makes a new one. Left out: when the tables above go.
/// </summary>
public sealed class PageTable
{
    /// <summary>Entries of a table, at every level.</summary>
    public const int EntriesPerTable = 512;

    /// <summary>Pages that the table can address: the user half of a 48-bit address space.</summary>
    public const long Pages = 1L << 35;

    private const int BitsPerLevel = 9;

    private const int SmallestPart = 8;

    private readonly Frames? frames;
    private Pte[]?[]?[]?[] pgd = [];

    internal PageTable(Frames? frames = null) => this.frames = frames;

    /// <summary>Entries that are not none.</summary>
    public int InUse { get; private set; }

    /// <summary>The entry for a page; none where a table on the way is absent.</summary>
    public Pte this[VirtualPage page]
    {
        get
        {
            int index = Index(page, 0);
            return Leaf(page) is { } ptes && index < ptes.Length ? ptes[index] : default;
        }

        set
        {
            int index = Index(page, 0);
            Pte[]? ptes = Leaf(page);
            ref Pte pte = ref (ptes is null || index >= ptes.Length ? LeafForStore(page) : ptes)[index];
            InUse += (value.IsNone ? 0 : 1) - (pte.IsNone ? 0 : 1);
            pte = value;
        }
    }

    /// <summary>Whether there is a pte table for the page.</summary>
    internal bool HasTable(VirtualPage page) => Leaf(page) is not null;

    /// <summary>
    /// The first page from this one on whose pte table is there; one not before <paramref name="end"/> if none is. An absent table above
    /// passes over all below.
    /// </summary>
    internal VirtualPage NextTable(VirtualPage page, VirtualPage end)
    {
        long at = Math.Max(page.Number, 0);
        while (at < end.Number && at < Pages)
        {
            page = new VirtualPage(at);
            int absent = Below(pgd, Index(page, 3)) is not { } pud ? 3
                : Below(pud, Index(page, 2)) is not { } pmd ? 2
                : Below(pmd, Index(page, 1)) is null ? 1
                : 0;
            if (absent == 0)
                return page;

            at = (at | ((1L << (BitsPerLevel * absent)) - 1)) + 1;
        }

        return new VirtualPage(long.MaxValue);
    }

    /// <summary>Makes the pte table for the page, if there is none (<c>pte_alloc</c>).</summary>
    internal void AddTable(VirtualPage page)
    {
        if (!HasTable(page))
            LeafForStore(page);
    }

    /// <summary>Frees the pte tables from that of one page up to that of another (<c>free_pgd_range</c>), if they are empty.</summary>
    internal void Free(VirtualPage from, VirtualPage to)
    {
        foreach ((VirtualPage start, Pte[] ptes, Pte[]?[] pmd) in Tables())
        {
            if (start >= from && start < to && Array.TrueForAll(ptes, pte => pte.IsNone))
            {
                pmd[Index(start, 1)] = null;
                CountTables(-1);
            }
        }
    }

    /// <summary>What the page tables take, when their mm goes.</summary>
    internal void FreeAll()
    {
        foreach (var _ in Tables())
            CountTables(-1);
    }

    private void CountTables(int more)
    {
        if (frames is not null)
            frames.PageTables += more;
    }

    /// <summary>The entries of a range that are not none, for <c>foreach</c>, which may change those that it has come by.</summary>
    internal PteRange Walk(PageRange range) => new(this, range);

    /// <summary>The pte table for a page, as it lies in memory: without the entries at its end that were never stored.</summary>
    internal ReadOnlySpan<Pte> Table(VirtualPage page) => Leaf(page);

    /// <summary>
    /// The entries from <paramref name="page"/> up to the end of its pte table, as they lie in memory, without those at the end that
    /// were never stored.
    /// </summary>
    internal ReadOnlySpan<Pte> From(VirtualPage page)
    {
        int index = Index(page, 0);
        return Leaf(page) is { } ptes && index < ptes.Length ? ptes.AsSpan(index) : default;
    }

    /// <summary>The first page behind those whose entries are in the same pte table.</summary>
    internal static VirtualPage EndOfTable(VirtualPage page) => new((page.Number | (EntriesPerTable - 1)) + 1);

    /// <summary>All entries that are not none, by page: the whole tree is walked, so they are found wherever they are.</summary>
    public IEnumerable<(VirtualPage Page, Pte Pte)> Entries()
    {
        foreach ((VirtualPage start, Pte[] ptes, _) in Tables())
        {
            for (int i = 0; i < ptes.Length; i++)
            {
                if (!ptes[i].IsNone)
                    yield return (start + i, ptes[i]);
            }
        }
    }

    /// <summary>All pte tables, for <c>foreach</c>.</summary>
    internal PteTables Tables() => new(pgd);

    private static int Index(VirtualPage page, int level) => (int)(page.Number >> (BitsPerLevel * level)) & (EntriesPerTable - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Pte[]? Leaf(VirtualPage page) => Below(Below(Below(pgd, Index(page, 3)), Index(page, 2)), Index(page, 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T? Below<T>(T?[]? table, int index) where T : class =>
        table is not null && index < table.Length ? table[index] : null;

    private Pte[] LeafForStore(VirtualPage page)
    {
        ref Pte[]?[]?[]? pud = ref Extended(ref pgd!, Index(page, 3));
        ref Pte[]?[]? pmd = ref Extended(ref pud, Index(page, 2));
        ref Pte[]? ptes = ref Extended(ref pmd, Index(page, 1));
        CountTables(ptes is null ? 1 : 0);
        Extended(ref ptes, Index(page, 0));
        return ptes;
    }

    /// <summary>The place of an entry in a table that is made, or made longer, if it does not reach so far.</summary>
    private static ref T Extended<T>([NotNull] ref T[]? table, int index)
    {
        table ??= [];
        if (index >= table.Length)
            Array.Resize(ref table, Math.Max(SmallestPart, (int)BitOperations.RoundUpToPowerOf2((uint)index + 1)));

        return ref table[index];
    }

    /// <summary>Goes through the pte tables, each with the page at which it begins and the table that it hangs in.</summary>
    internal struct PteTables(Pte[]?[]?[]?[] pgd)
    {
        private int i, j, k = -1;

        public readonly (VirtualPage Start, Pte[] Ptes, Pte[]?[] Pmd) Current
        {
            get
            {
                long table = ((((long)i << BitsPerLevel) + j) << BitsPerLevel) + k;
                return (new VirtualPage(table << BitsPerLevel), pgd[i]![j]![k]!, pgd[i]![j]!);
            }
        }

        public readonly PteTables GetEnumerator() => this;

        public bool MoveNext()
        {
            for (; i < pgd.Length; i++, j = 0)
            {
                for (; j < (pgd[i]?.Length ?? 0); j++, k = -1)
                {
                    while (++k < (pgd[i]![j]?.Length ?? 0))
                    {
                        if (pgd[i]![j]![k] is not null)
                            return true;
                    }
                }
            }

            return false;
        }
    }
}
