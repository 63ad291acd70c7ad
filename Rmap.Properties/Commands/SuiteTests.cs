using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Rmap.Properties.Defects;

namespace Rmap.Properties.Commands;

/// <summary>The program, called as from a shell.</summary>
public sealed class SuiteTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rmap").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Replay_tells_every_operation_with_its_outcome()
    {
        (int exit, string output, string error) = Run("P0 mmap 1+2 rw private anon => 1\nP0 write 1 = 7\nP0 read 1 => 7\n", "replay", "-");
        Assert.Equal("", error);
        Assert.Equal(
            $"""
               1  P0 mmap 1+2 rw private anon                => 1
               2  P0 write 1 = 7                             => 0
               3  P0 read 1                                  => 7

            3 operations under linux-6.18: all {Invariants.All.Count} invariants held after each, and 2 expectations.

            """,
            output);
        Assert.Equal(0, exit);
    }

    [Fact]
    public void Replay_names_the_line_of_an_expectation_that_failed()
    {
        string file = Save("# a comment\nP0 read 9 => 7\nP0 exit\n");
        (int exit, string output, _) = Run("", "replay", file);
        Assert.Contains(
            "   2  P0 read 9                                  => SIGSEGV, expected 7\n   3  P0 exit", output, StringComparison.Ordinal);
        Assert.EndsWith($"\n\n{file}:2: expected 7, got SIGSEGV\n", output, StringComparison.Ordinal);
        Assert.Equal(1, exit);
    }

    [Fact]
    public void Replay_tells_what_changed_if_asked()
    {
        (_, string output, _) = Run("P0 mmap 1+2 rw private anon", "replay", "-", "--state");
        Assert.Contains("=> 1\n        PROCESSES\n        P0\n      +   vma 1+2 ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_ends_at_the_first_invariant_that_does_not_hold()
    {
        (int exit, string output, _) = Run("P0 mmap 1+2 rw private anon\nP0 write 2 = 7\nP0 exit", "replay", "-", "--rules", "one-off");
        Assert.Contains("   2  P0 write 2 = 7", output, StringComparison.Ordinal);
        Assert.DoesNotContain("P0 exit", output, StringComparison.Ordinal);
        Assert.Contains("\n  saw:      ", output, StringComparison.Ordinal);
        Assert.Contains("standard input:2: ", output, StringComparison.Ordinal);
        Assert.Equal(1, exit);
    }

    [Fact]
    public void Show_prints_the_state_after_as_many_operations_as_asked()
    {
        const string scenario = "P0 mmap 1+2 rw private anon\nP0 fork P1\n";
        Assert.Contains("\nP1\n", Run(scenario, "show", "-").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\nP1\n", Run(scenario, "show", "-", "--after", "1").Output, StringComparison.Ordinal);
        Assert.StartsWith("flowchart LR\n", Run(scenario, "show", "-", "--mermaid").Output, StringComparison.Ordinal);
        Assert.Contains("  P0v1[\"1+2 rw\"]\n", Run(scenario, "show", "-", "--anon-vmas").Output, StringComparison.Ordinal);
        Assert.Equal(
            (2, "", "--after 3: standard input has 2 operations.\nGive a number from 0 to 2.\n"),
            Run(scenario, "show", "-", "--after", "3"));
    }

    [Fact]
    public void Replay_tells_what_is_seen_otherwise_than_expected()
    {
        (int exit, string output, _) = Run("expect P0 vma\nP0 mmap 1+2 rw private anon\nexpect P0 vma 1+2 r\n", "replay", "-");
        Assert.EndsWith(
            "\n\nstandard input:3: expect P0 vma 1+2 r: missing 1+2 r, there instead 1+2 rw\n", output, StringComparison.Ordinal);
        Assert.Equal(1, exit);
        Assert.Contains("and 1 expectation.", Run("expect P0 vma\n", "replay", "-").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rules_asked_for_win_over_those_that_the_scenario_names()
    {
        const string scenario = "rules linux-7.2\nP0 exit";
        Assert.Contains("under linux-7.2:", Run(scenario, "replay", "-").Output, StringComparison.Ordinal);
        Assert.Contains("under linux-6.12:", Run(scenario, "replay", "-", "--rules", "linux-6.12").Output, StringComparison.Ordinal);
        Assert.Contains("under linux-6.18:", Run("P0 exit", "replay", "-").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void C_prints_a_program_with_a_step_for_each_operation()
    {
        (int exit, string program, _) = Run("option swap-sync\nP0 write 1 = 7\nP0 migrate 1\n", "c", "-");
        Assert.StartsWith("/*\n * standard input\n", program, StringComparison.Ordinal);
        Assert.Contains("\tSTEP(P0, \"P0 write 1 = 7\",\n\t     store(1, 7));\n", program, StringComparison.Ordinal);
        Assert.Contains("\tNOT_POSSIBLE(\"P0 migrate 1\");\n", program, StringComparison.Ordinal);
        Assert.Contains("\tputs(\"option swap-sync\");\n", program, StringComparison.Ordinal);
        Assert.Equal(0, exit);
    }

    [Fact]
    public void Strace_prints_a_scenario_and_tells_what_is_not_in_it()
    {
        const string log = "7 execve(\"/bin/true\", [\"true\"], 0x7ffd00000000 /* 3 vars */) = 0\n"
            + "7 munmap(0x7f0000001000, 4096) = -1 EINVAL (Invalid argument)\n7 +++ exited with 0 +++\n";
        (int exit, string scenario, string error) = Run(log, "strace", "-");
        Assert.StartsWith("# Made from standard input.\noption fault-around 16\nP0 exec => 0\n", scenario, StringComparison.Ordinal);
        Assert.Equal("standard input: 4 operations; left out: failed, for a reason that is not modelled: 1 munmap EINVAL.\n", error);
        Assert.Equal(0, exit);
        Assert.Equal(0, Run(scenario, "replay", "-").Exit);
    }

    [Theory]
    [InlineData("7 munmap(", "standard input:1:3: found 'munmap(', expected a line of strace -f, such as ", "strace", "-")]
    [InlineData("", "There are no rules 'linux-1'.\nChoose one of linux-6.18, ", "replay", "-", "--rules", "linux-1")]
    [InlineData("P0 frok P1", "standard input:1:4: found 'frok', expected an operation: ", "replay", "-")]
    [InlineData("", "Cannot read 'nowhere.rmap': ", "show", "nowhere.rmap")]
    [InlineData("", "Required argument 'FILE' missing", "shrink")]
    [InlineData("", "Unrecognized command or argument 'frob'.\nRun with '--help' to see what there is.\n", "frob")]
    [InlineData("", "--after takes a whole number from 0, not 'x'.\nRun with 'show --help' to see", "show", "-", "--after", "x")]
    [InlineData("", "--threads takes a whole number from 1 to 1024, not '0'.\n", "--threads", "0")]
    [InlineData("", "--threads takes a whole number from 1 to 1024, not '2000'.\n", "--threads", "2000")]
    [InlineData("", "--minutes takes a whole number from 1 to 60000, not '9223372036854775807'.\n", "--minutes", "9223372036854775807")]
    [InlineData("", "--seed takes a whole number from 0 to 9223372036854775807, not '9223372036854775808'.\n",
        "--seed", "9223372036854775808")]
    [InlineData("", "--seed takes a whole number from 0, not '-1'.\n", "--seed", "-1")]
    [InlineData("", "--scenarios takes a whole number from 1, not '1.5'.\n", "--scenarios", "1.5")]
    [InlineData("", "--operations takes a whole number from 1 to 100000, not '0'.\n", "--operations", "0")]
    [InlineData("", "Nothing can be saved in '/proc/repros': ", "--save", "/proc/repros")]
    [InlineData("", "Nothing can be saved in '': ", "--save", "")]
    [InlineData("", "There is no profile 'x'.\nChoose from mixed, ", "verify", "--profile", "x")]
    public void What_cannot_be_done_is_said_in_two_lines(string input, string expected, params string[] args)
    {
        (int exit, string output, string error) = Run(input, args);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
        Assert.Equal(2, error.TrimEnd('\n').Split('\n').Length);
        Assert.Equal("", output);
        Assert.Equal(2, exit);
    }

    [Fact]
    public void The_versions_of_Linux_have_names_of_their_own() =>
        Assert.Equal(["linux-6.18", "linux-6.1", "linux-6.12", "linux-7.2", "linux-7.3"], RulesCatalogue.Linux.Names);

    [Fact]
    public void Help_tells_of_every_command_and_of_the_rules()
    {
        string help = Run("", "--help").Output;
        Assert.All(
            [
                "verify", "replay <FILE>", "show <FILE>", "shrink <FILE>", "explore", "c <FILE>", "--rules <NAME>", "linux-6.12",
                "strace <LOG>", "--seed <N>",
            ],
            word => Assert.Contains(word, help, StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_passes_if_all_holds()
    {
        (int exit, string output, _) = Run("", "verify", "--scenarios", "20", "--threads", "2", "--profile", "fork", "--save", folder);
        Assert.Contains("\nscenarios   20\n", output, StringComparison.Ordinal);
        Assert.EndsWith("\nAll invariants held.\n", output, StringComparison.Ordinal);
        Assert.Equal(0, exit);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void Verify_finds_shrinks_reports_and_saves_what_is_wrong_and_replays_it_first()
    {
        string[] verify = ["--rules", "one-off", "--scenarios", "20", "--threads", "2", "--profile", "fork", "--save", folder];
        (int exit, string output, _) = Run("", verify);
        string file = Assert.Single(Directory.GetFiles(folder));
        Assert.Contains("\nShortest scenario found (2 operations):\n", output, StringComparison.Ordinal);
        Assert.Contains($"\nsaved as: {file}\n", output, StringComparison.Ordinal);
        Assert.Equal(1, exit);
        Assert.Contains($"\n{file} still breaks ", Run("", verify).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Shrink_prints_the_minimal_scenario_which_replays_to_the_same_end()
    {
        const string scenario = "P0 mmap 1+9 rw private anon\nP0 fork P1\nP1 mmap 20+3 rw private anon\nP1 exit\nP0 write 4 = 9\nP0 exit";
        (int exit, string minimal, string error) = Run(scenario, "shrink", "-", "--rules", "one-off");
        Assert.Equal(2, ScenarioText.Parse(minimal).Steps.Length);
        Assert.Contains(": from 6 operations to 2.", error, StringComparison.Ordinal);
        Assert.Equal(0, exit);
        Assert.Equal(1, Run(minimal, "replay", "-").Exit);
    }

    [Fact]
    public void Shrink_refuses_what_breaks_nothing() =>
        Assert.Equal(
            (2, "", "standard input breaks no invariant under linux-6.18.\nGive a scenario that does, or other rules with --rules.\n"),
            Run("P0 exit", "shrink", "-"));

    /// <summary>The first one in full; the others below it, with what they add.</summary>
    [Fact]
    public void Verify_tells_the_finding_with_the_shortest_scenario_first()
    {
        (_, string output, _) = Run("", "verify", "--rules", "M03", "--scenarios", "150", "--save", folder);
        int[] lengths = [.. Regex.Matches(output, "^broken .*shortest ([0-9]+) operations", RegexOptions.Multiline)
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        Assert.InRange(lengths.Distinct().Count(), 2, 9);
        Assert.Equal(lengths.Order(), lengths);
        Match inFull = Assert.Single(Regex.Matches(output, @"Shortest scenario found \(([0-9]+) operations\)"));
        Assert.Equal(lengths[0], int.Parse(inFull.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Explore_prints_a_shortest_scenario_and_how_far_it_looked()
    {
        (int exit, string output, string error) =
            Run("", "explore", "--rules", "one-off", "--alphabet", "fork", "--alphabet", "shm", "--threads", "2");
        Assert.Equal(2, ScenarioText.Parse(output).Steps.Length);
        Assert.StartsWith("fork: all scenarios of 1 operations hold; ", error, StringComparison.Ordinal);
        Assert.Contains("\nshm: all scenarios of 1 operations hold; ", error, StringComparison.Ordinal);
        Assert.Equal(1, exit);
        Assert.Equal(0, Run("", "explore", "--alphabet", "fork", "--length", "3").Exit);
    }

    private string Save(string scenario)
    {
        string file = Path.Combine(folder, "scenario.rmap");
        File.WriteAllText(file, scenario);
        return file;
    }

    internal static (int Exit, string Output, string Error) Run(string input, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var suite = new Suite(
            new Screen(output, error, isTerminal: false),
            () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            RulesCatalogue.Linux.With(new OneOff(), new M03SplitKeepsPageOffset()));
        return (suite.Run(args), output.ToString(), error.ToString());
    }

    /// <summary>The walk looks one page too far.</summary>
    internal sealed class OneOff : Rules
    {
        public override string Name => "one-off";

        public override VirtualPage? VmaAddress(VmArea vma, long index, long first) => base.VmaAddress(vma, index, first) + 1;
    }
}
