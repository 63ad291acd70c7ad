using System.Runtime.CompilerServices;

namespace Rmap.Model;

/// <summary>
/// The page table of an mm: pgd, p4d (folded), pud, pmd, pte, nine bits of the page number each.
/// Tables appear when an entry is first stored below them and stay until the mm goes: Linux frees them earlier,
/// which no rule of the reverse mapping sees.
/// </summary>
public sealed class PageTable
{
    /// <summary>Entries of a table, at every level.</summary>
    public const int EntriesPerTable = 512;

    /// <summary>Pages that the table can address: the user half of a 48-bit address space.</summary>
    public const long Pages = 1L << 35;

    private const int BitsPerLevel = 9;

    private readonly Pte[]?[]?[]?[] pgd = new Pte[]?[]?[EntriesPerTable][];

    /// <summary>Entries that are not none.</summary>
    public int InUse { get; private set; }

    /// <summary>The entry for a page; none where a table on the way is absent.</summary>
    public Pte this[VirtualPage page]
    {
        get => Leaf(page) is { } ptes ? ptes[Index(page, 0)] : default;
        set
        {
            ref Pte pte = ref LeafForStore(page)[Index(page, 0)];
            InUse += (value.IsNone ? 0 : 1) - (pte.IsNone ? 0 : 1);
            pte = value;
        }
    }

    /// <summary>
    /// The entries from <paramref name="page"/> up to the end of its pte table, as they lie in memory;
    /// empty where there is no table. <paramref name="span"/> tells how many pages the answer stands for.
    /// </summary>
    internal ReadOnlySpan<Pte> From(VirtualPage page, VirtualPage end, out long span)
    {
        int index = Index(page, 0);
        span = Math.Min(EntriesPerTable - index, end - page);
        return Leaf(page) is { } ptes ? ptes.AsSpan(index, (int)span) : default;
    }

    /// <summary>All entries that are not none, by page: the whole tree is walked, so they are found wherever they are.</summary>
    public IEnumerable<(VirtualPage Page, Pte Pte)> Entries()
    {
        foreach ((int i, Pte[]?[]?[] pud) in Present(pgd))
        {
            foreach ((int j, Pte[]?[] pmd) in Present(pud))
            {
                foreach ((int k, Pte[] ptes) in Present(pmd))
                {
                    for (int l = 0; l < EntriesPerTable; l++)
                    {
                        if (!ptes[l].IsNone)
                        {
                            long number = (((((((long)i << BitsPerLevel) + j) << BitsPerLevel) + k) << BitsPerLevel) + l);
                            yield return (new VirtualPage(number), ptes[l]);
                        }
                    }
                }
            }
        }

        static IEnumerable<(int Index, T Table)> Present<T>(T?[] table) where T : class =>
            table.Index().Where(entry => entry.Item is not null)!;
    }

    private static int Index(VirtualPage page, int level) => (int)(page.Number >> (BitsPerLevel * level)) & (EntriesPerTable - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Pte[]? Leaf(VirtualPage page) => pgd[Index(page, 3)]?[Index(page, 2)]?[Index(page, 1)];

    private Pte[] LeafForStore(VirtualPage page)
    {
        Pte[]?[]?[] pud = pgd[Index(page, 3)] ??= new Pte[]?[EntriesPerTable][];
        Pte[]?[] pmd = pud[Index(page, 2)] ??= new Pte[EntriesPerTable][];
        return pmd[Index(page, 1)] ??= new Pte[EntriesPerTable];
    }
}
