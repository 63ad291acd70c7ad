namespace Rmap.Model.Sched;

/// <summary>
/// A task of a block while the block is under way: what it holds, what it waits for, how far it is. It runs on a thread of its own, and
/// only while it has the baton, so of all tasks exactly one runs at any time. At each of its boundaries another may get the baton.
/// </summary>
public sealed class BlockTask
{
    private readonly IBaton block;
    private readonly List<TaskLock> held = [];
    private readonly List<object> references = [];

    internal BlockTask(IBaton block, int number) => (this.block, Number) = (block, number);

    /// <summary>Its place in the block, from 0.</summary>
    public int Number { get; }

    /// <summary>Its letter in texts.</summary>
    public char Letter => (char)('a' + Number);

    /// <summary>The steps it has taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Which of its operations is under way, from 0; -1 before the first.</summary>
    public int Operation { get; private set; } = -1;

    /// <summary>Whether an operation of it is half done.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Whether it has come to its end.</summary>
    public bool IsDone { get; internal set; }

    /// <summary>The lock that it waits for, or null; what it wants of it.</summary>
    public (TaskLock Lock, LockWish Wish)? WaitsFor { get; private set; }

    /// <summary>Whether it waits until others have ended what they have under way.</summary>
    public bool WaitsForQuiet { get; private set; }

    /// <summary>Who does what is under way: a process, or null.</summary>
    internal object? Subject { get; private set; }

    /// <summary>Whose operations must have ended: null for everybody's.</summary>
    private object? quietOf;

    /// <summary>The locks that it holds, in the order in which it took them.</summary>
    public IReadOnlyList<TaskLock> Held => held;

    /// <summary>What it holds a reference on: pages, and address spaces that no process has.</summary>
    public IReadOnlyList<object> References => references;

    /// <summary>Where the baton comes to.</summary>
    internal SemaphoreSlim Baton { get; } = new(0);

    /// <summary>Whether it has begun to run.</summary>
    internal bool IsStarted { get; set; }

    /// <summary>What it does.</summary>
    internal Action<BlockTask>? Body { get; set; }

    internal bool MayRun => !IsDone && (WaitsForQuiet ? block.IsQuietBut(this, quietOf)
        : WaitsFor is not { } waits || waits.Lock.MayTake(waits.Wish));

    /// <summary>The next of its operations begins.</summary>
    /// <param name="subject">Who does it: a process, or null.</param>
    /// <param name="isDivided">Whether it has boundaries; one that has none runs only when no other is under way.</param>
    /// <param name="endsThreads">Whether it begins only when no other of the same process is under way: exit waits for its threads.</param>
    internal void Begin(object? subject, bool isDivided, bool endsThreads)
    {
        if (++Operation > 0)
            Step("");

        quietOf = isDivided ? subject : null;
        while ((!isDivided || endsThreads) && !block.IsQuietBut(this, quietOf))
        {
            WaitsForQuiet = true;
            Pass("waits until others have ended what they do");
        }

        WaitsForQuiet = false;
        Subject = subject;
        IsUnderWay = true;
    }

    /// <summary>The operation has ended.</summary>
    internal void End() => IsUnderWay = false;

    /// <summary>A boundary: another task may run now.</summary>
    /// <param name="did">What Linux has done since the last one, for people.</param>
    internal void Step(string did) => Pass(did);

    /// <summary>Takes a lock, for which it may have to wait; the boundary before it is one where others may take it first.</summary>
    internal HeldLock Take(LockKind kind, object of, bool write)
    {
        foreach (TaskLock one in held)
        {
            if (one.Kind == kind && one.Of == of)
                throw new LockBug($"task {Letter} takes a lock that it holds: {kind} of", of, LockBug.Fault.Twice);

            if (one.Kind > kind)
                throw new LockBug($"task {Letter} holds {one.Kind} of {one.Of}, and takes {kind} of", of, LockBug.Fault.Order);
        }

        Pass("");
        Wait(kind, of, write ? LockWish.Write : LockWish.Read);
        return Taken(block.LockOf(kind, of), write);
    }

    /// <summary>Takes a lock if nobody holds it.</summary>
    internal bool TryTake(LockKind kind, object of, out HeldLock taken)
    {
        TaskLock one = block.LockOf(kind, of);
        bool takes = one.MayTake(LockWish.Write);
        taken = takes ? Taken(one, write: true) : default;
        return takes;
    }

    /// <summary>Waits until nobody holds a lock.</summary>
    internal void Await(LockKind kind, object of)
    {
        Pass("");
        Wait(kind, of, LockWish.Unlocked);
        block.Forget(block.LockOf(kind, of));
    }

    internal bool IsLocked(LockKind kind, object of) => block.IsLocked(kind, of);

    internal void Drop(LockKind kind, object of)
    {
        if (held.Find(one => one.Kind == kind && one.Of == of) is { } taken)
            Drop(taken);
    }

    internal void Drop(TaskLock taken)
    {
        if (held.Remove(taken))
        {
            taken.Drop(this);
            block.Forget(taken);
        }
    }

    internal void Begins(Page page) => block.WalkBegins(this, page);

    internal void Visits(Page page, VmArea vma, VirtualPage address) => block.WalkVisits(this, page, vma, address);

    internal void Ends(Page page, bool toEnd) => block.WalkEnds(this, page, toEnd);

    internal void Refer(object to) => references.Add(to);

    internal void Unrefer(object to) => references.Remove(to);

    /// <summary>How many references it holds on something.</summary>
    internal int ReferencesTo(object of)
    {
        int count = 0;
        foreach (object one in references)
            count += one == of ? 1 : 0;

        return count;
    }

    private void Wait(LockKind kind, object of, LockWish wish)
    {
        TaskLock wanted = block.LockOf(kind, of);
        while (!wanted.MayTake(wish))
        {
            WaitsFor = (wanted, wish);
            Pass("waits");
            wanted = block.LockOf(kind, of);
        }

        WaitsFor = null;
    }

    private HeldLock Taken(TaskLock one, bool write)
    {
        one.Take(this, write);
        held.Add(one);
        return new HeldLock(this, one);
    }

    private void Pass(string did)
    {
        Steps++;
        block.Pass(this, did);
    }
}

/// <summary>What a task asks of the block that it belongs to.</summary>
internal interface IBaton
{
    /// <summary>A boundary: gives the baton away, if it is another's turn, and comes back when it is here again.</summary>
    void Pass(BlockTask task, string did);

    /// <summary>Whether no operation of another task is under way, or none that a certain process does.</summary>
    bool IsQuietBut(BlockTask task, object? subject);

    /// <summary>The lock, which is made if nobody holds it.</summary>
    TaskLock LockOf(LockKind kind, object of);

    /// <summary>Whether somebody holds it.</summary>
    bool IsLocked(LockKind kind, object of);

    /// <summary>Lets go of a lock that nobody holds or waits for.</summary>
    void Forget(TaskLock one);

    /// <summary>A walk begins.</summary>
    void WalkBegins(BlockTask task, Page page);

    /// <summary>It comes to a place.</summary>
    void WalkVisits(BlockTask task, Page page, VmArea vma, VirtualPage address);

    /// <summary>It is over.</summary>
    void WalkEnds(BlockTask task, Page page, bool toEnd);
}

/// <summary>A lock that some task of a block holds or waits for. One that nobody does is not there.</summary>
/// <param name="kind">What kind.</param>
/// <param name="of">What it belongs to: an mm, a page, the root of a fork tree, a file, a slot.</param>
public sealed class TaskLock(LockKind kind, object of)
{
    private readonly List<BlockTask> readers = [];

    /// <summary>What kind.</summary>
    public LockKind Kind => kind;

    /// <summary>What it belongs to.</summary>
    public object Of => of;

    /// <summary>Who holds it for writing, or null.</summary>
    public BlockTask? Writer { get; private set; }

    /// <summary>Who holds it for reading.</summary>
    public IReadOnlyList<BlockTask> Readers => readers;

    internal bool IsHeld => Writer is not null || readers.Count > 0;

    internal bool MayTake(LockWish wish) => wish == LockWish.Read ? Writer is null : !IsHeld;

    internal void Take(BlockTask task, bool write)
    {
        if (write)
            Writer = task;
        else
            readers.Add(task);
    }

    internal void Drop(BlockTask task)
    {
        if (Writer == task)
            Writer = null;
        else
            readers.Remove(task);
    }
}

/// <summary>What a task wants of a lock.</summary>
public enum LockWish
{
    /// <summary><c>down_read</c>.</summary>
    Read,

    /// <summary><c>down_write</c>, <c>folio_lock</c>.</summary>
    Write,

    /// <summary><c>folio_wait_locked</c>: that nobody holds it. It is not taken.</summary>
    Unlocked,
}

/// <summary>A lock that is held as long as this is in scope; nothing at rest.</summary>
internal readonly struct HeldLock(BlockTask? task, TaskLock? taken) : IDisposable
{
    /// <summary>Drops it, if it has not been dropped before.</summary>
    public void Dispose()
    {
        if (taken is not null)
            task!.Drop(taken);
    }
}
