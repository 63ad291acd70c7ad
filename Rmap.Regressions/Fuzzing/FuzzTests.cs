namespace Rmap.Regressions.Fuzzing;

/// <summary>No input breaks what reads it: damaged ones are refused, or carried out with all invariants kept.</summary>
public class FuzzTests
{
    [Theory]
    [InlineData("scenario", 1_500)]
    [InlineData("strace", 300)]
    [InlineData("recording", 200)]
    public void A_damaged_input_is_refused_or_carried_out(string kind, int inputs)
    {
        var fuzz = new Fuzz([FuzzKind.All.Single(each => each.Name == kind)], seed: 1, inputs);
        fuzz.Run(threads: 2);
        Assert.True(
            fuzz.Findings.Count == 0,
            string.Join('\n', fuzz.Findings.Select(finding =>
                $"{finding.Index}: {finding.Problem}\n{System.Text.Encoding.Latin1.GetString(finding.Input)}")));
        Assert.Equal(inputs, fuzz.Tried);
        Assert.InRange(fuzz.Counts[0].CarriedOut, inputs / 20, inputs - (inputs / 20));
    }

    [Fact]
    public void What_is_thrown_is_a_finding()
    {
        var kind = new FuzzKind("any", () => [[1, 2, 3], [4]], 9, (input, _) => input[0] == 4 ? throw new OverflowException("4") : "no");
        var fuzz = new Fuzz([kind], seed: 1, inputs: 60);
        fuzz.Run(threads: 1);
        Assert.Equal(60, fuzz.Failed);
        Assert.Contains(fuzz.Findings, finding => finding.Problem.StartsWith("OverflowException: 4", StringComparison.Ordinal));
        Assert.Contains(fuzz.Findings, finding => finding.Problem == "no");
        Assert.Equal(fuzz.Findings[0].Input, new Fuzz([kind], seed: 1, inputs: 60).Input(fuzz.Findings[0].Index));
    }
}
