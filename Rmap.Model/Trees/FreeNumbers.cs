namespace Rmap.Model.Trees;

/// <summary>Numbers from 1, handed out lowest first and used again once returned.</summary>
internal sealed class FreeNumbers
{
    private readonly PriorityQueue<int, int> returned = new();
    private int next = 1;

    /// <summary>Numbers handed out and not returned.</summary>
    internal int InUse => next - 1 - returned.Count;

    internal int Take() => returned.TryDequeue(out int number, out _) ? number : next++;

    internal void Return(int number) => returned.Enqueue(number, number);
}
