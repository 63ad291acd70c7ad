using Rmap.Model.Calls;
using Rmap.Model.Ksm;
using Rmap.Model.Memory;
using Rmap.Model.Space;
using Rmap.Model.Walks;

namespace Rmap.Model;

public sealed partial class Machine
{
    /// <summary>
    /// Executes one operation, at once and wholly: what Linux does in several steps that others could see is one step here.
    /// </summary>
    /// <param name="operation">Any operation; whatever it names, it has an outcome.</param>
    public Outcome Execute(Operation operation)
    {
        Outcome outcome = Dispatch(operation);
        MlockBatch.Drain();
        return outcome;
    }

    private Outcome Dispatch(Operation operation) => operation switch
    {
        Operation.ByProcess byProcess => Find(byProcess.Process) is { } process
            ? ExecuteAs(process, byProcess)
            : Outcome.From(Errno.ESRCH),
        Operation.FileCreate create => Files.Create(create),
        Operation.Truncate truncate => Files.Truncate(truncate),
        Operation.Punch punch => Files.Punch(punch),
        Operation.FileWrite write => Files.Write(write),
        Operation.Fsync fsync => Files.Fsync(fsync),
        Operation.Shmget shmget => Files.Shmget(shmget),
        Operation.Shmrm shmrm => Files.Shmrm(shmrm),
        Operation.KsmScan scan => Outcome.Of(Ksm.Scan(scan.Passes)),
        Operation.Unpin unpin => Pins.Unpin(unpin.Id),
        Operation.PinRead read => Pins.Read(read.Id),
        Operation.PinWrite write => Pins.Write(write.Id, write.Value),
        Operation.KsmRun run => Outcome.From(Ksm.SetRun(run.Run)),
        Operation.KsmMaxSharing sharing => Outcome.From(Ksm.SetMaxPageSharing(sharing.Items)),
        Operation.SwapOffOn => Outcome.From(SwapOff.Execute(this)),
        Operation.SwapFailRead => FailSwapRead(),
        _ => throw new InvalidOperationException($"No rule for {operation.GetType().Name}."),
    };

    /// <summary>Lets a process run: what it allocates counts for its <c>fail_nth</c>.</summary>
    private Outcome ExecuteAs(Process process, Operation.ByProcess operation)
    {
        Faults.FailNth = process.FailNth;
        Outcome outcome = Execute(process, operation);
        process.FailNth = Faults.FailNth;
        Faults.FailNth = 0;
        return outcome;
    }

    private Outcome Execute(Process process, Operation.ByProcess operation) => operation switch
    {
        Operation.Read read => Access.Read(process.Mm, read.Page),
        Operation.Write write => Access.Write(process.Mm, write.Page, write.Value),
        Operation.Mmap mmap => Mmap.Execute(process, mmap),
        Operation.Munmap munmap => Outcome.From(Munmap.Execute(process.Mm, munmap.Range)),
        Operation.Mprotect mprotect => Outcome.From(Mprotect.Execute(process.Mm, mprotect.Range, mprotect.Protection)),
        Operation.Mremap mremap => Mremap.Execute(process.Mm, mremap),
        Operation.Madvise madvise => Outcome.From(Madvise.Execute(process.Mm, madvise.Range, madvise.Advice)),
        Operation.MemoryMerge merge => Outcome.From(KsmMergeAny.Set(process.Mm, merge.On)),
        Operation.Mbind mbind => Outcome.From(Mbind.Execute(process.Mm, mbind.Range, mbind.Policy)),
        Operation.Mlock mlock => Outcome.From(Mlock.Lock(process.Mm, mlock.Range, mlock.OnFault)),
        Operation.Munlock munlock => Outcome.From(Mlock.Unlock(process.Mm, munlock.Range)),
        Operation.Msync msync => Outcome.From(FileTable.Msync(process.Mm, msync.Range)),
        Operation.Fork fork => Fork(process, fork.Child),
        Operation.CloneVm clone => CloneVm(process, clone.Child),
        Operation.Exec => Exec(process),
        Operation.Exit => Exit(process),
        Operation.Shmat shmat => Files.Shmat(process, shmat),
        Operation.Shmdt shmdt => Outcome.From(FileTable.Shmdt(process.Mm, shmdt.Page)),
        Operation.Reclaim reclaim => Reclaim.Execute(process.Mm, reclaim.Page),
        Operation.Migrate migrate => Migration.Execute(process.Mm, migrate.Page),
        Operation.Referenced referenced => PageReferenced.Execute(process.Mm, referenced.Page),
        Operation.Pin pin => Gup.Execute(process.Mm, pin),
        Operation.FailNth failNth => SetFailNth(failNth.Nth),
        Operation.UffdMove move => UffdMove.Execute(process.Mm, move),
        _ => throw new InvalidOperationException($"No rule for {operation.GetType().Name}."),
    };
}
