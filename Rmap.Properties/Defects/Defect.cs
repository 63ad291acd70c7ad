namespace Rmap.Properties.Defects;

/// <summary>
/// The rules of 6.18 with one decision taken wrongly: by a historic kernel (A01 ...), or on purpose (M01 ...; each the
/// first thing that one of the invariants sees, N01 ...; what nothing saw until a check was made to, U01 ...).
/// </summary>
/// <param name="id">The name for the command line.</param>
/// <param name="title">What is wrong, in a few words.</param>
/// <param name="shortest">
/// Operations of the shortest repro known beforehand, from kernel tests or another model (with MADV_MERGEABLE, which that left out), for
/// a defect that the explorer does not reach; 0: none.
/// </param>
public abstract class Defect(string id, string title, int shortest = 0) : Rules
{
    /// <inheritdoc/>
    public override string Name { get; } = id;

    /// <summary>The name as one word that says more.</summary>
    public virtual string LongName => GetType().Name;

    /// <summary>What is wrong, in a few words.</summary>
    public string Title { get; } = title;

    /// <summary>Operations of the shortest repro known beforehand; 0 if there was none.</summary>
    public int KnownShortest { get; } = shortest;

    /// <summary>What it costs, if it does no harm: then it is one of <see cref="Costs"/> that sees it. Null if it does harm.</summary>
    public virtual string? OnlyCosts => null;
}
