using System.Collections.Immutable;
using Rmap.Model.Sched;
using Rmap.Model.Swap;

namespace Rmap.Properties.Together;

/// <summary>One way a block has gone.</summary>
/// <param name="Violation">What did not hold, or null.</param>
/// <param name="Schedule">Who took which steps.</param>
/// <param name="Steps">How many they were.</param>
public sealed record BlockResult(Violation? Violation, ImmutableArray<Turn> Schedule, long Steps);

/// <summary>
/// Runs a block with all that is checked of it: after every step, at rest afterwards, and against its tasks one after the other.
/// </summary>
/// <param name="block">The block.</param>
/// <param name="rules">The rules.</param>
public sealed class BlockRun(BlockCase block, Rules rules)
{
    private Orders? orders;

    /// <summary>Runs it once.</summary>
    /// <param name="threads">What runs the tasks.</param>
    /// <param name="schedule">Who takes the next step.</param>
    public BlockResult Run(Interleaving threads, ISchedule schedule)
    {
        var recorded = new RecordedSchedule(schedule);
        Machine machine = block.Start(rules);
        var checker = new InvariantChecker(machine);
        var steps = new StepChecker(machine, threads);
        checker.Remember();
        Violation? violation = Run(threads, machine, recorded, steps, out Outcome[][]? came)
            ?? checker.FirstViolation() ?? Unlike(machine, came!);
        return new BlockResult(violation, recorded.Turns, steps.Steps);
    }

    /// <summary>Runs it once on a machine that is where the block begins.</summary>
    /// <param name="threads">What runs the tasks.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="schedule">Who takes the next step.</param>
    /// <param name="watcher">Who looks on, or null.</param>
    /// <param name="came">The outcomes; null if it did not come to its end.</param>
    /// <returns>What was wrong on the way, or null.</returns>
    internal Violation? Run(Interleaving threads, Machine machine, ISchedule schedule, IBlockWatcher? watcher, out Outcome[][]? came)
    {
        came = null;
        threads.Watcher = watcher;
        try
        {
            came = machine.Together(threads, [.. block.Tasks.Select(task => (IReadOnlyList<Operation>)task)], schedule);
            Reclaim(machine);
            return null;
        }
        catch (StepViolation found)
        {
            return found.Violation;
        }
        catch (LockBug bug)
        {
            return new Violation(Races.Locking, $"{bug.Message} {bug.Of}", $"what lockdep allows");
        }
        catch (Exception stuck) when (stuck is not OutOfMemoryException)
        {
            return Invariants.Stuck(stuck, "a task of the block");
        }
    }

    /// <summary>Why what it has come to is like none of the orders of its tasks, or null.</summary>
    internal Violation? Unlike(Machine machine, Outcome[][] came) => (orders ??= new Orders(block, rules)).Unlike(machine, came);

    /// <summary>
    /// <c>free_swap_cache</c>: who unmaps a page that another has locked leaves it in the swap cache, though nothing names its slot any
    /// more. There reclaim finds it some day: at once, here, so that all is as at rest.
    /// </summary>
    private static void Reclaim(Machine machine)
    {
        var current = new TaskStruct(machine);
        foreach (SwapSlot slot in machine.Swap.All.ToArray())
        {
            if (slot is { Count: 0, Cache: { MapCount: 0 } page })
                SwapCache.FreePageAndSwapCache(current, page);
        }
    }
}
