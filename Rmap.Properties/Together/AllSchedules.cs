using System.Numerics;
using Rmap.Model.Sched;

namespace Rmap.Properties.Together;

/// <summary>
/// All schedules of a block with so many preemptions at most, as CHESS tries them (Musuvathi and others, 2008): a task that could go on
/// gives way to another. Who comes next when one is done, or waits, is free. Ask, run, ask, until there is none left.
/// </summary>
/// <param name="preemptions">How many at most.</param>
public sealed class AllSchedules(int preemptions)
{
    private readonly List<(int Last, uint CanRun, int Chosen)> path = [];
    private bool hasBegun;

    /// <summary>How many schedules it has given.</summary>
    public long Given { get; private set; }

    /// <summary>The next schedule, or null if it has given all. It is to be carried out before the next is asked for.</summary>
    public ISchedule? Next()
    {
        if (hasBegun && !Advance())
            return null;

        hasBegun = true;
        Given++;
        return new Following(this);
    }

    /// <summary>Changes the last choice that can be made otherwise, and forgets what came after it.</summary>
    private bool Advance()
    {
        while (path.Count > 0)
        {
            (int last, uint canRun, int chosen) = path[^1];
            path.RemoveAt(path.Count - 1);
            int first = Default(last, canRun);
            for (int task = Following(chosen, first); task < 32; task = Following(task, first))
            {
                if ((canRun >> task & 1) != 0 && Used + (IsPreemption(last, canRun, task) ? 1 : 0) <= preemptions)
                {
                    path.Add((last, canRun, task));
                    return true;
                }
            }
        }

        return false;

        // The default comes first, then all others by number.
        static int Following(int task, int first)
        {
            int next = task == first ? 0 : task + 1;
            return next == first ? next + 1 : next;
        }
    }

    private int Used => path.Count(each => IsPreemption(each.Last, each.CanRun, each.Chosen));

    private static bool IsPreemption(int last, uint canRun, int chosen) => last >= 0 && chosen != last && (canRun >> last & 1) != 0;

    private static int Default(int last, uint canRun) =>
        last >= 0 && (canRun >> last & 1) != 0 ? last : BitOperations.TrailingZeroCount(canRun);

    private sealed class Following(AllSchedules all) : ISchedule
    {
        private int place;

        public int Next(int last, uint canRun)
        {
            if (place == all.path.Count)
                all.path.Add((last, canRun, Default(last, canRun)));

            return all.path[place++].Chosen;
        }
    }
}
