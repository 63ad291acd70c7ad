namespace Rmap.Model.Types;

/// <summary>
/// <c>walk_page_range</c>: the entries of a range that are not none, by page; where a table is absent, at whatever level, all that it
/// could tell of is passed over at once.
/// </summary>
internal readonly ref struct PteRange(PageTable table, PageRange range)
{
    public Enumerator GetEnumerator() => new(table, range);

    internal ref struct Enumerator(PageTable table, PageRange range)
    {
        private ReadOnlySpan<Pte> ptes;
        private VirtualPage first;
        private VirtualPage next = range.Start;
        private int place = -1;

        public readonly (VirtualPage Address, Pte Pte) Current => (first + place, ptes[place]);

        public bool MoveNext()
        {
            while (true)
            {
                while (++place < ptes.Length)
                {
                    if (!ptes[place].IsNone)
                        return true;
                }

                if (next >= range.End || table.NextTable(next, range.End) is var page && page >= range.End)
                    return false;

                first = PageTable.StartOfTable(page);
                next = VirtualPage.Min(PageTable.EndOfTable(page), range.End);
                ptes = table.Table(page);
                ptes = ptes[..(int)Math.Min(ptes.Length, next - first)];
                place = (int)(page - first) - 1;
            }
        }
    }
}
