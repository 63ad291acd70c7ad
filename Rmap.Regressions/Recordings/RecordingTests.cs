using Xunit.Abstractions;

namespace Rmap.Regressions.Recordings;

/// <summary>
/// The model says what real kernels said. With <c>RMAP_RECORDINGS</c> set, all recordings below that folder are replayed.
/// </summary>
public class RecordingTests(ITestOutputHelper output)
{
    [Fact]
    public void The_model_agrees_with_the_recorded_kernels()
    {
        if (Environment.GetEnvironmentVariable("RMAP_RECORDINGS") is not { Length: > 0 } folder)
        {
            return;
        }

        IReadOnlyList<(string Path, ReplayResult Result)> results = Agreement.ReplayAll(Agreement.Find(folder));
        string report = Agreement.Report(results);
        output.WriteLine(report);
        Console.Out.Write(report);
        Assert.NotEmpty(results);
        int differing = results.Count(each => each.Result.First is not null);
        Assert.True(differing == 0, $"{differing} of {results.Count} recordings differ.");
    }
}
