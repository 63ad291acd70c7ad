using System.Runtime.InteropServices;

namespace Rmap.Properties.Watching;

/// <summary>
/// What some pages of an address space have, by page, in order. Unlike in a <see cref="SortedList{TKey,TValue}"/>, a whole range goes at
/// once.
/// </summary>
internal sealed class SortedPages<T>
{
    private readonly List<long> pages = [];
    private readonly List<T> values = [];

    internal int Count => pages.Count;

    /// <summary>The page of an entry.</summary>
    internal long PageAt(int index) => pages[index];

    /// <summary>The entry itself, to be changed in place.</summary>
    internal ref T At(int index) => ref CollectionsMarshal.AsSpan(values)[index];

    /// <summary>The place of the first page from this one on.</summary>
    internal int From(long page)
    {
        int index = pages.BinarySearch(page);
        return index < 0 ? ~index : index;
    }

    /// <summary>The places of the entries of a range, in order.</summary>
    internal IEnumerable<int> In(PageRange range)
    {
        for (int i = From(range.Start.Number); i < pages.Count && pages[i] < range.End.Number; i++)
            yield return i;
    }

    /// <summary>What a page has; false, and a default, if it has nothing.</summary>
    internal bool TryGet(long page, out T value)
    {
        int index = pages.BinarySearch(page);
        value = index >= 0 ? values[index] : default!;
        return index >= 0;
    }

    internal void Set(long page, T value)
    {
        int index = pages.BinarySearch(page);
        if (index >= 0)
            values[index] = value;
        else
            Insert(~index, page, value);
    }

    internal void Remove(long page) => Remove(page, page + 1);

    /// <summary>Removes all from one page up to another.</summary>
    internal void Remove(long start, long end)
    {
        int from = From(start);
        int count = Math.Max(0, From(end) - from);
        pages.RemoveRange(from, count);
        values.RemoveRange(from, count);
    }

    /// <summary>What pages from one up to another have is had by pages so much further, too. Nothing lies there.</summary>
    internal void Copy(long start, long end, long shift)
    {
        int from = From(start);
        int count = Math.Max(0, From(end) - from);
        long[] moved = [.. pages.GetRange(from, count).Select(page => page + shift)];
        List<T> copied = values.GetRange(from, count);
        int to = From(start + shift);
        pages.InsertRange(to, moved);
        values.InsertRange(to, copied);
    }

    internal SortedPages<T> Copy()
    {
        var copy = new SortedPages<T>();
        copy.pages.AddRange(pages);
        copy.values.AddRange(values);
        return copy;
    }

    private void Insert(int index, long page, T value)
    {
        pages.Insert(index, page);
        values.Insert(index, value);
    }
}
