namespace Rmap.Properties.Strace;

/// <summary>The System V segments of a log, as it goes on: which there are, and how long they are.</summary>
internal sealed class Segments
{
    private readonly Dictionary<int, (string Name, long Pages)> there = [];
    private readonly Dictionary<int, int> generations = [];

    /// <summary>A segment that is made, if it is not there already.</summary>
    /// <param name="id">Its identifier.</param>
    /// <param name="pages">Its length.</param>
    /// <returns>Its name in the scenario, if it is a new one.</returns>
    internal string? Make(int id, long pages)
    {
        if (there.ContainsKey(id))
            return null;

        int generation = generations[id] = generations.GetValueOrDefault(id) + 1;
        string name = FormattableString.Invariant($"segment-{id}{(generation == 1 ? null : -generation)}");
        there.Add(id, (name, pages));
        return name;
    }

    /// <summary>Its name in the scenario and its length; null if the log has not made it.</summary>
    internal (string Name, long Pages)? Find(int id) => there.TryGetValue(id, out (string, long) segment) ? segment : null;

    /// <summary>A segment that is taken away; who has attached it keeps it.</summary>
    internal void Remove(int id) => there.Remove(id);
}
