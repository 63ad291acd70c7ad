using System.Diagnostics;
using System.Globalization;
using Rmap.Model.Sched;
using Rmap.Properties.Racing;
using Rmap.Properties.Reporting;
using Rmap.Properties.Running;
using Rmap.Properties.Together;

namespace Rmap.Properties.Commands;

/// <summary><c>verify --profile together</c>: blocks of tasks that meet; and <c>explore block</c>: all schedules of one.</summary>
internal static class TogetherCommand
{
    /// <summary>Draws blocks and checks them.</summary>
    internal static int Verify(Screen screen, Rules rules, ulong seed, long blocks, TimeSpan? time, int workers, ReproStore repros)
    {
        screen.Line($"Verifying {rules.Name}: blocks of tasks, seed {seed}, {workers} threads.");
        using var stop = new CancellationTokenSource();
        if (time is { } span)
            stop.CancelAfter(span);

        var watch = Stopwatch.StartNew();
        var campaign = new BlockCampaign(rules, seed, blocks, workers);
        IReadOnlyList<BrokenBlock> broken = campaign.Run(stop.Token);
        using var threads = new Interleaving();
        foreach (IGrouping<string, BrokenBlock> alike in broken.GroupBy(each => each.Violation.Invariant.Id))
        {
            BrokenBlock shortest = BlockMinimiser.Minimise(alike.First(), rules, threads);
            Scenario scenario = shortest.Block.ToScenario(shortest.Schedule, rules.Name);
            string? saved = repros.Save(scenario, new Failure(scenario.Steps.Length - 1, shortest.Violation));
            screen.Line();
            Tell(screen, rules, scenario, shortest.Violation);
            screen.LineOfBad($"found by: block {alike.First().Index} of seed {seed}; saved as: {saved ?? "not saved: " + repros.Problem}");
        }

        screen.Line();
        screen.Line($"blocks      {Number(campaign.Runs)}, {Number((long)(campaign.Runs / watch.Elapsed.TotalSeconds))} a second");
        screen.Line($"steps       {Number(campaign.Steps)}, each checked; {Number(campaign.Switches)} switches");
        if (broken.Count > 0)
            return ExitCode.Failed;

        screen.LineOfGood("All blocks were as their tasks one after the other, and held all that is checked between steps.");
        return ExitCode.Held;
    }

    /// <summary>Tries all schedules of the first block of a scenario.</summary>
    internal static int Explore(Screen screen, Scenario scenario, Rules rules, int preemptions)
    {
        if (scenario.Blocks.Length == 0)
            return screen.Refuse("There is no block in it.\nGive a scenario with 'together' (docs/scenario.md).");

        var block = BlockCase.Of(scenario, scenario.Blocks[0]);
        var run = new BlockRun(block, rules);
        using var threads = new Interleaving();
        BlockResult? first = null;
        for (int most = 0; most <= preemptions; most++)
        {
            long broken = 0;
            var all = new AllSchedules(most);
            while (all.Next() is { } schedule)
            {
                BlockResult result = run.Run(threads, schedule);
                broken += result.Violation is null ? 0 : 1;
                first ??= result.Violation is null ? null : result;
            }

            screen.Error.WriteLine($"at most {most} preemptions: {Number(all.Given)} schedules, {Number(broken)} break something");
        }

        if (first is null)
        {
            screen.Error.WriteLine("All of them hold.");
            return ExitCode.Held;
        }

        Tell(screen, rules, block.ToScenario(first.Schedule, rules.Name), first.Violation!);
        return ExitCode.Failed;
    }

    private static void Tell(Screen screen, Rules rules, Scenario scenario, Violation violation)
    {
        screen.Line($"{violation.Invariant.Id}: {violation.Invariant.Sentence}");
        screen.Line($"  in Linux: {violation.Invariant.Kernel}");
        screen.Line();
        foreach (string line in $"{scenario}\n{BlockColumns.Of(scenario, rules)}".Split('\n'))
            screen.Line($"    {line}".TrimEnd());

        screen.Line($"saw:      {violation.Saw}");
        screen.Line($"expected: {violation.Expected}");
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
