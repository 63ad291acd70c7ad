using System.Reflection;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Rmap.Properties.Text;

[Properties(Arbitrary = [typeof(AnyScenario)], MaxTest = 300, Replay = "20261122,1")]
[Trait("Speed", "Quick")]
public class ScenarioTextTests
{
    [Property]
    public bool What_is_printed_reads_back_as_the_same_scenario(Scenario scenario) =>
        ScenarioText.Parse(ScenarioText.Print(scenario)).Equals(scenario);

    [Property]
    public bool What_is_read_prints_back_as_the_same_text(Scenario scenario) =>
        ScenarioText.Print(ScenarioText.Parse(ScenarioText.Print(scenario))) == ScenarioText.Print(scenario);

    [Property]
    public bool Scenarios_are_equal_if_their_texts_are(Scenario one, Scenario other) =>
        one.Equals(other) == (ScenarioText.Print(one) == ScenarioText.Print(other));

    [Property(MaxTest = 2000)]
    public bool Damaged_texts_are_read_or_refused_with_a_place(byte[] damaged)
    {
        bool read = ScenarioText.TryParse(damaged, "damaged", out ScenarioFile? file, out ScenarioError? error);
        string[] lines = Encoding.UTF8.GetString(damaged).TrimStart('\uFEFF').Split('\n');
        return read
            ? error is null && ScenarioText.Parse(ScenarioText.Print(file!.Scenario)).Equals(file.Scenario)
            : file is null
                && error!.Line >= 1 && error.Line <= lines.Length
                && error.Column >= 1 && error.Column <= lines[error.Line - 1].Length + 1
                && error.ToString().All(c => c is >= ' ' and <= '~');
    }

    [Fact]
    public void Every_kind_of_operation_is_generated_and_can_be_written()
    {
        var generated = AnyScenario.Scenarios().Generator.Sample(300, 50)
            .SelectMany(scenario => scenario.Steps).Select(step => step.Operation.GetType()).ToHashSet();
        IEnumerable<Type> all = typeof(Operation).GetNestedTypes(BindingFlags.Public).Where(type => type.IsSealed);
        Assert.Equal([], all.Where(type => !generated.Contains(type)).Select(type => type.Name));
    }

    [Fact]
    public void Every_setting_is_generated_and_can_be_written()
    {
        var generated = AnyScenario.Scenarios().Generator.Sample(300, 1).Select(scenario => scenario.Options).ToList();
        Assert.All(
            typeof(MachineOptions).GetProperties(),
            setting => Assert.Contains(generated, options => !setting.GetValue(options)!.Equals(setting.GetValue(MachineOptions.Default))));
    }

    [Theory]
    [InlineData("P0 mmap 16+4 rw private anon", "P0 mmap 16+4 rw private anon")]
    [InlineData("\uFEFF  P0\tmmap 16 + 4 rw shared F0@2 hint noreserve # all of it\r\n", "P0 mmap 16+4 rw shared F0@2 hint noreserve")]
    [InlineData("P0 mremap 16+4->40+4", "P0 mremap 16+4 -> 40+4")]
    [InlineData("P0 mremap 16+4 -> 40+4 fixed maymove", "P0 mremap 16+4 -> 40+4")]
    [InlineData("P0 mremap 16+4 -> 40+4 maymove fixed dontunmap", "P0 mremap 16+4 -> 40+4 maymove fixed dontunmap")]
    [InlineData("P0 mremap 16+4 -> +8 maymove", "P0 mremap 16+4 -> +8 maymove")]
    [InlineData("P0 mremap 16+4 -> 40+4 noflags", "P0 mremap 16+4 -> 40+4 noflags")]
    [InlineData("P0 write 16=1=>SIGBUS", "P0 write 16 = 1 => SIGBUS")]
    [InlineData("P0 referenced 16 => 2 rw", "P0 referenced 16 => 2 rw")]
    [InlineData("P0 referenced 16 => 0 -", "P0 referenced 16 => 0 -")]
    [InlineData("P0 munmap -3+-4 => EINVAL", "P0 munmap -3+-4 => EINVAL")]
    [InlineData("ksm scan\nksm scan 3 => 3", "ksm scan\nksm scan 3 => 3")]
    [InlineData("option fault-around 16\nrules linux-7.2\nswap off-on", "rules linux-7.2\noption fault-around 16\nswap off-on")]
    [InlineData("shows pages processes  pages\nrules linux-7.2", "rules linux-7.2\nshows processes pages")]
    [InlineData("expect P0 vma\nP0 exit\nexpect P0 vma 1+2 rw,3+4 none", "expect P0 vma\nP0 exit\nexpect P0 vma 1+2 rw, 3+4 none")]
    [InlineData("expect same P0:1 P1 : 2\nexpect different P0:1", "expect same P0:1 P1:2\nexpect different P0:1")]
    [InlineData("option fault-around 1\n\n# nothing\n", "")]
    public void Reading_is_lenient_about_spaces_and_printing_is_not(string text, string canonical) =>
        Assert.Equal(canonical, ScenarioText.Print(ScenarioText.Parse(text)).TrimEnd('\n'));

    [Theory]
    [InlineData("P0 mmap 16", "f:1:11: found the end of the line, expected '+'")]
    [InlineData("P0 frok P1", "f:1:4: found 'frok', expected an operation: mmap, munmap, mprotect, pkey-mprotect, "
        + "mseal, mremap, madvise, mbind, mlock, munlock, mlockall, munlockall, rlimit-memlock, mdwe, "
        + "mincore, msync, read, write, fork, clone-vm, exec, memory-merge, exit, shmat, shmdt, reclaim, migrate, referenced, pin, "
        + "uffd-move, fail-nth")]
    [InlineData("# one\n\nP0 write 16 = 256", "f:3:15: found '256', expected a byte from 0 to 255")]
    [InlineData("P0 read many", "f:1:9: found 'many', expected a page number")]
    [InlineData("P0 read 99999999999999999999", "f:1:9: found '99999999999999999999', expected a page number")]
    [InlineData("P0 mprotect 1+1 rwr", "f:1:17: found 'rwr', expected PROT: rw, r, w, rx, wx, rwx, x, none")]
    [InlineData("P0 mmap 1+1 r shared anon noreserve fixed", "f:1:37: found 'fixed', expected 'locked', '=>' or the end of the line")]
    [InlineData("P0 mmap 1+1 r shared anon fixed",
        "f:1:27: found 'fixed', expected '@', 'noreplace', 'hint', 'noreserve', 'locked', '=>' or the end of the line")]
    [InlineData("P0 exit => EWHAT",
        "f:1:12: found 'EWHAT', expected an errno such as EINVAL, a signal such as SIGBUS or a number")]
    [InlineData("16+4",
        "f:1:1: found '16', expected 'option', 'rules', 'shows', 'together', 'expect', 'ksm', 'swap' or a process such as P0, a pin "
        + "such as G0, or a name such as F0")]
    [InlineData("P0 exit\noption swap-sync",
        "f:2:1: found 'option', expected an operation: rules, options and what is shown stand before the first one, rules and shows "
            + "only once")]
    [InlineData("shows", "f:1:6: found the end of the line, "
        + "expected a section: processes, pages, anon-vmas, files, swap, faults, ksm, pins")]
    [InlineData("shows pages anon", "f:1:13: found 'anon', expected 'processes', 'pages', 'anon-vmas', 'files', 'swap', 'faults', 'ksm', "
        + "'pins' or the end of the line")]
    [InlineData("shows pages\nshows files", "f:2:1: found 'shows', expected 'option', 'rules' or an operation: "
        + "rules, options and what is shown stand before the first one, rules and shows only once")]
    [InlineData("expect P0 vmas", "f:1:11: found 'vmas', expected 'vma'")]
    [InlineData("expect P0 vma 1+2 rw 3+4 r", "f:1:22: found '3', expected ','")]
    [InlineData("expect equal P0:1", "f:1:8: found 'equal', expected 'same', 'different' or a process such as P0")]
    [InlineData("expect same P0:1 P1", "f:1:20: found the end of the line, expected ':'")]
    [InlineData("option swap-sync\noption swap-sync", "f:2:8: found 'swap-sync', expected each option only once")]
    [InlineData("option swap", "f:1:8: found 'swap', expected a setting: swap-sync, fault-around, ksm-max-sharing, "
        + "ksm-use-zero-pages, mmap-base, user-mode-linux, pgoff-limit, max-map-count, frames")]
    [InlineData("option fault-around 3", "f:1:21: found '3', expected PAGES: 1, 2, 4, 8, 16, 32, 64, 128, 256, 512")]
    [InlineData("P0 exit \u0007", "f:1:9: found '\\u0007', expected '=>' or the end of the line")]
    public void An_error_names_place_finding_and_expectation(string text, string message)
    {
        Assert.False(ScenarioText.TryParse(text, "f", out _, out ScenarioError? error));
        Assert.Equal(message, error.ToString());
    }

    [Theory]
    [InlineData("P0 exit", "EINVAL", true)]
    [InlineData("P0 exit => 0", "0", true)]
    [InlineData("P0 exit => 0", "1", false)]
    [InlineData("P0 exit => 1 r", "1 r", true)]
    [InlineData("P0 exit => 1 r", "1 w", false)]
    public void A_step_accepts_what_it_expects(string step, string outcome, bool accepts) =>
        Assert.Equal(accepts, ScenarioText.Parse(step).Steps[0].Accepts(ScenarioText.Parse($"P0 exit => {outcome}").Steps[0].Expected!));

    [Theory]
    [InlineData("rules b\noption swap-sync\nP0 exit")]
    [InlineData("rules a\nP0 exit")]
    [InlineData("rules a\noption swap-sync\nP0 exec")]
    [InlineData("rules a\noption swap-sync\nshows swap\nP0 exit")]
    [InlineData("rules a\noption swap-sync\nP0 exit\nP0 exit")]
    public void Scenarios_differ_by_rules_options_and_steps(string other)
    {
        Scenario one = ScenarioText.Parse("rules a\noption swap-sync\nP0 exit");
        Assert.NotEqual(one, ScenarioText.Parse(other));
        Assert.NotEqual(one.GetHashCode(), ScenarioText.Parse(other).GetHashCode());
        Assert.Equal(one.GetHashCode(), (one with { Steps = [.. one.Steps] }).GetHashCode());
        Assert.False(one.Equals((object?)null));
    }

    [Theory]
    [InlineData("P0 exit\nexpect P0 vma 1+2 r")]
    [InlineData("P0 exit\nexpect same P0:1 P0:2")]
    [InlineData("expect P0 vma\nP0 exit")]
    public void Scenarios_differ_by_what_is_to_be_seen(string other) =>
        Assert.NotEqual(ScenarioText.Parse("P0 exit\nexpect P0 vma"), ScenarioText.Parse(other));

    [Fact]
    public void A_heading_is_printed_as_comments() => Assert.Equal(
        "# one\n#\n# three\nP0 exit\n", ScenarioText.Print(ScenarioText.Parse("P0 exit"), "one\n\nthree"));

    [Fact]
    public void Steps_know_their_lines()
    {
        Assert.True(ScenarioText.TryParse("# heading\noption swap-sync\n\nP0 exit\n\nP1 exit", "f", out ScenarioFile? file, out _));
        Assert.Equal([4, 6], file.Lines);
        Assert.Empty(file.ExpectationLines);
    }

    [Theory]
    [InlineData("anon")]
    [InlineData("P1")]
    [InlineData("two words")]
    [InlineData("")]
    public void A_name_that_would_not_read_back_is_not_printed(string name) =>
        Assert.Throws<ArgumentException>(() => ScenarioText.Print(new Operation.Fsync(name)));

    [Fact]
    public void The_grammar_page_tells_of_every_line()
    {
        string page = Docs.Page("scenario.md").Replace("\\|", "|", StringComparison.Ordinal);
        Assert.Equal([], ScenarioText.Grammar.Where(line => !page.Contains($"\n| `{line}` |", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_example_of_the_grammar_page_holds()
    {
        Scenario scenario = ScenarioText.Parse(Docs.FirstExample("scenario.md"));
        var machine = new Machine(RulesCatalogue.Linux.Find(scenario.Rules!), scenario.Options);
        Assert.All(scenario.Steps, step => Assert.True(step.Accepts(machine.Execute(step.Operation)), step.ToString()));
        Assert.Equal(3, scenario.Steps.Count(step => step.Expected is not null));
    }

    [Fact]
    public void A_thousand_steps_are_read_at_once()
    {
        string text = ScenarioText.Print(new Scenario([.. Enumerable.Repeat<Step>(new Operation.Exit(new ProcessId(7)), 1000)]));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(1000, ScenarioText.Parse(text).Steps.Length);
        Assert.True(watch.ElapsedMilliseconds < 500, $"{watch.ElapsedMilliseconds} ms");
    }
}
