using Rmap.Properties.Running;

namespace Rmap.Properties.Seam;

/// <summary>The patch that the README shows is as short as it says, compiles, and is found.</summary>
public class ReadmePatchTests
{
    [Fact]
    public void It_has_six_lines()
    {
        string readme = Checkout.Text("README.md");
        int start = readme.IndexOf("sealed class OffByOne", StringComparison.Ordinal);
        string patch = readme[start..(readme.IndexOf("\n}\n", start, StringComparison.Ordinal) + 3)];
        Assert.Equal(6, patch.Count(letter => letter == '\n'));
        Assert.EndsWith(patch, Checkout.Text("Rmap.Properties/Seam/OffByOne.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_breaks_what_the_README_says()
    {
        Scenario scenario = ScenarioText.Parse("P0 mmap 0+1 rw private anon\nP0 write 0 = 0");
        Assert.Equal("walk", ScenarioRunner.FirstFailure(scenario, new OffByOne())?.Violation.Invariant.Id);
    }
}
