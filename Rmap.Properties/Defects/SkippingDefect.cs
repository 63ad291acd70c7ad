namespace Rmap.Properties.Defects;

/// <summary>A defect that is nothing but a step left out.</summary>
/// <param name="id">The name for the command line.</param>
/// <param name="longName">The same as one word that says more.</param>
/// <param name="title">What is wrong, in a few words.</param>
/// <param name="skipped">What Linux does and these rules do not.</param>
/// <param name="shortest">Operations of the shortest repro known beforehand; 0: none.</param>
public sealed class SkippingDefect(string id, string longName, string title, LinuxStep skipped, int shortest = 0)
    : Defect(id, title, shortest)
{
    /// <inheritdoc/>
    public override string LongName => longName;

    /// <inheritdoc/>
    public override bool Skips(LinuxStep step) => step == skipped;
}
