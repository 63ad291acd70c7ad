using System.Runtime.CompilerServices;

namespace Rmap.Model.Invariants;

/// <summary>A list that is filled anew at each reading, and allocates nothing once it has grown to the machine's size.</summary>
internal sealed class Listing<T>
{
    private T[] items = [];

    internal int Count { get; private set; }

    internal ReadOnlySpan<T> Span => new(items, 0, Count);

    internal ref T this[int index] => ref items[index];

    public ReadOnlySpan<T>.Enumerator GetEnumerator() => Span.GetEnumerator();

    internal void Clear() => Count = 0;

    internal void Add(T item)
    {
        if (Count == items.Length)
            Array.Resize(ref items, Math.Max(16, 2 * Count));

        items[Count++] = item;
    }

    /// <summary>Adds all of a list, without an enumerator that would have to be allocated.</summary>
    internal void AddAll(IReadOnlyList<T> all)
    {
        for (int i = 0; i < all.Count; i++)
            Add(all[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal int Sum(Func<T, int> number)
    {
        int sum = 0;
        foreach (T each in Span)
            sum += number(each);

        return sum;
    }
}
