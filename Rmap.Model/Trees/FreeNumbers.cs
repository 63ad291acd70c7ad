namespace Rmap.Model.Trees;

/// <summary>Numbers from 1, handed out lowest first and used again once returned.</summary>
internal sealed class SmallestFirst
{
    private readonly PriorityQueue<int, int> returned = new();
    private int next = 1;

    internal int Take() => returned.TryDequeue(out int number, out _) ? number : next++;

    internal void Return(int number) => returned.Enqueue(number, number);
}
