using System.Runtime.InteropServices;

namespace Rmap.Properties.Watching;

/// <summary>An address space, as calls have made it: which pages are mapped, and which of them the process has copies of.</summary>
internal sealed class ContentSpace
{
    private readonly List<ContentStretch> stretches = [];

    /// <summary>What is mapped, in order.</summary>
    internal ReadOnlySpan<ContentStretch> Stretches => CollectionsMarshal.AsSpan(stretches);

    /// <summary>The process's own copies, of private mappings only.</summary>
    internal SortedPages<ContentCopy> Copies { get; private set; } = new();

    /// <summary>Process-wide KSM.</summary>
    internal bool IsMergeAny { get; set; }

    /// <summary>The locks that new mappings get (MCL_FUTURE).</summary>
    internal VmFlags FutureLocks { get; set; }

    /// <summary>Whether memory may be refused that is both writable and executable (PR_SET_MDWE).</summary>
    internal Mdwe Mdwe { get; set; }

    /// <summary>
    /// Other states that it may be in, in part, after a call that failed on its way. A comparison with the machine settles it.
    /// </summary>
    internal List<ContentSpace> Alternatives { get; } = [];

    internal ContentSpace Copy()
    {
        var copy = new ContentSpace
        {
            Copies = Copies.Copy(),
            IsMergeAny = IsMergeAny,
            FutureLocks = FutureLocks,
            Mdwe = Mdwe,
        };
        copy.stretches.AddRange(stretches);
        return copy;
    }

    /// <summary>What the page is; null if nothing is mapped there.</summary>
    internal ContentArea? this[long page]
    {
        get
        {
            int index = From(page);
            return index < stretches.Count && stretches[index].Range.Start.Number <= page ? stretches[index].Area : null;
        }
    }

    /// <summary>Whether nothing is mapped in the range.</summary>
    internal bool IsFree(PageRange range) => FirstMapped(range) == range.End;

    /// <summary>The first page of the range that is mapped; its end if none is.</summary>
    internal VirtualPage FirstMapped(PageRange range)
    {
        int index = From(range.Start.Number);
        return index < stretches.Count
            ? VirtualPage.Min(VirtualPage.Max(stretches[index].Range.Start, range.Start), range.End)
            : range.End;
    }

    /// <summary>The first page of the range that is not mapped; its end if all are.</summary>
    internal VirtualPage FirstHole(PageRange range)
    {
        VirtualPage page = range.Start;
        for (int i = From(page.Number); i < stretches.Count && stretches[i].Range.Start <= page && page < range.End; i++)
            page = stretches[i].Range.End;

        return VirtualPage.Min(page, range.End);
    }

    /// <summary>The stretches of a range, cut off where it begins and ends, as they are now.</summary>
    internal List<ContentStretch> In(PageRange range)
    {
        List<ContentStretch> found = [];
        for (int i = From(range.Start.Number); i < stretches.Count && stretches[i].Range.Start < range.End; i++)
            found.Add(stretches[i] with { Range = stretches[i].Range.Intersect(range) });

        return found;
    }

    /// <summary>The stretches of attachments whose first page this is, or would be.</summary>
    internal IEnumerable<ContentStretch> Attached(VirtualPage page) => In(new PageRange(page, new(long.MaxValue)))
        .Where(part => part.Area.Attachment != 0 && part.Area.Shift == -page.Number);

    /// <summary>Maps pages in place of what was there.</summary>
    internal void Map(PageRange range, ContentArea area)
    {
        Unmap(range);
        if (range.Pages <= 0)
            return;

        int index = From(range.Start.Number);
        stretches.Insert(index, new(range, area));
        Join(index, index + 1);
    }

    internal void Unmap(PageRange range)
    {
        LetGo(range);
        (int from, int to) = Cut(range);
        stretches.RemoveRange(from, to - from);
    }

    /// <summary>The process's copies of the range go. Who holds one keeps what it showed last.</summary>
    internal void LetGo(PageRange range) => Copies.Remove(range.Start.Number, range.End.Number);

    /// <summary>Changes what the mapped pages of a range are.</summary>
    internal void Change(PageRange range, Func<ContentArea, ContentArea> change)
    {
        (int from, int to) = Cut(range);
        for (int i = from; i < to; i++)
            stretches[i] = stretches[i] with { Area = change(stretches[i].Area) };

        Join(from, to);
    }

    /// <summary>All as it is in another.</summary>
    internal void Become(ContentSpace other)
    {
        stretches.Clear();
        stretches.AddRange(other.stretches);
        Copies = other.Copies;
        Alternatives.Clear();
    }

    /// <summary>The first stretch that ends behind the page.</summary>
    internal int From(long page)
    {
        int low = 0;
        for (int high = stretches.Count; low < high;)
        {
            int middle = (low + high) >>> 1;
            if (stretches[middle].Range.End.Number <= page)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Cuts stretches in two where the range begins and ends.</summary>
    /// <returns>The places of the stretches that lie in it.</returns>
    private (int From, int To) Cut(PageRange range)
    {
        if (range.Pages <= 0)
            return default;

        Cut(range.Start);
        Cut(range.End);
        return (From(range.Start.Number), From(range.End.Number));
    }

    private void Cut(VirtualPage at)
    {
        int index = From(at.Number);
        if (index == stretches.Count || stretches[index].Range.Start >= at)
            return;

        (PageRange range, ContentArea area) = stretches[index];
        stretches[index] = new(new PageRange(range.Start, at), area);
        stretches.Insert(index + 1, new(new PageRange(at, range.End), area));
    }

    /// <summary>Joins those from one place up to another, and what lies beside them, where they are alike.</summary>
    private void Join(int from, int to)
    {
        for (int i = Math.Min(to, stretches.Count - 1); i > 0 && i >= from; i--)
        {
            (ContentStretch lower, ContentStretch upper) = (stretches[i - 1], stretches[i]);
            if (lower.Range.End == upper.Range.Start && lower.Area == upper.Area)
            {
                stretches[i - 1] = lower with { Range = new PageRange(lower.Range.Start, upper.Range.End) };
                stretches.RemoveAt(i);
            }
        }
    }
}
