namespace Rmap.Properties.Running;

/// <summary>What is told where something else is seen than a scenario expects.</summary>
public class ExpectationTests
{
    private const string Start = "P0 mmap 1+2 rw private anon\nP0 write 1 = 1\nP0 read 2\nP0 fork P1\nP1 mprotect 2+1 r\n";

    [Theory]
    [InlineData("P0 vma 1+2 rw")]
    [InlineData("P1 vma 1+1 rw, 2+1 r")]
    [InlineData("same P0:1 P1:1")]
    [InlineData("same P0:2")]
    [InlineData("different P0:1 P0:2")]
    public void What_is_so_is_not_told(string expected) => Assert.Empty(Unmet(expected));

    [Theory]
    [InlineData("P0 vma", "missing nothing, there instead 1+2 rw")]
    [InlineData("P0 vma 1+2 rw, 4+1 r", "missing 4+1 r, there instead nothing")]
    [InlineData("P1 vma 1+2 rw", "missing 1+2 rw, there instead 1+1 rw, 2+1 r")]
    [InlineData("P2 vma", "there is no P2")]
    [InlineData("same P0:1 P0:2", "P0:1 is frame 1, P0:2 is the zero page")]
    [InlineData("different P0:1 P1:1", "P0:1 is frame 1, P1:1 is frame 1")]
    [InlineData("same P0:3 P0:3", "P0:3 is not mapped to a page, P0:3 is not mapped to a page")]
    [InlineData("different P0:1 P2:1", "P0:1 is frame 1, P2:1 is not mapped to a page")]
    public void A_difference_is_told_with_its_line(string expected, string difference) =>
        Assert.Equal([$"it:6: expect {expected}: {difference}"], Unmet(expected));

    private static IEnumerable<string> Unmet(string expected)
    {
        Assert.True(ScenarioText.TryParse($"{Start}expect {expected}", "it", out ScenarioFile? file, out _));
        var machine = new Machine();
        foreach (Step step in file.Scenario.Steps)
            machine.Execute(step.Operation);

        Assert.Empty(Expectations.Unmet(file, 1, machine));
        return Expectations.Unmet(file, file.Scenario.Steps.Length, machine);
    }
}
