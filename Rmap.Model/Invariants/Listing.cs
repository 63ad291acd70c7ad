using System.Runtime.InteropServices;

namespace Rmap.Model.Invariants;

/// <summary>A list that is filled anew at each reading, and allocates nothing once it has grown to the machine's size.</summary>
internal sealed class Listing<T>
{
    private T[] items = new T[16];

    internal int Count { get; private set; }

    internal Span<T> Span => MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(items), Count);

    public Span<T>.Enumerator GetEnumerator() => Span.GetEnumerator();

    internal void Clear() => Count = 0;

    internal void Add(T item)
    {
        int at = Count;
        if (at == items.Length)
            Grow();

        items[at] = item;
        Count = at + 1;
    }

    /// <summary>Adds all of a list, without an enumerator that would have to be allocated.</summary>
    internal void AddAll(IReadOnlyList<T> all)
    {
        for (int i = 0; i < all.Count; i++)
            Add(all[i]);
    }

    internal int Sum(Func<T, int> number)
    {
        int sum = 0;
        foreach (T each in this)
            sum += number(each);

        return sum;
    }

    private void Grow() => Array.Resize(ref items, 2 * items.Length);
}
