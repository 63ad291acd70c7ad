using Rmap.Regressions.Reporting;

namespace Rmap.Regressions.Recordings;

/// <summary>
/// The model says what real kernels said: in the project's own recordings, or, with <c>RMAP_RECORDINGS</c> set, in those that
/// it names.
/// </summary>
public class RecordingTests(Announcer announcer) : IClassFixture<Announcer>
{
    [Fact]
    public void The_model_agrees_with_the_recorded_kernels()
    {
        IReadOnlyList<Comparison> comparisons = Agreement.Of(RecordingFile.Chosen());
        announcer.Announce(RecordingFile.Choice is null ? Agreement.Summary(comparisons) : Agreement.Report(comparisons));
        Assert.NotEmpty(comparisons);
        Comparison[] differing = [.. comparisons.Where(each => !each.Agrees)];
        Assert.True(differing.Length == 0, $"{differing.Length} of {comparisons.Count} recordings differ, {differing.FirstOrDefault()}");
    }
}
