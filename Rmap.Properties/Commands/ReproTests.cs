using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Reporting;

namespace Rmap.Properties.Commands;

/// <summary>What <c>verify</c> does with what was found before, and with what it cannot save.</summary>
public sealed class ReproTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rmap").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_finding_that_cannot_be_saved_is_printed_whole_and_has_an_exit_code_of_its_own()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var plan = new CampaignPlan(new SuiteTests.OneOff(), [Profile.Find("fork")!], Seed: 1, Scenarios: 4);
        string file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        int exit = new VerifyCommand(new Screen(output, output, isTerminal: false), plan, time: null, new ReproStore(file)).Run();
        Assert.Equal(ExitCode.NotSaved, exit);
        Assert.Contains("    rules one-off\n    P0 mmap ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains($"\nnot saved: Nothing can be saved in '{file}': ", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_repro_that_still_fails_is_reported_like_a_new_finding()
    {
        string file = Save("rules one-off\nP0 mmap 0+2 rw private anon\nP0 write 1 = 7\nP0 exit\n");
        (int exit, string output) = Verify("one-off");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains($"\n{file} still breaks walk.\n\nwalk: The walk of a page ", output, StringComparison.Ordinal);
        Assert.Contains("\nThe last step, P0 write 1 = 7, gave 0 and changed:\n", output, StringComparison.Ordinal);
        Assert.Contains($"\nfound by: an earlier campaign\nsaved as: {file}\n", output, StringComparison.Ordinal);
        Assert.Contains($"\nrepro       {file} still breaks walk.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repro_whose_expectation_fails_says_so()
    {
        string file = Save("# Once it was 7.\nP0 read 1 => 7\n");
        Assert.Equal(
            (ExitCode.Failed, $"{file}:2: expected 7, got SIGSEGV."),
            Verify("linux-6.18") is var (exit, output) ? (exit, LineOfRepro(output)) : default);
    }

    [Fact]
    public void A_repro_that_cannot_be_read_is_a_failure()
    {
        string file = Save("P0 frob 1\n");
        (int exit, string output) = Verify("linux-6.18");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.StartsWith($"{file}:1:4: found 'frob', expected an operation: ", LineOfRepro(output), StringComparison.Ordinal);
        Assert.DoesNotContain("All invariants held.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repro_that_holds_is_told_and_those_of_other_rules_are_left_alone()
    {
        string file = Save("P0 read 1 => SIGSEGV\n");
        File.WriteAllText(Path.Combine(folder, "one-off-walk.rmap"), "rules one-off\nP0 mmap 0+1 rw private anon\nP0 write 0 = 7\n");
        (int exit, string output) = Verify("linux-6.18");
        Assert.Equal(ExitCode.Held, exit);
        Assert.Contains($"\n{file} holds now.\n", output, StringComparison.Ordinal);
    }

    private static string LineOfRepro(string output) =>
        output.Split('\n').Single(line => line.StartsWith("repro", StringComparison.Ordinal))["repro".Length..].TrimStart();

    private (int Exit, string Output) Verify(string rules)
    {
        (int exit, string output, _) = SuiteTests.Run(
            "", "verify", "--rules", rules, "--scenarios", "2", "--threads", "1", "--profile", "fork", "--save", folder);
        return (exit, output);
    }

    private string Save(string scenario)
    {
        string file = Path.Combine(folder, "any-walk.rmap");
        File.WriteAllText(file, scenario);
        return file;
    }
}
