namespace Rmap.Regressions.Kernel;

/// <summary>
/// What the recorded kernel's init program can be asked to do. All else is refused with a reason, and the generator leaves it out:
/// <list type="bullet">
/// <item>mappings at an address of the kernel's choice would lie outside the arena: mmap with a hint, mremap that may move without
/// saying where to;</item>
/// <item>clone(CLONE_VM) and execve: a process of the tree is its program, which an execve ends;</item>
/// <item>failing allocations: a kernel makes more of them than the model counts; a swap device that fails;</item>
/// <item>operations without a name in JSON, which the init program does not have, and words and settings that it does not know.</item>
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

    private static string? Reason(Operation operation) => OperationTable.Of(operation).Json is null ? Unknown : operation switch
    {
        Operation.Mmap { Placement: Placement.Hint } => Elsewhere,
        Operation.Mmap { Locked: true } or Operation.Madvise { Advice: > Advice.PopulateWrite } => Unknown,
        Operation.Shmat o => Limits.ReasonAgainst(o) ?? InArena(o.Page, LargestFile),
        Operation.Truncate o => Name(o.File, 'F') ?? Number(o.Pages),
        _ => Limits.ReasonAgainst(operation),
    };

    /// <summary>The limits of the init program for operands of each kind.</summary>
    private sealed class Limits : Operands
    {
        private string? reason;

        internal static string? ReasonAgainst(Operation operation)
        {
            var limits = new Limits();
            OperationTable.Through(operation, limits);
            return limits.reason;
        }

        internal override ProcessId Process(ProcessId process, string json) =>
            Check(process, process.Number is >= 0 and < Processes ? null : $"process numbers end at {Processes - 1}");

        internal override string Name(string name, string json) => Check(name, Vocabulary.Name(name, json == "seg" ? 'S' : 'F'));

        internal override VirtualPage Page(VirtualPage page, string json = "") => Check(page, InArena(page, 1));

        internal override VirtualPage To(VirtualPage page, long pages) => Check(page, InArena(page, pages));

        internal override PageRange Range(PageRange range, string start = "", string length = "") =>
            Check(range, InArena(range.Start, range.Pages));

        internal override long FilePage(long page) => Check(page, Vocabulary.Number(page));

        internal override PageRange FileRange(PageRange range) =>
            Check(range, Vocabulary.Number(range.Start.Number) ?? Vocabulary.Number(range.Pages));

        internal override long Pages(long pages) => Check(pages, Size(pages));

        internal override int Number(int number, string notation, string what) =>
            Check(number, number >= 0 ? null : "a setting is not negative");

        internal override int Passes(int passes) => Check(passes, passes is >= 0 and <= 1000 ? null : "that many passes take too long");

        internal override string? Backing(string? file) => file is null ? null : Name(file, "file");

        internal override long Offset(long pages) => Check(pages, Vocabulary.Number(pages));

        internal override (VirtualPage? Target, long NewLength, MremapFlags Flags) Move(Operation.Mremap mremap) =>
            Check(base.Move(mremap), Mremap(mremap));

        private T Check<T>(T operand, string? against)
        {
            reason ??= against;
            return operand;
        }
    }

    private static string? Mremap(Operation.Mremap mremap)
    {
        bool mayMove = (mremap.Flags & MremapFlags.MayMove) != 0, isFixed = (mremap.Flags & MremapFlags.Fixed) != 0;
        bool grows = mremap.NewLength > mremap.Range.Pages || (mremap.Flags & MremapFlags.DontUnmap) != 0;
        return mayMove && !isFixed && grows ? Elsewhere
            : isFixed && mremap.Target is null ? "MREMAP_FIXED needs a target"
            : InArena(mremap.Range.Start, mremap.NewLength)
                ?? (mremap.Target is { } target ? InArena(target, mremap.NewLength) : null);
    }

    private static string? InArena(VirtualPage start, long pages) =>
        start.Number >= 0 && pages >= 0 && pages <= Arena && start.Number + pages <= Arena ? null : Outside;

    private static string? Number(long pages) => pages is >= 0 and <= Arena ? null : "files end at page 4096";

    private static string? Size(long pages) => pages is >= 0 and <= LargestFile ? null : $"it may have {LargestFile} pages at most";

    private static string? Name(string name, char kind) =>
        name.Length is 2 or 3 && name[0] == kind && int.TryParse(name.AsSpan(1), out int number) && number is >= 0 and < Files
            ? null : $"names go from {kind}0 to {kind}{Files - 1}";
}
