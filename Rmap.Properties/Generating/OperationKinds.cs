namespace Rmap.Properties.Generating;

/// <summary>Which kind an operation is of.</summary>
internal static class OperationKinds
{
    internal static OperationKind Of(Operation operation) => operation switch
    {
        Operation.Mmap { File: not null } => OperationKind.MmapFile,
        Operation.Mmap { Shared: true } => OperationKind.MmapShared,
        Operation.Mmap => OperationKind.MmapAnonymous,
        Operation.Munmap => OperationKind.Munmap,
        Operation.Mprotect => OperationKind.Mprotect,
        Operation.Mremap => OperationKind.Mremap,
        Operation.Read => OperationKind.Read,
        Operation.Write => OperationKind.Write,
        Operation.Fork => OperationKind.Fork,
        Operation.CloneVm => OperationKind.CloneVm,
        Operation.Exec => OperationKind.Exec,
        Operation.Exit => OperationKind.Exit,
        Operation.Madvise { Advice: Advice.DontNeed or Advice.Free } => OperationKind.Discard,
        Operation.Madvise { Advice: Advice.Mergeable or Advice.Unmergeable } or Operation.MemoryMerge => OperationKind.KsmAdvice,
        Operation.Madvise { Advice: Advice.PopulateRead or Advice.PopulateWrite } => OperationKind.PopulateAdvice,
        Operation.Madvise { Advice: Advice.Cold or Advice.PageOut } => OperationKind.ReclaimAdvice,
        Operation.Madvise { Advice: Advice.Remove } => OperationKind.Truncate,
        Operation.Madvise or Operation.Mbind => OperationKind.ForkAdvice,
        Operation.KsmScan or Operation.KsmRun or Operation.KsmMaxSharing => OperationKind.KsmScan,
        Operation.Reclaim => OperationKind.Reclaim,
        Operation.Migrate => OperationKind.Migrate,
        Operation.Referenced => OperationKind.Referenced,
        Operation.SwapOffOn => OperationKind.SwapOffOn,
        Operation.Mlock or Operation.Munlock => OperationKind.Mlock,
        Operation.FileCreate => OperationKind.FileCreate,
        Operation.Truncate or Operation.Punch => OperationKind.Truncate,
        Operation.FileWrite or Operation.Fsync or Operation.Msync => OperationKind.FileWrite,
        Operation.FailNth or Operation.SwapFailRead => OperationKind.FailNth,
        Operation.UffdMove => OperationKind.UffdMove,
        Operation.Pin or Operation.Unpin or Operation.PinRead or Operation.PinWrite => OperationKind.Pin,
        Operation.Shmget or Operation.Shmat or Operation.Shmdt or Operation.Shmrm => OperationKind.SysV,
        _ => throw new InvalidOperationException($"{operation.GetType().Name} is of no kind."),
    };
}
