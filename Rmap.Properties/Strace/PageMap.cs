namespace Rmap.Properties.Strace;

/// <summary>
/// Addresses of a real program as small page numbers. What the log ever names in one piece stays in one piece, what touched stays
/// together, and the order stays; of the emptiness between two pieces one page is left.
/// </summary>
internal sealed class PageMap
{
    private const long First = 16;

    private readonly List<long> starts = [];
    private readonly List<long> small = [];

    /// <param name="ranges">All ranges that are going to be asked for, in pages, ends exclusive.</param>
    internal PageMap(IEnumerable<(long Start, long End)> ranges)
    {
        End = First;
        long last = long.MinValue;
        foreach ((long start, long end) in ranges.Where(range => range.Start < range.End).Order())
        {
            if (starts.Count == 0 || start > last)
            {
                starts.Add(start);
                small.Add(End);
            }

            last = Math.Max(last, end);
            End = small[^1] + (last - starts[^1]) + 1;
        }
    }

    /// <summary>The first page number that no piece has.</summary>
    internal long End { get; }

    /// <summary>The small number of a page that lies in one of the ranges; 0, which nothing has, below all of them.</summary>
    internal VirtualPage this[long page]
    {
        get
        {
            int found = starts.BinarySearch(page);
            int piece = found >= 0 ? found : ~found - 1;
            return new VirtualPage(piece < 0 ? 0 : small[piece] + (page - starts[piece]));
        }
    }
}
