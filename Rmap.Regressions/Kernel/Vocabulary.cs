namespace Rmap.Regressions.Kernel;

/// <summary>
/// What the recorded kernel's init program can be asked to do. All else is refused with a reason, and the generator leaves it out:
/// <list type="bullet">
/// <item>mappings at an address of the kernel's choice would lie outside the arena: mmap with a hint, mremap that may move without
/// saying where to;</item>
/// <item>clone(CLONE_VM) and execve: a process of the tree is its program, which an execve ends;</item>
/// <item>failing allocations: a kernel makes more of them than the model counts; a swap device that fails;</item>
/// <item>operations and settings that the init program does not have: pins.</item>
/// </list>
/// </summary>
internal static class Vocabulary
{
    /// <summary>Pages of the arena.</summary>
    internal const long Arena = 4096;

    private const long LargestFile = 256;

    private const int Processes = 1024, Files = 64;

    private const string Outside = "it would reach outside the 4096 pages of the arena",
        Elsewhere = "the kernel would choose an address outside the arena", Unknown = "the kernel's init program does not know it";

    internal static string? Refuses(MachineOptions options) =>
        options with
        {
            SwapSync = false,
            FaultAround = 1,
            KsmMaxPageSharing = MachineOptions.Default.KsmMaxPageSharing,
            KsmUseZeroPages = false,
            MmapBase = MachineOptions.Default.MmapBase,
            UserModeLinux = false,
        } == MachineOptions.Default ? null : "it has a setting that the kernel's init program does not know";

    internal static string? Refuses(Operation operation) => Reason(operation) is { } reason
        ? $"The kernel cannot be asked for '{ScenarioText.Print(operation)}': {reason}."
        : null;

    private static string? Reason(Operation operation) =>
        operation is Operation.ByProcess by && !IsProcess(by.Process) ? $"process numbers end at {Processes - 1}" : operation switch
        {
            Operation.Mmap { Placement: Placement.Hint } => Elsewhere,
            Operation.Mmap o => InArena(o.Range) ?? (o.File is null ? null : Name(o.File, 'F')) ?? Number(o.FileOffset),
            Operation.Mremap o => Mremap(o),
            Operation.Munmap or Operation.Mprotect or Operation.Madvise or Operation.Mlock or Operation.Munlock or Operation.Msync =>
                InArena(((Operation.OnRange)operation).Range),
            Operation.Shmat o => Name(o.Segment, 'S') ?? InArena(o.Page, LargestFile),
            Operation.Read or Operation.Write or Operation.Shmdt or Operation.Reclaim or Operation.Migrate or Operation.Referenced =>
                InArena(((Operation.OnPage)operation).Page, 1),
            Operation.Fork o => IsProcess(o.Child) ? null : $"process numbers end at {Processes - 1}",
            Operation.UffdMove o => InArena(o.Source, o.Pages) ?? InArena(o.Destination, o.Pages),
            Operation.Exit or Operation.SwapOffOn or Operation.MemoryMerge => null,
            Operation.KsmRun o => o.Run >= 0 ? null : "a setting is not negative",
            Operation.KsmMaxSharing o => o.Items >= 0 ? null : "a setting is not negative",
            Operation.KsmScan o => o.Passes is >= 0 and <= 1000 ? null : "that many passes take too long",
            Operation.FileCreate o => Name(o.File, 'F') ?? Size(o.Pages),
            Operation.Truncate o => Name(o.File, 'F') ?? Number(o.Pages),
            Operation.Punch o => Name(o.File, 'F') ?? Number(o.Page) ?? Number(o.Length),
            Operation.FileWrite o => Name(o.File, 'F') ?? Number(o.Page),
            Operation.Fsync o => Name(o.File, 'F'),
            Operation.Shmget o => Name(o.Segment, 'S') ?? Size(o.Pages),
            Operation.Shmrm o => Name(o.Segment, 'S'),
            _ => Unknown,
        };

    private static string? Mremap(Operation.Mremap mremap)
    {
        bool mayMove = (mremap.Flags & MremapFlags.MayMove) != 0, isFixed = (mremap.Flags & MremapFlags.Fixed) != 0;
        bool grows = mremap.NewLength > mremap.Range.Pages || (mremap.Flags & MremapFlags.DontUnmap) != 0;
        return mayMove && !isFixed && grows ? Elsewhere
            : isFixed && mremap.Target is null ? "MREMAP_FIXED needs a target"
            : InArena(mremap.Range) ?? InArena(mremap.Range.Start, mremap.NewLength)
                ?? (mremap.Target is { } target ? InArena(target, mremap.NewLength) : null);
    }

    private static bool IsProcess(ProcessId process) => process.Number is >= 0 and < Processes;

    private static string? InArena(PageRange range) => InArena(range.Start, range.Pages);

    private static string? InArena(VirtualPage start, long pages) =>
        start.Number >= 0 && pages >= 0 && pages <= Arena && start.Number + pages <= Arena ? null : Outside;

    private static string? Number(long pages) => pages is >= 0 and <= Arena ? null : "files end at page 4096";

    private static string? Size(long pages) => pages is >= 0 and <= LargestFile ? null : $"it may have {LargestFile} pages at most";

    private static string? Name(string name, char kind) =>
        name.Length is 2 or 3 && name[0] == kind && int.TryParse(name.AsSpan(1), out int number) && number is >= 0 and < Files
            ? null : $"names go from {kind}0 to {kind}{Files - 1}";
}
