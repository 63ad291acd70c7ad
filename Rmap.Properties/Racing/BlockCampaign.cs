using System.Collections.Concurrent;
using System.Collections.Immutable;
using Rmap.Model.Sched;
using Rmap.Properties.Generating;
using Rmap.Properties.Together;

namespace Rmap.Properties.Racing;

/// <summary>A block that has failed.</summary>
/// <param name="Index">Which case it was.</param>
/// <param name="Block">The block.</param>
/// <param name="Schedule">The schedule with which it fails.</param>
/// <param name="Violation">What did not hold.</param>
public sealed record BrokenBlock(long Index, BlockCase Block, ImmutableArray<Turn> Schedule, Violation Violation);

/// <summary>Many blocks on many threads, each with some schedules. What is found depends on seed and number only.</summary>
/// <param name="rules">The rules.</param>
/// <param name="seed">Where the random numbers begin.</param>
/// <param name="blocks">How many blocks.</param>
/// <param name="workers">On so many threads.</param>
public sealed class BlockCampaign(Rules rules, ulong seed, long blocks, int workers = 1)
{
    /// <summary>Schedules tried with a block: what a block comes to at rest has to be found out once for all of them.</summary>
    public int SchedulesPerBlock { get; init; } = 6;

    /// <summary>After so many failures no new block is begun.</summary>
    public int MostFailures { get; init; } = 20;

    private readonly ConcurrentBag<BrokenBlock> broken = [];
    private long next;
    private long runs;
    private long steps;
    private long switches;

    /// <summary>Blocks run, each schedule counted.</summary>
    public long Runs => Interlocked.Read(ref runs);

    /// <summary>Steps taken, all of which were checked.</summary>
    public long Steps => Interlocked.Read(ref steps);

    /// <summary>How often another task got its turn.</summary>
    public long Switches => Interlocked.Read(ref switches);

    /// <summary>Runs all of them; cancelling ends it with what it has.</summary>
    /// <returns>The blocks that failed, in order.</returns>
    public IReadOnlyList<BrokenBlock> Run(CancellationToken cancellation = default)
    {
        var threads = new Thread[workers];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(() => Work(cancellation)) { IsBackground = true };
            threads[i].Start();
        }

        foreach (Thread thread in threads)
            thread.Join();

        return [.. broken.OrderBy(each => each.Index)];
    }

    private void Work(CancellationToken cancellation)
    {
        using var tasks = new Interleaving();
        while (!cancellation.IsCancellationRequested && broken.Count < MostFailures)
        {
            long index = Interlocked.Increment(ref next) - 1;
            if (index >= blocks)
                return;

            Try(index, tasks);
        }
    }

    private void Try(long index, Interleaving tasks)
    {
        ulong own = new SplitMix(seed + ((ulong)index * 0x9E3779B97F4A7C15)).Next();
        BlockCase block = BlockDraws.Draw(own, rules);
        var run = new BlockRun(block, rules);
        int length = 12;
        for (int i = 0; i < SchedulesPerBlock; i++)
        {
            BlockResult result = run.Run(tasks, Schedule(own + (ulong)i, i, block.Tasks.Length, length));
            length = Math.Max(length, result.Schedule.Sum(turn => turn.Steps));
            Interlocked.Increment(ref runs);
            Interlocked.Add(ref steps, result.Steps);
            Interlocked.Add(ref switches, Math.Max(0, result.Schedule.Length - 1));
            if (result.Violation is { } violation)
            {
                broken.Add(new BrokenBlock(index, block, result.Schedule, violation));
                return;
            }
        }
    }

    /// <summary>
    /// Half of the schedules walk at random, half have priorities with a few changes, within as many steps as were taken before.
    /// </summary>
    internal static ISchedule Schedule(ulong seed, int number, int tasks, int length) => number % 2 == 0
        ? new RandomWalk(seed, 15 + (number % 3 * 15))
        : new PrioritySchedule(seed, tasks, depth: 1 + (number / 2 % 3), length);
}
