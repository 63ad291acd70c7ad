namespace Rmap.Regressions.Recordings;

/// <summary>
/// Which recorded name stands for which object of the model: one to one, and the same through a whole recording.
/// </summary>
/// <param name="isGone">
/// Whether a name may go over from this object to another one; for names that stand for an object only while it is in use.
/// </param>
internal sealed class Naming<T>(Func<T, bool>? isGone = null)
    where T : class
{
    private readonly Dictionary<string, T> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<T, string> byObject = new(ReferenceEqualityComparer.Instance);

    /// <summary>What the object of the last question was called before it.</summary>
    public string Was { get; private set; } = "none";

    /// <summary>
    /// Whether the name and the object stand for each other. The first time they meet they do from now on. If they do not,
    /// they do from now on too: one disagreement shall not make all later steps disagree.
    /// </summary>
    public bool Same(string? name, T? seen)
    {
        bool nameIsTaken = byName.TryGetValue(name ?? "", out T? named);
        if (nameIsTaken && ReferenceEquals(named, seen))
            return true;

        Was = Of(seen);
        if (name is null || seen is null)
            return name is null && seen is null;

        bool objectIsTaken = byObject.TryGetValue(seen, out string? otherName);
        if (objectIsTaken)
            byName.Remove(otherName!);

        if (nameIsTaken)
            byObject.Remove(named!);

        byName[name] = seen;
        byObject[seen] = name;
        return !objectIsTaken && (!nameIsTaken || (isGone is not null && isGone(named!)));
    }

    public T? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The recorded name of an object, for messages.</summary>
    public string Of(T? seen) =>
        seen is null ? "none" : byObject.TryGetValue(seen, out string? name) ? name : "one without a recorded name";
}
