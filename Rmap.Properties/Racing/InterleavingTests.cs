using System.Collections.Immutable;
using Rmap.Model.Sched;
using Rmap.Properties.Running;
using Rmap.Properties.Together;

namespace Rmap.Properties.Racing;

/// <summary>Tasks take turns as a schedule says, and nothing but it; whatever goes wrong, they end.</summary>
public class InterleavingTests
{
    private const string Migrated = """
        P0 mmap 0+1 rw private anon
        P0 write 0 = 1
        P0 fork P1
        together
          a: P0 migrate 0
          b: P1 munmap 0+1 => 0
        as a5 b a
        P0 read 0 => 1
        """;

    [Theory]
    [InlineData("linux-6.18")]
    [InlineData("linux-6.12")]
    [InlineData("linux-7.2")]
    public void Nothing_is_found_under_the_rules_of_Linux(string rules)
    {
        var campaign = new BlockCampaign(RulesCatalogue.Linux.Find(rules)!, seed: 1, blocks: 250, workers: 2);
        Assert.Empty(campaign.Run().Select(each => $"{each.Block.ToScenario(each.Schedule, rules)}{each.Violation}"));
    }

    [Fact]
    public void A_schedule_that_says_nothing_carries_out_one_task_after_the_other()
    {
        var rules = new Linux618();
        using var threads = new Interleaving();
        for (ulong seed = 0; seed < 60; seed++)
        {
            BlockCase block = BlockDraws.Draw(seed, rules);
            Machine together = block.Start(rules);
            new BlockRun(block, rules).Run(threads, together, new TurnSchedule([]), watcher: null, out Outcome[][]? outcomes);
            Machine alone = block.Start(rules);
            Outcome[] expected = [.. block.Tasks.SelectMany(task => task).Select(operation => alone.Execute(operation))];
            Assert.Equal(expected, outcomes!.SelectMany(task => task));
            Assert.Equal(StateText.Of(alone), StateText.Of(together));
        }
    }

    [Fact]
    public void The_same_schedule_comes_to_the_same()
    {
        var rules = new Linux618();
        using var threads = new Interleaving();
        for (ulong seed = 100; seed < 130; seed++)
        {
            BlockCase block = BlockDraws.Draw(seed, rules);
            BlockResult first = new BlockRun(block, rules).Run(threads, new RandomWalk(seed, 40));
            Assert.Equal(Told(first.Schedule), Told(new TurnSchedule(first.Schedule)));

            string Told(object by)
            {
                Machine machine = block.Start(rules);
                ISchedule schedule = by as ISchedule ?? new TurnSchedule((ImmutableArray<Turn>)by);
                new BlockRun(block, rules).Run(threads, machine, schedule, watcher: null, out _);
                return StateText.Of(machine);
            }
        }
    }

    /// <summary>A task that cannot go on ends the block: the others are unwound, and the threads take the next one.</summary>
    [Fact]
    public void A_task_that_fails_ends_all()
    {
        Race race = RaceCatalogue.Get("R13");
        using var threads = new Interleaving();
        Scenario scenario = ScenarioText.Parse(Migrated);
        var block = BlockCase.Of(scenario, scenario.Blocks[0]);
        for (int i = 0; i < 3; i++)
        {
            var all = new AllSchedules(2);
            var found = new List<Violation?>();
            while (all.Next() is { } schedule)
                found.Add(new BlockRun(block, race).Run(threads, schedule).Violation);

            Assert.Contains(found, violation => violation is not null);
        }

        Assert.Null(new BlockRun(block, new Linux618()).Run(threads, new TurnSchedule(scenario.Blocks[0].Schedule)).Violation);
    }

    [Fact]
    public void All_schedules_are_tried_once_each()
    {
        Scenario scenario = ScenarioText.Parse(Migrated);
        var run = new BlockRun(BlockCase.Of(scenario, scenario.Blocks[0]), new Linux618());
        using var threads = new Interleaving();
        var all = new AllSchedules(1);
        var seen = new List<string>();
        while (all.Next() is { } schedule)
        {
            BlockResult result = run.Run(threads, schedule);
            Assert.Null(result.Violation);
            seen.Add(string.Join(' ', result.Schedule));
        }

        Assert.True(seen.Count > 10);
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public void A_scenario_with_a_block_is_run_as_a_whole()
    {
        Scenario scenario = ScenarioText.Parse(Migrated);
        Assert.Equal(Migrated.ReplaceLineEndings("\n") + "\n", scenario.ToString());
        Assert.Null(ScenarioRunner.FirstFailure(scenario, new Linux618()));
    }

    [Theory]
    [InlineData("together\n  a: P0 read 0\nas", "f:3:3: found the end of the line, expected a turn such as a, a4 or a!")]
    [InlineData("together\n  a: P0 read 0\nas a0", "f:3:4: found 'a0', expected a turn such as a, a4 or a!")]
    public void An_error_in_a_schedule_names_its_place(string text, string expected)
    {
        Assert.False(ScenarioText.TryParse(text, "f", out _, out ScenarioError? error));
        Assert.Equal(expected, error.ToString());
    }
}
