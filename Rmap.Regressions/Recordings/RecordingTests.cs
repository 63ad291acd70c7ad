using Xunit.Abstractions;
using Xunit.Sdk;

namespace Rmap.Regressions.Recordings;

/// <summary>
/// The model says what real kernels said: in the project's own recordings, or, with <c>RMAP_RECORDINGS</c> set, in those that
/// it names.
/// </summary>
public class RecordingTests(RecordingTests.Announcer announcer) : IClassFixture<RecordingTests.Announcer>
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

    /// <summary>Shows lines in the output of <c>dotnet test</c>, where the output of a test that passes is not shown.</summary>
    public sealed class Announcer(IMessageSink messages)
    {
        internal void Announce(IEnumerable<string> lines)
        {
            foreach (string line in lines)
            {
                messages.OnMessage(new DiagnosticMessage(line));
            }
        }
    }
}
