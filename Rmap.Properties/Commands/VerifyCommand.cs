using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Reporting;
using Rmap.Properties.Running;
using Spectre.Console;

namespace Rmap.Properties.Commands;

/// <summary><c>verify</c>: a campaign of generated scenarios, and the repros of earlier ones first.</summary>
/// <param name="screen">Where it writes.</param>
/// <param name="plan">What to do.</param>
/// <param name="time">When to stop, at the latest; null if only the number of scenarios says.</param>
/// <param name="repros">Where failing scenarios are kept.</param>
internal sealed class VerifyCommand(Screen screen, CampaignPlan plan, TimeSpan? time, ReproStore repros)
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private bool interrupted;
    private readonly List<string> oldFailures = [];

    internal int Run()
    {
        string limit = time is null ? $"{Number(plan.Scenarios)} scenarios"
            : time == TimeSpan.FromMinutes(1) ? "1 minute"
            : $"{time.Value.TotalMinutes} minutes";
        screen.Line(
            $"Verifying {plan.Rules.Name}: {limit}, seed {plan.Seed}, {plan.Workers} threads, "
            + $"profiles {string.Join(", ", plan.Profiles)}.");
        ReplayRepros();
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        if (time is { } span)
            stop.CancelAfter(span);

        watch.Restart();
        var campaign = new Campaign(plan, repros, () => new SituationCounter());
        Task<IReadOnlyList<BrokenInvariant>> running = Task.Run(() => campaign.Run(stop.Token));
        if (screen.IsTerminal)
            Watch(campaign, running);
        else
            WatchPlainly(campaign, running);

        return Conclude(campaign, running.GetAwaiter().GetResult());

        // The first signal ends the campaign with what it has, a second one the process.
        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = !interrupted;
            interrupted = true;
            stop.Cancel();
        }
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private void ReplayRepros()
    {
        foreach (string file in repros.Files())
        {
            if (ReproStore.Read(file, out string? problem) is not { } repro)
                ToldOfRepro(problem!);
            else if ((repro.Scenario.Rules ?? plan.Rules.Name) == plan.Rules.Name)
                Replay(file, repro);
        }
    }

    private void Replay(string file, ScenarioFile repro)
    {
        if (repro.Scenario.Blocks.Length > 0)
        {
            if (ScenarioRunner.FirstFailure(repro.Scenario, plan.Rules) is { } failure)
                ToldOfRepro($"{file} still breaks {failure.Violation.Invariant.Id}.");
            else
                screen.Line($"{file} holds now.");

            return;
        }

        var run = new CheckedMachine(plan.Rules, repro.Scenario.Options);
        for (int i = 0; i < repro.Scenario.Steps.Length; i++)
        {
            Step step = repro.Scenario.Steps[i];
            if (run.Execute(step.Operation, out Outcome? outcome) is { } violation)
            {
                ToldOfRepro($"{file} still breaks {violation.Invariant.Id}.");
                var failing = new Scenario(repro.Scenario.Steps[..(i + 1)], repro.Scenario.Options, repro.Scenario.Rules);
                screen.Line();
                screen.Line(FailureReport.Of(failing, plan.Rules, "an earlier campaign", file));
                screen.Line();
                return;
            }

            if (!step.Accepts(outcome!))
            {
                ToldOfRepro($"{file}:{repro.Lines[i]}: expected {step.Expected}, got {outcome}.");
                return;
            }

            if (Expectations.Unmet(repro, i + 1, run.Machine).FirstOrDefault() is { } unmet)
            {
                ToldOfRepro($"{unmet}.");
                return;
            }
        }

        screen.Line($"{file} holds now.");
    }

    private void ToldOfRepro(string failure)
    {
        oldFailures.Add(failure);
        screen.LineOfBad(failure);
    }

    private void Watch(Campaign campaign, Task running) => screen.Console.Progress()
        .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
        .AutoClear(true)
        .Start(progress =>
        {
            ProgressTask task = progress.AddTask("starting", maxValue: 1);
            while (!running.Wait(100))
            {
                CampaignProgress now = campaign.Progress;
                task.Value = Done(now);
                task.Description = Told(now);
            }
        });

    private void WatchPlainly(Campaign campaign, Task running)
    {
        var every = TimeSpan.FromSeconds(5);
        while (!running.Wait(every))
            screen.Line($"{watch.Elapsed.TotalSeconds,5:0} s  {Told(campaign.Progress)}");
    }

    private double Done(CampaignProgress now) =>
        time is { } span ? Math.Min(1, watch.Elapsed / span) : (double)now.Scenarios / plan.Scenarios;

    private string Told(CampaignProgress now) => $"{Number(now.Scenarios)} scenarios, "
        + $"{Number((long)(now.Operations / watch.Elapsed.TotalSeconds))} operations a second, {Number(now.Failures)} failures";

    private int Conclude(Campaign campaign, IReadOnlyList<BrokenInvariant> findings)
    {
        CampaignProgress done = campaign.Progress;
        findings = [.. findings.OrderBy(finding => finding.Scenario.Steps.Length).ThenBy(finding => finding.Index)];
        foreach (BrokenInvariant finding in findings)
        {
            screen.Line();
            bool isInFull = finding == findings[0] || finding.SavedAs is null;
            screen.Line(isInFull
                ? FailureReport.Of(finding.Scenario, plan.Rules, $"case {finding.Index} of seed {plan.Seed}", finding.SavedAs)
                : FailureReport.Beside(finding.Scenario, finding.Failure.Violation));
            if (finding.SavedAs is null)
                screen.LineOfBad($"not saved: {repros.Problem}");
        }

        screen.Line();
        screen.Line($"scenarios   {Number(done.Scenarios)}{(interrupted ? ", then interrupted" : "")}");
        screen.Line($"operations  {Number(done.Operations)}, {Number((long)(done.Operations / watch.Elapsed.TotalSeconds))} a second");
        screen.Line($"invariants  {Invariants.All.Count} and {Costs.All.Count} costs, each checked {Number(done.Operations)} times");
        TellSituations(campaign);
        screen.Line($"excused     {string.Join(", ", campaign.Excused.Select(each => $"{each.Fault} {Number(each.Pages)} pages"))}");
        foreach (BrokenInvariant finding in findings)
        {
            screen.LineOfBad(
                $"broken      {finding.Failure.Violation.Invariant.Id}, in {Number(finding.Cases)} scenarios, "
                + $"shortest {finding.Scenario.Steps.Length} operations, {finding.SavedAs ?? "not saved"}");
        }

        foreach (string failure in oldFailures)
            screen.LineOfBad($"repro       {failure}");

        if (findings.Any(finding => finding.SavedAs is null))
            return ExitCode.NotSaved;

        if (findings.Count + oldFailures.Count > 0)
            return ExitCode.Failed;

        screen.LineOfGood("All invariants held.");
        return interrupted ? ExitCode.Interrupted : ExitCode.Held;
    }

    /// <summary>How many of the named situations were met, and which were not or hardly.</summary>
    private void TellSituations(Campaign campaign)
    {
        var counter = new SituationCounter();
        foreach (SituationCounter one in campaign.Observers.Cast<SituationCounter>())
            counter.Add(one);

        var rarest = Situations.All.Zip(counter.Hits).OrderBy(pair => pair.Second).Take(3);
        screen.Line(
            $"situations  {counter.Hits.Count(hits => hits > 0)} of {Situations.All.Count} met in {Number(counter.Steps)} operations "
            + "looked at; rarest: "
            + string.Join(", ", rarest.Select(pair => $"{pair.First.Name} ({Number(pair.Second)})")));
    }
}
