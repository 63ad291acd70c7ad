namespace Rmap.Regressions.Recordings;

/// <summary>A field in which the model differs from the recorded kernel.</summary>
/// <param name="Step">From 0; -1 is the start.</param>
/// <param name="Operation">What was executed.</param>
/// <param name="Kind">The kind of field.</param>
/// <param name="Path">Which field.</param>
/// <param name="Recorded">What the kernel said.</param>
/// <param name="Model">What the model says.</param>
internal sealed record Difference(int Step, string Operation, FieldKind Kind, string Path, string Recorded, string Model)
{
    public override string ToString() => $"step {Step} ({Operation}): {Path}: recorded {Recorded}, model {Model}";
}

/// <summary>How a replay of one recording went.</summary>
/// <param name="Recording">What was replayed.</param>
/// <param name="Agreeing">Steps that agree, by <see cref="FieldKind"/>.</param>
/// <param name="Differences">The first difference of each kind, in the order of the steps and then of the kinds.</param>
internal sealed record ReplayResult(Recording Recording, int[] Agreeing, IReadOnlyList<Difference> Differences)
{
    /// <summary>The first differing field of the first differing step, or null if everything agrees.</summary>
    public Difference? First => Differences.Count == 0 ? null : Differences[0];

    public int Steps => Recording.Steps.Count;
}
