namespace Rmap.Properties.Watching;

/// <summary>The pages of one address space, by number.</summary>
internal sealed class ContentSpace
{
    /// <summary>A longer mapping is not followed page by page: about its pages nothing is predicted.</summary>
    private const long LongestFollowed = 1 << 16;

    private readonly List<PageRange> unfollowed;

    internal ContentSpace()
    {
        Cells = [];
        unfollowed = [];
    }

    private ContentSpace(ContentSpace other)
    {
        Cells = new(other.Cells);
        unfollowed = [.. other.unfollowed];
    }

    internal SortedList<long, ContentCell> Cells { get; }

    /// <summary>Whether something is mapped in this address space that is not followed.</summary>
    internal bool HasUnfollowed => unfollowed.Count > 0;

    internal ContentSpace Copy() => new(this);

    /// <summary>The place in <see cref="Cells"/> of the first page from this one on.</summary>
    internal int From(long page)
    {
        int low = 0;
        int high = Cells.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (Cells.GetKeyAtIndex(middle) < page)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>The number of the first page of the range that is not mapped for sure; its end if all may be.</summary>
    internal long FirstHole(PageRange range)
    {
        long page = range.Start.Number;
        for (int i = From(page); page < range.End.Number; i++)
        {
            if (i < Cells.Count && Cells.GetKeyAtIndex(i) == page)
            {
                page++;
            }
            else if (unfollowed.FindIndex(around => around.Contains(new(page))) is >= 0 and int at)
            {
                page = Math.Min(unfollowed[at].End.Number, range.End.Number);
                i = From(page) - 1;
            }
            else
            {
                break;
            }
        }

        return page;
    }

    /// <summary>Whether it cannot be said what lies there.</summary>
    internal bool IsUnfollowed(VirtualPage page) => unfollowed.Exists(range => range.Contains(page));

    /// <summary>Maps pages one behind the other.</summary>
    internal void Map(PageRange range, ContentCell first)
    {
        Unmap(range);
        if (range.Pages > LongestFollowed)
        {
            Unfollow(range);
            return;
        }

        for (long i = 0; i < range.Pages; i++)
            Cells[range.Start.Number + i] = first with { Index = first.Index + i };
    }

    /// <summary>
    /// Gives up saying what lies in a range, until something is mapped there. It may be what was there, so nothing more can be said of
    /// pages of it that are held either.
    /// </summary>
    internal void Unfollow(PageRange range)
    {
        for (int i = From(range.Start.Number); i < From(range.End.Number); i++)
            Cells.GetValueAtIndex(i).Held?.Lose();

        Unmap(range);
        unfollowed.Add(range);
    }

    internal void Unmap(PageRange range)
    {
        int from = From(range.Start.Number);
        for (int i = From(range.End.Number) - 1; i >= from; i--)
            Cells.RemoveAt(i);
    }

    /// <summary>Changes every mapped page of a range.</summary>
    internal void Change(PageRange range, Func<ContentCell, ContentCell> change)
    {
        int end = From(range.End.Number);
        for (int i = From(range.Start.Number); i < end; i++)
            Cells.SetValueAtIndex(i, change(Cells.GetValueAtIndex(i)));
    }
}
