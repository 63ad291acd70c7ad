namespace Rmap.Model.Sched;

/// <summary>
/// Runs the tasks of a block, one step of one of them at a time, as a schedule says. It keeps the threads from one block to the next,
/// and ends them when it is disposed. A block ends wholly: with all its tasks done, or with the first thing that is wrong, for which the
/// others are unwound one after the other. What happens depends on nothing but the tasks and the schedule.
/// </summary>
public sealed class Interleaving : IDisposable, IBaton
{
    private readonly List<TaskThread> threads = [];
    private readonly List<TaskLock> locks = [];
    private readonly SemaphoreSlim over = new(0);
    private BlockTask[] tasks = [];
    private ISchedule? schedule;
    private Exception? failure;
    private bool isEnding;
    private int last;

    /// <summary>Who looks on, or null.</summary>
    public IBlockWatcher? Watcher { get; set; }

    /// <summary>The tasks of the block that is under way, or was last.</summary>
    public IReadOnlyList<BlockTask> Tasks => tasks;

    /// <summary>The locks that are held or waited for, in the order in which they came to be.</summary>
    public IReadOnlyList<TaskLock> Locks => locks;

    /// <summary>The exceptions that mean only that another task has failed.</summary>
    private sealed class BlockEnded : Exception;

    /// <summary>Runs a block.</summary>
    /// <param name="bodies">What each task does.</param>
    /// <param name="by">Who takes the next step.</param>
    /// <exception cref="Exception">What the first task that could not go on has thrown.</exception>
    internal void Run(IReadOnlyList<Action<BlockTask>> bodies, ISchedule by)
    {
        (schedule, failure, isEnding, last) = (by, null, false, -1);
        locks.Clear();
        tasks = new BlockTask[bodies.Count];
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = new BlockTask(this, i) { Body = bodies[i] };
            if (threads.Count == i)
                threads.Add(new TaskThread());
        }

        if (tasks.Length > 0)
        {
            Give(Choose()!);
            over.Wait();
            EndOthers();
        }

        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TaskThread thread in threads)
            thread.Dispose();

        threads.Clear();
        over.Dispose();
    }

    /// <inheritdoc/>
    bool IBaton.IsQuietBut(BlockTask task, object? subject)
    {
        foreach (BlockTask other in tasks)
        {
            if (other != task && other.IsUnderWay && (subject is null || subject.Equals(other.Subject)))
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    TaskLock IBaton.LockOf(LockKind kind, object of)
    {
        if (Find(kind, of) is { } known)
            return known;

        var made = new TaskLock(kind, of);
        locks.Add(made);
        return made;
    }

    /// <inheritdoc/>
    bool IBaton.IsLocked(LockKind kind, object of) => Find(kind, of) is { IsHeld: true };

    /// <inheritdoc/>
    void IBaton.Forget(TaskLock one)
    {
        if (!one.IsHeld && !Array.Exists(tasks, task => task.WaitsFor?.Lock == one))
            locks.Remove(one);
    }

    /// <inheritdoc/>
    void IBaton.Pass(BlockTask task, string did)
    {
        if (isEnding)
            throw new BlockEnded();

        Watcher?.Stepped(task, did);
        BlockTask next = Choose() ?? throw Deadlock();
        if (next == task)
            return;

        Give(next);
        task.Baton.Wait();
        if (isEnding)
            throw new BlockEnded();
    }

    /// <inheritdoc/>
    void IBaton.WalkBegins(BlockTask task, Page page) => Watcher?.WalkBegins(task, page);

    /// <inheritdoc/>
    void IBaton.WalkVisits(BlockTask task, Page page, VmArea vma, VirtualPage address) => Watcher?.WalkVisits(task, page, vma, address);

    /// <inheritdoc/>
    void IBaton.WalkEnds(BlockTask task, Page page, bool toEnd) => Watcher?.WalkEnds(task, page, toEnd);

    private TaskLock? Find(LockKind kind, object of)
    {
        foreach (TaskLock one in locks)
        {
            if (one.Kind == kind && one.Of == of)
                return one;
        }

        return null;
    }

    private BlockTask? Choose()
    {
        uint canRun = 0;
        for (int i = 0; i < tasks.Length; i++)
            canRun |= tasks[i].MayRun ? 1u << i : 0;

        if (canRun == 0)
            return null;

        last = schedule!.Next(last, canRun);
        return tasks[last];
    }

    private void Give(BlockTask next)
    {
        if (next.IsStarted)
        {
            next.Baton.Release();
            return;
        }

        next.IsStarted = true;
        threads[next.Number].Start(() => Perform(next));
    }

    /// <summary>What the thread of a task does.</summary>
    private void Perform(BlockTask task)
    {
        try
        {
            task.Body!(task);
            if (task.Held.Count + task.References.Count > 0)
                throw Left(task);
        }
        catch (BlockEnded)
        {
        }
        catch (Exception exception)
        {
            failure ??= exception;
            isEnding = true;
        }

        task.IsDone = true;
        if (isEnding)
        {
            over.Release();
            return;
        }

        try
        {
            Watcher?.Ended(task);
            if (Choose() is { } next)
                Give(next);
            else if (Array.TrueForAll(tasks, each => each.IsDone))
                over.Release();
            else
                throw Deadlock();
        }
        catch (Exception exception)
        {
            failure = exception;
            isEnding = true;
            over.Release();
        }
    }

    /// <summary>Unwinds the tasks that a failure has left half done, one after the other.</summary>
    private void EndOthers()
    {
        isEnding = true;
        foreach (BlockTask task in tasks)
        {
            if (task.IsStarted && !task.IsDone)
            {
                task.Baton.Release();
                over.Wait();
            }

            task.Baton.Dispose();
        }
    }

    private LockBug Deadlock() => new(
        "all tasks wait: " + string.Join(", ", tasks.Where(task => task.WaitsFor is not null).Select(Told)), null, LockBug.Fault.Deadlock);

    private static string Told(BlockTask task) =>
        $"{task.Letter} for {task.WaitsFor!.Value.Lock.Kind} of {task.WaitsFor.Value.Lock.Of}";

    private static LockBug Left(BlockTask task) => task.Held.Count > 0
        ? new($"task {task.Letter} ends and holds {task.Held[0].Kind} of", task.Held[0].Of, LockBug.Fault.Left)
        : new($"task {task.Letter} ends and keeps a reference on", task.References[0], LockBug.Fault.Left);
}
