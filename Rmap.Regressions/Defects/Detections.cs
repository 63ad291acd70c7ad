using Rmap.Properties.Defects;

namespace Rmap.Regressions.Defects;

/// <summary>All defects looked for at once, on all processors.</summary>
public sealed class Detections
{
    /// <summary>Looks for all defects.</summary>
    public Detections() =>
        All = [.. DefectCatalogue.All.AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.FullyBuffered).Select(Detection.Of)];

    /// <summary>What came of it, in the order of the catalogue.</summary>
    public IReadOnlyList<Detection> All { get; }
}
