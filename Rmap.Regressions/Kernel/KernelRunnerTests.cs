using System.Diagnostics;
using Rmap.Properties.Shrinking;
using Process = System.Diagnostics.Process;

namespace Rmap.Regressions.Kernel;

/// <summary>Whatever a kernel does, the driver tells it, goes on with the next scenario, and leaves nothing behind.</summary>
public class KernelRunnerTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    [ShellFact]
    public void Scenarios_run_in_one_boot_and_are_answered_in_their_order()
    {
        using var runner = new KernelRunner(new FakeKernel());
        Scenario[] scenarios = [.. Enumerable.Range(0, 20).Select(length => Reading([.. Enumerable.Repeat(1L, length)]))];
        KernelRun[] runs = [.. runner.Run(scenarios.Select(scenario => (Sequence)scenario))];
        Assert.Equal(scenarios, runs.Select(run => run.Scenario));
        Assert.All(runs, run => Assert.True(Verdict.Of(run, []).Agrees));
        Assert.All(runs, run => Assert.Equal(run.Scenario.Steps.Length + 1, run.Answers.Count));
        Assert.Equal(1, runner.Boots);
    }

    [ShellFact]
    public void A_field_that_differs_is_told_with_both_values()
    {
        Verdict verdict = Only(FakeKernel.Differs);
        Assert.Equal("Result", verdict.Kind);
        Assert.Equal(1, verdict.Step);
        Assert.Equal(("1", "SIGSEGV"), (verdict.Differences[0].Recorded, verdict.Differences[0].Model));
        Assert.Null(verdict.Incident);
    }

    [ShellFact]
    public void A_kernel_that_does_not_answer_is_given_up()
    {
        var watch = Stopwatch.StartNew();
        Verdict verdict = Only(FakeKernel.Hangs, Short);
        Assert.Equal("hang", verdict.Kind);
        Assert.Equal(1, verdict.Step);
        Assert.InRange(watch.Elapsed, Short, TimeSpan.FromSeconds(60));
    }

    [ShellFact]
    public void A_kernel_that_stops_is_told_with_its_console()
    {
        Verdict verdict = Only(FakeKernel.Crashes);
        Assert.Equal(Trouble.Crash, verdict.Incident?.Trouble);
        Assert.Equal("crash: WARNING: at mm/rmap.c:441 unlink_anon_vmas", verdict.Kind);
        Assert.Equal(1, verdict.Step);
        Assert.StartsWith("WARNING: CPU: 0 PID: ", verdict.Incident!.Told, StringComparison.Ordinal);
    }

    [ShellFact]
    public void A_kernel_that_ends_without_a_word_has_stopped_too()
    {
        Verdict verdict = Only(FakeKernel.Ends);
        Assert.Equal(("crash", 1), (verdict.Kind, verdict.Step));
    }

    [ShellFact]
    public void A_kernel_that_complains_and_goes_on_is_told()
    {
        Verdict verdict = Only(FakeKernel.Complains);
        Assert.Equal("complaint: WARNING: at mm/rmap.c:441 unlink_anon_vmas", verdict.Kind);
    }

    [ShellFact]
    public void What_is_no_answer_is_told()
    {
        Verdict verdict = Only(FakeKernel.SaysGarbage);
        Assert.Equal(("no answer", 1), (verdict.Kind, verdict.Step));
        Assert.StartsWith("answer(1,8): found", verdict.Incident!.Text, StringComparison.Ordinal);
    }

    [ShellFact]
    public void An_answer_to_something_else_is_told()
    {
        Verdict verdict = Only(FakeKernel.AnswersOther);
        Assert.Equal(("no answer", 1), (verdict.Kind, verdict.Step));
        Assert.Equal("It answers to 'P0 read 7', not to 'P0 read 67'.", verdict.Incident!.Text);
    }

    [ShellFact]
    public void A_kernel_that_leaves_its_pipes_to_others_is_given_up()
    {
        Verdict verdict = Only(FakeKernel.LeavesPipesOpen, Short);
        Assert.Equal(1, verdict.Step);
        Assert.NotNull(verdict.Incident);
    }

    [ShellFact]
    public void Settings_that_the_kernel_did_not_take_are_told()
    {
        using var runner = new KernelRunner(new FakeKernel());
        var scenario = new Scenario([], new MachineOptions { UserModeLinux = true, KsmMaxPageSharing = 2 });
        Verdict verdict = Verdict.Of(runner.Run(scenario), []);
        Assert.Equal(-1, verdict.Step);
        Assert.Contains("KsmMaxPageSharing = 256", verdict.Incident!.Text, StringComparison.Ordinal);
    }

    [ShellFact]
    public void Nothing_stays_behind()
    {
        var kernel = new FakeKernel();
        using (var runner = new KernelRunner(kernel))
        {
            runner.Run(Reading(1));
            Assert.True(IsRunning(kernel));
        }

        Assert.False(Directory.Exists(kernel.Home));
    }

    [ShellFact]
    public void A_kernel_that_hangs_is_ended()
    {
        var kernel = new FakeKernel { AnswerLimit = Short };
        int pid;
        using (var runner = new KernelRunner(kernel))
        {
            runner.Run(Reading(1));
            pid = Pid(kernel);
            runner.Run(Reading(FakeKernel.Hangs));
            Assert.Throws<ArgumentException>(() => Process.GetProcessById(pid));
        }
    }

    [ShellFact]
    public void Scenarios_that_nobody_waits_for_do_not_answer_later_ones()
    {
        using var runner = new KernelRunner(new FakeKernel());
        Sequence[] sequences = [Reading(1), Reading(1, 1), Reading(1, 1, 1)];
        Assert.Equal(2, runner.Run(sequences).First().Answers.Count);
        Assert.True(Verdict.Of(runner.Run(Reading(1, 1, 1, 1)), []).Agrees);
    }

    [ShellFact]
    public void A_kernel_that_does_not_get_ready_is_refused_with_what_it_said()
    {
        var ends = new FakeKernel("echo no memory >&2; exit 4");
        Assert.EndsWith("ended with exit code 4. It said:\nno memory\n", Refusal(ends), StringComparison.Ordinal);
        Assert.False(Directory.Exists(ends.Home));
        var hangs = new FakeKernel("echo waiting >&2; sleep 600") { BootLimit = Short };
        Assert.EndsWith("did not get ready in 1 s. It said:\nwaiting\n", Refusal(hangs), StringComparison.Ordinal);
        Assert.False(Directory.Exists(hangs.Home));
        Assert.StartsWith(
            "Cannot start /no/such/kernel: ", Refusal(new UserModeKernel("/no/such/kernel")), StringComparison.Ordinal);
    }

    [ShellFact]
    public void A_disagreement_is_shrunk_on_the_kernel()
    {
        var kernel = new FakeKernel();
        using var runner = new KernelRunner(kernel);
        Scenario scenario = Reading(1, 2, 3, FakeKernel.Differs, 4, FakeKernel.Crashes, 5);
        var fault = new Disagreement(runner, kernel, new KernelCases(kernel, new Linux618()), "Result");
        Scenario minimal = Minimiser.Minimise(scenario, 3, fault);
        Assert.Equal(Reading(FakeKernel.Differs), minimal);
    }

    private static Verdict Only(long page, TimeSpan? limit = null)
    {
        var kernel = new FakeKernel();
        using var runner = new KernelRunner(limit is { } given ? kernel with { AnswerLimit = given } : kernel);
        KernelRun[] runs = [.. runner.Run([Reading(1, 1), Reading(1, page, 1), Reading(1)])];
        Assert.True(Verdict.Of(runs[0], []).Agrees, "the scenario before has nothing to do with it");
        Assert.True(Verdict.Of(runs[2], []).Agrees, "the next scenario has a kernel that is well");
        return Verdict.Of(runs[1], []);
    }

    private static string Refusal(KernelProgram program)
    {
        using var runner = new KernelRunner(program);
        return Assert.Throws<KernelException>(() => runner.Run(Reading(1))).Message;
    }

    private static Scenario Reading(params long[] pages) => new(
        [.. pages.Select(page => new Step(new Operation.Read(new ProcessId(0), new VirtualPage(page))))],
        new MachineOptions { UserModeLinux = true });

    private static int Pid(FakeKernel kernel) => int.Parse(File.ReadAllText(Path.Combine(kernel.Home!, "pid")));

    private static bool IsRunning(FakeKernel kernel)
    {
        using var process = Process.GetProcessById(Pid(kernel));
        return !process.HasExited;
    }
}
