using Rmap.Properties.Running;

namespace Rmap.Properties.Seam;

/// <summary>The patch that the README shows is as short as it says, compiles as it is printed, and is found.</summary>
public class ReadmePatchTests
{
    [Fact]
    public void It_has_six_lines_which_compile()
    {
        string patch = ClassIn("README.md");
        Assert.Equal(6, patch.Count(letter => letter == '\n'));
        Assert.EndsWith($"\n{patch}", Checkout.Text("Rmap.Properties/Seam/OffByOne.cs"), StringComparison.Ordinal);
    }

    /// <summary>A class that does not say who may use it is an error of the build.</summary>
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/rules.md")]
    public void An_example_says_who_may_use_it(string page) =>
        Assert.StartsWith("internal sealed class ", ClassIn(page), StringComparison.Ordinal);

    [Fact]
    public void It_breaks_what_the_README_says()
    {
        Scenario scenario = ScenarioText.Parse("P0 mmap 0+1 rw private anon\nP0 write 0 = 0");
        Assert.Equal("walk", ScenarioRunner.FirstFailure(scenario, new OffByOne())?.Violation.Invariant.Id);
    }

    /// <summary>The whole lines of the class that a page shows.</summary>
    private static string ClassIn(string page)
    {
        string text = Checkout.Text(page);
        int block = text.IndexOf("```csharp\n", StringComparison.Ordinal);
        int start = text.LastIndexOf('\n', text.IndexOf("class ", block, StringComparison.Ordinal)) + 1;
        return text[start..(text.IndexOf("\n}\n", start, StringComparison.Ordinal) + 3)];
    }
}
