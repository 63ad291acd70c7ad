using Rmap.Model.Calls;
using Rmap.Model.Ksm;
using Rmap.Model.Memory;
using Rmap.Model.Rmap;
using Rmap.Model.Sched;
using Rmap.Model.Space;
using Rmap.Model.Walks;

namespace Rmap.Model;

/// <summary>Executes operations: the one place that knows all of them and all mechanisms.</summary>
public static class Execution
{
    /// <summary>
    /// Executes the operations of several tasks, step by step in turns. What an operation does is as it is at rest, but for what it meets
    /// of the others.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="block">What runs the tasks.</param>
    /// <param name="tasks">The operations of each task, which it does one after the other.</param>
    /// <param name="schedule">Who takes the next step.</param>
    /// <returns>The outcomes of each.</returns>
    public static Outcome[][] Together(
        this Machine machine, Interleaving block, IReadOnlyList<IReadOnlyList<Operation>> tasks, ISchedule schedule)
    {
        Outcome[][] outcomes = [.. tasks.Select(operations => new Outcome[operations.Count])];
        block.Run(
            [.. tasks.Select<IReadOnlyList<Operation>, Action<BlockTask>>((operations, number) => task =>
            {
                for (int i = 0; i < operations.Count; i++)
                {
                    ProcessId? subject = (operations[i] as Operation.ByProcess)?.Process;
                    task.Begin(subject, IsDivided(operations[i]), endsThreads: operations[i] is Operation.Exit);
                    outcomes[number][i] = IsDivided(operations[i]) ? machine.InTurns(operations[i], task) : machine.Execute(operations[i]);
                    task.End();
                }
            })],
            schedule);
        return outcomes;
    }

    /// <summary>One operation of a task. While it is under way its address space stays, whoever of its processes exits.</summary>
    private static Outcome InTurns(this Machine machine, Operation operation, BlockTask task)
    {
        if (!IsAnybodys(machine, operation, out Process? process))
            return Errno.ESRCH;

        var current = new TaskStruct(machine, process, task);
        Mm? mm = process?.Mm;
        mm?.Users += 1;
        if (mm is not null)
            current.Shows(mm);

        Outcome outcome = Carried(current, operation);
        if (mm is not null)
        {
            current.Hides(mm);
            Processes.Put(current, mm);
        }

        return outcome;
    }

    /// <summary>
    /// Whether an operation has boundaries, and takes its locks. All others are one step, which they take when no operation is under way.
    /// </summary>
    public static bool IsDivided(Operation operation) => operation switch
    {
        Operation.Madvise { Advice: Advice.DontNeed or Advice.DontNeedLocked or Advice.Free } => true,
        Operation.Read or Operation.Write or Operation.Munmap or Operation.Mprotect or Operation.Mremap or Operation.Fork => true,
        Operation.Exit or Operation.Reclaim or Operation.Migrate or Operation.Referenced or Operation.Pin => true,
        Operation.Unpin or Operation.PinRead or Operation.PinWrite => true,
        Operation.Truncate or Operation.Punch or Operation.FileWrite => true,
        _ => false,
    };

    /// <summary>
    /// Executes one operation, at once and wholly: what Linux does in several steps that others could see is one step here.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="operation">Any operation; whatever it names, it has an outcome.</param>
    public static Outcome Execute(this Machine machine, Operation operation)
    {
        return IsAnybodys(machine, operation, out Process? process)
            ? Carried(new TaskStruct(machine, process), operation)
            : Errno.ESRCH;
    }

    /// <summary>Whether the process that an operation is by is there, or it is by none.</summary>
    private static bool IsAnybodys(Machine machine, Operation operation, out Process? process)
    {
        process = operation is Operation.ByProcess byProcess ? machine.Find(byProcess.Process) : null;
        return process is not null || operation is not Operation.ByProcess;
    }

    private static Outcome Carried(TaskStruct current, Operation operation)
    {
        Outcome outcome = Dispatch(current, operation);
        if (outcome is Outcome.Killed { Signal: Signal.SIGKILL })
            KillAll(current.Machine, current.Mm);

        MlockBatch.Drain(current);
        return outcome;
    }

    /// <summary><c>__oom_kill_process</c>: all processes that share an mm go with it.</summary>
    private static void KillAll(Machine machine, Mm mm)
    {
        foreach (Process victim in machine.Processes.Where(process => process.Mm == mm).ToArray())
            machine.Execute(new Operation.Exit(victim.Id));
    }

    private static Outcome Dispatch(TaskStruct current, Operation operation) => operation switch
    {
        Operation.Read read => Access.Execute(current, read),
        Operation.Write write => Access.Execute(current, write),
        Operation.Mmap mmap => Mmap.Execute(current, mmap),
        Operation.Munmap munmap => Munmap.Execute(current, munmap),
        Operation.Mprotect mprotect => Mprotect.Execute(current, mprotect),
        Operation.PkeyMprotect mprotect => Mprotect.Execute(current, mprotect),
        Operation.Mseal mseal => Mseal.Execute(current, mseal),
        Operation.Mremap mremap => Mremap.Execute(current, mremap),
        Operation.Madvise madvise => Madvise.Execute(current, madvise),
        Operation.Mbind mbind => Mbind.Execute(current, mbind),
        Operation.Mlock mlock => Mlock.Execute(current, mlock),
        Operation.Munlock munlock => Mlock.Execute(current, munlock),
        Operation.Mlockall mlockall => Mlock.Execute(current, mlockall),
        Operation.Munlockall munlockall => Mlock.Execute(current, munlockall),
        Operation.RlimitMemlock limit => Mlock.Execute(current, limit),
        Operation.SetMdwe set => Processes.Execute(current, set),
        Operation.Mincore mincore => Mincore.Execute(current, mincore),
        Operation.Msync msync => FileCalls.Execute(current, msync),
        Operation.Fork fork => Processes.Execute(current, fork),
        Operation.CloneVm clone => Processes.Execute(current, clone),
        Operation.Exec exec => Processes.Execute(current, exec),
        Operation.Exit exit => Processes.Execute(current, exit),
        Operation.FailNth failNth => Processes.Execute(current, failNth),
        Operation.MemoryMerge merge => KsmMergeAny.Execute(current, merge),
        Operation.Shmat shmat => SysV.Execute(current, shmat),
        Operation.Shmdt shmdt => SysV.Execute(current, shmdt),
        Operation.Reclaim reclaim => Reclaim.Execute(current, reclaim),
        Operation.Migrate migrate => Migration.Execute(current, migrate),
        Operation.Referenced referenced => PageReferenced.Execute(current, referenced),
        Operation.Pin pin => Gup.Execute(current, pin),
        Operation.UffdMove move => UffdMove.Execute(current, move),
        Operation.FileCreate create => FileCalls.Execute(current, create),
        Operation.Truncate truncate => FileCalls.Execute(current, truncate),
        Operation.Punch punch => FileCalls.Execute(current, punch),
        Operation.FileWrite write => FileCalls.Execute(current, write),
        Operation.Fsync fsync => FileCalls.Execute(current, fsync),
        Operation.Shmget shmget => SysV.Execute(current, shmget),
        Operation.Shmrm shmrm => SysV.Execute(current, shmrm),
        Operation.KsmScan scan => Ksmd.Execute(current, scan),
        Operation.KsmRun run => Ksmd.Execute(current, run),
        Operation.KsmMaxSharing sharing => Ksmd.Execute(current, sharing),
        Operation.Unpin unpin => Pins.Execute(current, unpin),
        Operation.PinRead read => Pins.Execute(current, read),
        Operation.PinWrite write => Pins.Execute(current, write),
        Operation.SwapOffOn off => SwapOff.Execute(current, off),
        Operation.SwapFailRead fail => SwapOff.Execute(current, fail),
        _ => throw new InvalidOperationException($"No mechanism executes {operation.GetType().Name}."),
    };
}
