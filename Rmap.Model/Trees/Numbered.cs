namespace Rmap.Model.Trees;

/// <summary>Things that are found by their numbers, from 1 on. A new one gets the lowest number that is free.</summary>
/// <typeparam name="T">What is kept.</typeparam>
public abstract class Numbered<T>
    where T : class
{
    private readonly List<T?> things = [null];
    private readonly FreeNumbers numbers = new();

    private protected Numbered()
    {
    }

    /// <summary>How many there are.</summary>
    public int InUse => numbers.InUse;

    /// <summary>All of them, by number.</summary>
    public IEnumerable<T> All => things.OfType<T>();

    /// <summary>The one of this number, or null if it is free.</summary>
    internal T? this[int number] => number < things.Count ? things[number] : null;

    /// <summary>One more than the highest number ever used.</summary>
    internal int End => things.Count;

    private protected T Add(Func<int, T> make)
    {
        int number = numbers.Take();
        if (number == things.Count)
            things.Add(null);

        return things[number] = make(number);
    }

    private protected void Remove(int number)
    {
        things[number] = null;
        numbers.Return(number);
    }
}
