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
        private int changes;

        public readonly (VirtualPage Address, Pte Pte) Current => (first + place, ptes[place]);

        public bool MoveNext()
        {
            if (changes != table.Changes && place >= 0)
                ptes = Part();

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
                ptes = Part();
                place = (int)(page - first) - 1;
            }
        }

        /// <summary>The table that was reached, up to the end of the range, as it lies in memory now.</summary>
        private ReadOnlySpan<Pte> Part()
        {
            changes = table.Changes;
            ReadOnlySpan<Pte> all = table.Table(first);
            return all[..(int)Math.Min(all.Length, next - first)];
        }
    }
}
