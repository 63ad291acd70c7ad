namespace Rmap.Properties.Watching;

/// <summary>
/// A second, deliberately naive model: what calls have mapped where, and which byte each page of each process holds. It is told of each
/// operation and what came of it, and says which value or signal a load or a store must have. A fork copies all; a shared mapping
/// shows the object's page. It knows nothing of page frames, AVs or copy on write, so it cannot share their bugs.
/// <para>It looks at the machine only where Linux leaves open what an operation has done: how far a call came that failed on its way,
/// which pages mlock has copied ahead of a store, where an mmap without a fixed place has gone. Then it takes, page by page, what is there
/// if it is one of what may be; if it is none of these, something is wrong. Known faults of Linux are excused one by one, where they
/// occur: see <see cref="KnownFaults"/>.</para>
/// </summary>
/// <param name="machine">The machine that executes the operations.</param>
public sealed partial class ContentModel(Machine machine)
{
    private static readonly PageRange Everywhere = new(new(0), new(long.MaxValue));

    private readonly SortedList<int, ContentSpace> processes = new() { [0] = new ContentSpace() };
    private readonly Dictionary<string, ContentObject> objects = new(StringComparer.Ordinal);
    private readonly KnownFaults faults = new(machine);
    private readonly Dictionary<int, long> memlockLimits = [];
    private int attachments;
    private int vmasBefore;

    /// <summary>What each process has, by its number.</summary>
    internal SortedList<int, ContentSpace> Processes => processes;

    /// <summary>The faults of Linux that were met.</summary>
    internal KnownFaults Faults => faults;

    private IEnumerable<ContentSpace> Spaces => processes.Values.Distinct();

    /// <summary>What lies behind a file or a segment, or null.</summary>
    internal ContentObject? Find(string name) => objects.GetValueOrDefault(name);

    /// <summary>Looks at what an operation is about to meet.</summary>
    /// <param name="operation">The operation.</param>
    public void Before(Operation operation)
    {
        faults.Before(operation);
        vmasBefore = operation is Operation.ByProcess { Process: var id } && machine.Find(id) is { } process ? process.Mm.Vmas.Count : 0;
    }

    /// <summary>Takes in one operation.</summary>
    /// <param name="operation">What was executed.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="outOfMemory">Whether an allocation failed meanwhile, so that it may have done a part of its work only.</param>
    /// <param name="unread">What a read from swap that failed meanwhile was to give; null if none failed.</param>
    /// <returns>
    /// A violation of <see cref="Invariants.Content"/> if a load or a store ended as it must not, of <see cref="Invariants.Map"/> if
    /// something was mapped over what was there; else null.
    /// </returns>
    public Violation? Observe(Operation operation, Outcome outcome, bool outOfMemory = false, byte? unread = null)
    {
        if (unread is { } value)
            LoseUnread(value);

        Violation? violation = null;
        if (operation is not Operation.ByProcess byProcess)
        {
            violation = Refused(operation, outcome, outOfMemory);
            if (outcome.Succeeded)
                ObserveObject(operation);
        }
        else if (processes.TryGetValue(byProcess.Process.Number, out ContentSpace? space))
        {
            violation = Refused(byProcess, outcome, outOfMemory, space) ?? Observe(space, byProcess, outcome, outOfMemory);
        }

        foreach ((int process, VirtualPage page, KnownFault fault) in faults.After(operation))
            Excuse(processes[process], page, fault);

        return violation;
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
                return Pin(space, pin);
            case Operation.Fork or Operation.CloneVm or Operation.Exec or Operation.Exit when outcome.Succeeded:
                ObserveLife(space, operation);
                break;
            case Operation.Fork when outOfMemory:
                // Pages that the child had by then were shared for a while, and may be copied at the next store.
                Forked(space);
                break;
            case Operation.Madvise madvise:
                Madvise(space, madvise, outcome);
                break;
            case Operation.Mprotect mprotect:
                Mprotect(space, mprotect, mprotect.Protection, key: -1, outcome);
                break;
            case Operation.PkeyMprotect mprotect:
                Mprotect(space, mprotect, mprotect.Protection, mprotect.Key, outcome);
                break;
            case Operation.Mseal mseal when outcome.Succeeded || space.FirstHole(mseal.Range) == mseal.Range.End:
                Change(space, mseal.Range, outcome, area => area with { Flags = area.Flags | VmFlags.Sealed });
                break;
            case Operation.Mbind mbind:
                Change(space, mbind.Range, outcome, area => area with { Policy = mbind.Policy });
                break;
            case Operation.Mlock mlock:
                VmFlags locked = mlock.OnFault ? VmFlags.LockedMask : VmFlags.Locked;
                TakeCopies(space, mlock, mlock.Range);
                Change(space, mlock.Range, outcome, area => area with { Flags = (area.Flags & ~VmFlags.LockedMask) | locked });
                break;
            case Operation.Munlock munlock:
                Change(space, munlock.Range, outcome, area => area with { Flags = area.Flags & ~VmFlags.LockedMask });
                break;
            case Operation.Mlockall mlockall when outcome.Succeeded:
                VmFlags locks = mlockall.OnFault ? VmFlags.LockedMask : VmFlags.Locked;
                space.FutureLocks = mlockall.Future ? locks : VmFlags.None;
                if (mlockall.Current)
                    LockAll(space, mlockall, locks, outOfMemory);

                break;
            case Operation.Munlockall munlockall:
                space.FutureLocks = VmFlags.None;
                LockAll(space, munlockall, VmFlags.None, outOfMemory);
                break;
            case Operation.RlimitMemlock limit when outcome.Succeeded:
                memlockLimits[limit.Process.Number] = limit.Pages;
                break;
            case Operation.SetMdwe mdwe when outcome.Succeeded:
                space.Mdwe = mdwe.NoInherit ? Mdwe.NoInherit : Mdwe.RefuseExecGain;
                break;
            case Operation.MemoryMerge merge:
                MemoryMerge(space, merge, outcome);
                break;
            case Operation.Mremap mremap:
                return Mremap(space, mremap, outcome, outOfMemory);
            case Operation.UffdMove move:
                UffdMove(space, move, outcome);
                break;
            case Operation.Mmap mmap when outcome is Outcome.Success success:
                return Mmap(space, mmap, success.Value);
            case Operation.Mmap mmap when outOfMemory:
                // What it was to replace may be gone.
                InPart(space, other => other.Unmap(mmap.Range));
                break;
            case Operation.Shmat shmat when outcome is Outcome.Success success:
                return Shmat(space, shmat, success.Value);
            case Operation.Shmdt shmdt when outcome.Succeeded:
                Shmdt(space, shmdt.Page, outOfMemory);
                break;
            case Operation.Munmap munmap when outcome.Succeeded:
                space.Unmap(munmap.Range);
                break;
            case Operation.Pin or Operation.Fork or Operation.CloneVm or Operation.Exec or Operation.Exit
                or Operation.Mmap or Operation.Munmap or Operation.Shmat or Operation.Shmdt or Operation.Mseal or Operation.Mlockall
                or Operation.RlimitMemlock or Operation.SetMdwe:
                // They have failed, so nothing has changed.
                break;
            case Operation.Mincore or Operation.Msync or Operation.Reclaim or Operation.Migrate or Operation.Referenced
                or Operation.FailNth:
                // Nobody sees another value.
                break;
            default:
                throw new InvalidOperationException($"Nobody knows what {operation.GetType().Name} does to contents.");
        }

        return null;
    }

    private Mm MmOf(Operation.ByProcess operation) => machine.Find(operation.Process)!.Mm;

    /// <summary>A call that may have done a part of its work: each page is as it was, or as one of these would have made it.</summary>
    private static void InPart(ContentSpace space, params ReadOnlySpan<Action<ContentSpace>> works)
    {
        foreach (Action<ContentSpace> work in works)
        {
            ContentSpace other = space.Copy();
            work(other);
            space.Alternatives.Add(other);
        }
    }
}
