using System.Collections.Immutable;
using Rmap.Model.Sched;
using Rmap.Properties.Shrinking;
using Rmap.Properties.Together;

namespace Rmap.Properties.Racing;

/// <summary>
/// Brings a failing block to a small one that breaks the same invariant: fewer operations before it, fewer in it, fewer tasks, plainer
/// settings and operands; then, of all schedules with as few preemptions as will do, one with the fewest switches. A candidate fails if it
/// does with the schedule that is known, or with one of few preemptions. It is taken if it costs less, so this ends.
/// </summary>
public sealed class BlockMinimiser
{
    private const int MostRuns = 40_000;
    private const int MostRunsOfOne = 250;
    private const int MostPreemptions = 3;

    private readonly Rules rules;
    private readonly Interleaving threads;
    private readonly Invariant invariant;
    private BlockCase best;
    private ImmutableArray<Turn> schedule;
    private int runs;

    private BlockMinimiser(BrokenBlock found, Rules rules, Interleaving threads)
    {
        (this.rules, this.threads, best, schedule) = (rules, threads, found.Block, found.Schedule);
        invariant = found.Violation.Invariant;
    }

    /// <summary>The minimal block, and how it fails.</summary>
    /// <param name="found">A block that fails.</param>
    /// <param name="rules">The rules under which it does.</param>
    /// <param name="threads">What runs tasks.</param>
    public static BrokenBlock Minimise(BrokenBlock found, Rules rules, Interleaving threads)
    {
        var minimiser = new BlockMinimiser(found, rules, threads);
        while (minimiser.Improve())
        {
        }

        minimiser.FewestSwitches();
        BlockResult result = new BlockRun(minimiser.best, rules).Run(threads, new TurnSchedule(minimiser.schedule));
        return found with { Block = minimiser.best, Schedule = minimiser.schedule, Violation = result.Violation ?? found.Violation };
    }

    private bool Improve() => TakeOutBefore() | TakeOutInBlock() | PlainerOptions() | Rewritten() | PlainerForms();

    private bool TakeOutBefore()
    {
        bool improved = false;
        for (int size = Math.Max(1, best.Before.Length / 2); size >= 1; size /= 2)
        {
            for (int start = best.Before.Length - size; start >= 0; start--)
            {
                if (start + size <= best.Before.Length)
                    improved |= Try(best with { Before = best.Before.RemoveRange(start, size) });
            }
        }

        return improved;
    }

    private bool TakeOutInBlock()
    {
        bool improved = false;
        for (int task = best.Tasks.Length - 1; task >= 0; task--)
        {
            if (best.Tasks.Length > 1)
                improved |= Try(best with { Tasks = best.Tasks.RemoveAt(task) });

            for (int at = task < best.Tasks.Length ? best.Tasks[task].Length - 1 : -1; at >= 0; at--)
            {
                if (task < best.Tasks.Length && at < best.Tasks[task].Length)
                {
                    ImmutableArray<ImmutableArray<Operation>> without = best.Tasks.SetItem(task, best.Tasks[task].RemoveAt(at));

                    // What need not be in the block may be done before it.
                    improved |= Try(best with { Tasks = without })
                        || (at == 0 && Try(best with { Before = best.Before.Add(best.Tasks[task][0]), Tasks = without }));
                }
            }
        }

        return improved;
    }

    private bool PlainerOptions()
    {
        bool improved = Try(best with { Options = MachineOptions.Default });
        return improved || Try(best with { Options = MachineOptions.Default with { SwapSync = best.Options.SwapSync } });
    }

    private bool Rewritten()
    {
        bool improved = false;
        for (int from = 6; from > 0; from--)
        {
            for (int to = 0; to < from; to++)
                improved |= TryRewritten(new OperationRewriter.RenameProcess(from, to));
        }

        for (long page = 24; page >= 0; page--)
            improved |= TryRewritten(new OperationRewriter.DeletePages(page));

        for (byte value = 255; value > 0; value--)
        {
            for (byte to = 0; to < Math.Min(value, (byte)3); to++)
                improved |= TryRewritten(new OperationRewriter.ReplaceValue(value, to));
        }

        return improved;
    }

    private bool PlainerForms()
    {
        bool improved = false;
        for (int i = 0; i < best.Length; i++)
        {
            foreach (Operation form in Simpler.Forms(All(best)[i]).ToArray())
                improved |= i < best.Length && Try(With(best, i, form));
        }

        return improved;
    }

    private bool TryRewritten(OperationRewriter rewriter) => Try(best with
    {
        Before = [.. best.Before.Select(rewriter.Rewrite)],
        Tasks = [.. best.Tasks.Select(task => ImmutableArray.CreateRange(task.Select(rewriter.Rewrite)))],
    });

    private static Operation[] All(BlockCase block) => [.. block.Before, .. block.Tasks.SelectMany(task => task)];

    private static BlockCase With(BlockCase block, int index, Operation operation)
    {
        if (index < block.Before.Length)
            return block with { Before = block.Before.SetItem(index, operation) };

        int at = index - block.Before.Length;
        int task = 0;
        for (; at >= block.Tasks[task].Length; task++)
            at -= block.Tasks[task].Length;

        return block with { Tasks = block.Tasks.SetItem(task, block.Tasks[task].SetItem(at, operation)) };
    }

    /// <summary>First what is in the block, then what is before it, then how plain it is.</summary>
    private static (int, Cost, int) CostOf(BlockCase block) => (
        block.Tasks.Length + (2 * block.Tasks.Sum(task => task.Length)) + block.Before.Length, Cost.Of(All(block)),
        block.Options == MachineOptions.Default ? 0 : 1);

    private bool Try(BlockCase candidate)
    {
        if (CostOf(candidate).CompareTo(CostOf(best)) >= 0 || Failing(candidate, schedule, MostRunsOfOne) is not { } fails)
            return false;

        (best, schedule) = (candidate, fails);
        return true;
    }

    /// <summary>A schedule with which it fails alike, or null if none was found.</summary>
    private ImmutableArray<Turn>? Failing(BlockCase candidate, ImmutableArray<Turn> known, int most)
    {
        var run = new BlockRun(candidate, rules);
        if (Fails(run, new TurnSchedule(known)) is { } again)
            return again;

        for (int preemptions = 0; preemptions <= 2; preemptions++)
        {
            var all = new AllSchedules(preemptions);
            while (all.Given < most && runs < MostRuns && all.Next() is { } one)
            {
                if (Fails(run, one) is { } fails)
                    return fails;
            }
        }

        return null;
    }

    private ImmutableArray<Turn>? Fails(BlockRun run, ISchedule by)
    {
        runs++;
        BlockResult result = run.Run(threads, by);
        return result.Violation?.Invariant == invariant ? result.Schedule : null;
    }

    /// <summary>The fewest switches, then the fewest turns that have to be written down.</summary>
    private void FewestSwitches()
    {
        const int most = 20_000;
        var run = new BlockRun(best, rules);
        ImmutableArray<Turn>? fewest = null;
        for (int preemptions = 0; preemptions <= MostPreemptions && fewest is null; preemptions++)
        {
            var all = new AllSchedules(preemptions);
            while (all.Given < most && all.Next() is { } one)
            {
                if (Fails(run, one) is { } fails && (fewest is null || fails.Length < fewest.Value.Length))
                    fewest = fails;
            }
        }

        schedule = fewest ?? schedule;
        while (schedule.Length > 0 && Fails(run, new TurnSchedule(schedule.RemoveAt(schedule.Length - 1))) is not null)
            schedule = schedule.RemoveAt(schedule.Length - 1);
    }
}
