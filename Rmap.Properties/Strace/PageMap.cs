namespace Rmap.Properties.Strace;

/// <summary>
/// Addresses of a real program as small page numbers. What the log ever names in one piece stays in one piece, what touched stays
/// together, and the order stays; of the emptiness between two pieces one page is left.
/// </summary>
internal sealed class PageMap
{
    private const long First = 16;

    private readonly List<(long Start, long End, long Page)> pieces = [];

    /// <param name="ranges">All ranges that are going to be asked for, in pages, ends exclusive.</param>
    internal PageMap(IEnumerable<(long Start, long End)> ranges)
    {
        End = First;
        foreach ((long start, long end) in ranges.Where(range => range.Start < range.End).Order())
        {
            if (pieces.Count > 0 && start <= pieces[^1].End)
            {
                (long pieceStart, long pieceEnd, long page) = pieces[^1];
                pieces[^1] = (pieceStart, Math.Max(pieceEnd, end), page);
            }
            else
            {
                pieces.Add((start, end, End));
            }

            End = pieces[^1].Page + (pieces[^1].End - pieces[^1].Start) + 1;
        }
    }

    /// <summary>The first page number that no piece has.</summary>
    internal long End { get; }

    /// <summary>The small number of a page that lies in one of the ranges; 0, which nothing has, below all of them.</summary>
    internal VirtualPage this[long page]
    {
        get
        {
            if (pieces.FindLastIndex(piece => piece.Start <= page) is not (>= 0 and int index))
                return new VirtualPage(0);

            (long start, _, long small) = pieces[index];
            return new VirtualPage(small + (page - start));
        }
    }
}
