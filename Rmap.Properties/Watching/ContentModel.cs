namespace Rmap.Properties.Watching;

/// <summary>
/// A second, deliberately naive model: process by page, which value is there. It is told of each operation and what came of it, and
/// says which value or signal a load or a store must have. A fork copies the table; a shared mapping shows the object's page. It
/// knows nothing of page frames, AVs or copy on write, so it cannot share their bugs; of reclaim, swap and KSM only what they may do to
/// a content: that a read from swap can fail, and which copies Linux loses where a page was merged or is clean.
/// <para>Where Linux leaves open what a page holds, it holds a set: after MADV_FREE the old value or zero, and after a private page of a
/// file may have been copied ahead of its use (mlock, MADV_POPULATE_WRITE) that copy or the file's page.</para>
/// </summary>
/// <param name="options">The machine's settings; <see cref="MachineOptions.Default"/> if null.</param>
public sealed partial class ContentModel(MachineOptions? options = null)
{
    private readonly bool ksmUsesZeroPages = options is { KsmUseZeroPages: true };
    private readonly bool isUserModeLinux = options is { UserModeLinux: true };
    private readonly SortedList<int, ContentSpace> processes = new() { [0] = new ContentSpace() };
    private readonly Dictionary<string, ContentObject> objects = new(StringComparer.Ordinal);
    private readonly List<ContentObject> allObjects = [];
    private int attachments;
    private long operations;
    private long lastCleaning;
    private long lastScan;
    private long lastFork;
    private ValueSet freedAsKsm;

    /// <summary>What each process has, by its number.</summary>
    internal SortedList<int, ContentSpace> Processes => processes;

    /// <summary>What was once on lazyfree KSM pages.</summary>
    internal ValueSet FreedAsKsm => freedAsKsm;

    /// <summary>What lies behind a file or a segment, or null.</summary>
    internal ContentObject? Find(string name) => objects.GetValueOrDefault(name);

    /// <summary>Whether a copy may have become clean, merged or shared since it was stored.</summary>
    internal (bool Cleaned, bool Scanned, bool Forked) Since(in ContentCell cell) =>
        (cell.StoredBy < lastCleaning, cell.StoredBy < lastScan, cell.StoredBy < lastFork);

    /// <summary>Takes in one operation.</summary>
    /// <param name="operation">What was executed.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="outOfMemory">Whether an allocation failed meanwhile, so that it may have done a part of its work only.</param>
    /// <param name="unread">What a read from swap that failed meanwhile was to give; null if none failed.</param>
    /// <returns>A violation of <see cref="Invariants.Content"/> if a load or a store ended as it must not; else null.</returns>
    public Violation? Observe(Operation operation, Outcome outcome, bool outOfMemory = false, byte? unread = null)
    {
        operations++;
        if (unread is { } value)
            LoseUnread(value);

        if (MayClean(operation))
            lastCleaning = operations;

        if (operation is Operation.ByProcess byProcess)
        {
            return processes.GetValueOrDefault(byProcess.Process.Number) is { } space
                ? Observe(space, byProcess, outcome, outOfMemory)
                : null;
        }

        if (outcome.Succeeded)
            ObserveObject(operation);

        return null;
    }

    private Violation? Observe(ContentSpace space, Operation.ByProcess operation, Outcome outcome, bool outOfMemory)
    {
        switch (operation)
        {
            case Operation.Read read:
                return Load(space, read, outcome);
            case Operation.Write write:
                return Store(space, write, outcome);
            case Operation.Pin pin when outcome.Succeeded:
                Pin(space, pin);
                break;
            case Operation.Fork or Operation.CloneVm or Operation.Exec or Operation.Exit when outcome.Succeeded:
                ObserveLife(space, operation);
                break;
            case Operation.Fork when outOfMemory:
                // Pages that the child had by then were shared for a while, and may be copied at the next store.
                Forked(space);
                lastFork = operations;
                break;
            case Operation.Madvise madvise:
                Madvise(space, madvise, (outcome as Outcome.Failure)?.Errno ?? Errno.None);
                break;
            case Operation.Mprotect mprotect:
                Mprotect(space, mprotect, (outcome as Outcome.Failure)?.Errno ?? Errno.None);
                break;
            case Operation.Mlock mlock:
                MayCopyAhead(space, mlock.Range);
                break;
            case Operation.Mremap mremap when outcome is Outcome.Success success:
                Mremap(space, mremap, new VirtualPage(success.Value), outOfMemory);
                break;
            case Operation.Mremap mremap:
                FailedMremap(space, mremap, outcome);
                break;
            case Operation.UffdMove move:
                UffdMove(space, move, outcome);
                break;
            case Operation.Mmap or Operation.Munmap or Operation.Shmat or Operation.Shmdt when outcome is Outcome.Success success:
                ObserveMapping(space, operation, success.Value, outOfMemory);
                break;
            case Operation.Mmap mmap when outOfMemory:
                // What it was to replace may be gone.
                space.Change(mmap.Range, cell => cell with { IsVague = true });
                break;
            case Operation.Pin or Operation.Fork or Operation.CloneVm or Operation.Exec or Operation.Exit
                or Operation.Mmap or Operation.Munmap or Operation.Shmat or Operation.Shmdt:
                // They have failed, so nothing has changed.
                break;
            case Operation.Mbind or Operation.Munlock or Operation.Mincore or Operation.Msync or Operation.MemoryMerge
                or Operation.Reclaim or Operation.Migrate or Operation.Referenced or Operation.FailNth:
                // Nobody sees another value.
                break;
            default:
                throw new InvalidOperationException($"Nobody knows what {operation.GetType().Name} does to contents.");
        }

        return null;
    }

    private Violation? Load(ContentSpace space, Operation.Read read, Outcome outcome)
    {
        int index = space.Cells.IndexOfKey(read.Page.Number);
        if (index < 0)
            return Unmapped(space, read, outcome);

        ContentCell cell = space.Cells.GetValueAtIndex(index);
        bool isAllowed = cell.Protection != Protection.None;
        if (outcome is Outcome.Success { Value: >= 0 and <= 255 } success && (isAllowed || cell.IsVague))
        {
            byte value = (byte)success.Value;
            if (cell.Values.Contains(value))
            {
                space.Cells.SetValueAtIndex(index, Narrowed(cell, value));
                return null;
            }
        }

        // User-Mode Linux lets nobody read what may only be written, unless an entry is there already.
        bool isRefused = isUserModeLinux && cell.Protection == Protection.Write && IsSignal(outcome, Signal.SIGSEGV);
        return isRefused || IsExpected(cell, isAllowed, outcome)
            ? null
            : Wrong(read, outcome, Expected(cell, isAllowed, cell.Values.ToString()));
    }

    private Violation? Store(ContentSpace space, Operation.Write write, Outcome outcome)
    {
        int index = space.Cells.IndexOfKey(write.Page.Number);
        if (index < 0)
        {
            if (space.IsUnfollowed(write.Page))
                CloudObjects();

            return Unmapped(space, write, outcome);
        }

        ContentCell cell = space.Cells.GetValueAtIndex(index);
        bool isAllowed = (cell.Protection & Protection.Write) != 0;
        if (outcome.Succeeded && (isAllowed || cell.IsVague) && !cell.Values.IsEmpty)
        {
            ValueSet stored = ValueSet.Of(write.Value);
            if (cell.IsShared)
            {
                cell.Object![cell.Index] = stored;
            }
            else
            {
                cell.Held?.Store(stored);
                space.Cells.SetValueAtIndex(index, cell with
                {
                    Own = stored,
                    StoredBy = operations,
                    MayBeBare = false,
                    MayBeDropped = false,
                    MayBeUnread = false,
                });
            }

            return null;
        }

        return IsExpected(cell, isAllowed, outcome) ? null : Wrong(write, outcome, Expected(cell, isAllowed, "the store done"));
    }

    private static Violation? Unmapped(ContentSpace space, Operation.OnPage access, Outcome outcome) =>
        IsSignal(outcome, Signal.SIGSEGV) || space.IsUnfollowed(access.Page)
            ? null
            : Wrong(access, outcome, "SIGSEGV: nothing is mapped there");

    private static bool IsExpected(in ContentCell cell, bool isAllowed, Outcome outcome) =>
        ((!isAllowed || cell.IsVague) && IsSignal(outcome, Signal.SIGSEGV))
        || ((isAllowed || cell.IsVague) && (cell.MayBeBeyondEnd || cell.MayBeUnread) && IsSignal(outcome, Signal.SIGBUS));

    private static bool IsSignal(Outcome outcome, Signal signal) => outcome is Outcome.Killed killed && killed.Signal == signal;

    private static string Expected(in ContentCell cell, bool isAllowed, string done) =>
        !isAllowed ? "SIGSEGV: the protection forbids it"
        : !cell.MayBeBeyondEnd && !cell.MayBeUnread ? done
        : cell.Values.IsEmpty ? "SIGBUS: beyond the end of the file"
        : $"{done}, or SIGBUS";

    private static Violation Wrong(Operation.OnPage access, Outcome outcome, string expected)
    {
        string what = access is Operation.Write write ? $"stored {write.Value} to" : "read";
        return new(Invariants.Content, $"{access.Process} {what} page {access.Page}: {outcome}", $"{expected}");
    }

    /// <summary>What is known of a page once a load has returned this value.</summary>
    private static ContentCell Narrowed(ContentCell cell, byte value)
    {
        if (cell.IsShared)
        {
            cell.Object![cell.Index] = ValueSet.Of(value);
            return cell;
        }

        cell.MayBeUnread = false;
        bool isOwn = cell.Own.Contains(value);
        bool isBehind = cell.MayBeBare && cell.Behind.Contains(value);
        if (!isOwn)
            return cell.Bare();

        return cell with { Own = ValueSet.Of(value), MayBeBare = isBehind || (cell.MayBeBare && cell.MayBeDropped) };
    }
}
