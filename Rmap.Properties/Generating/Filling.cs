using Rmap.Model.Space;

namespace Rmap.Properties.Generating;

/// <summary>
/// What an operation would fill with pages, so that none is drawn that fills too many: the zero page behind memory that is only read costs
/// no frame but its table's, and in a GiB of page tables are 134 million places. That takes long, and shows nothing else.
/// </summary>
internal static class Filling
{
    /// <summary>So many pages are filled at most.</summary>
    internal const int Much = 4096;

    /// <summary>Whether the operation would fill more.</summary>
    internal static bool IsTooMuch(Machine machine, Operation operation) =>
        operation is Operation.ByProcess by && machine.Find(by.Process)?.Mm is { } mm && Fills(machine, mm, operation) > Much;

    private static long Fills(Machine machine, Mm mm, Operation operation) => operation switch
    {
        Operation.Mmap mmap => Bounded(
            machine, Locks(mm.DefFlags | (mmap.Locked ? VmFlags.Locked : VmFlags.None)) ? mmap.Range.Pages : 0,
            isZero: mmap is { File: null, Shared: false } && (mmap.Protection & Protection.Write) == 0),
        Operation.Shmat shmat when Locks(mm.DefFlags) => Bounded(
            machine, machine.Files.FindSegment(shmat.Segment)?.Pages ?? 0, isZero: false),
        Operation.Mlock { OnFault: false } mlock => InVmas(machine, mm, mlock.Range),
        Operation.Mlockall { Current: true, OnFault: false } => InVmas(machine, mm, Everything),
        Operation.Madvise { Advice: Advice.PopulateRead or Advice.PopulateWrite } madvise => InVmas(machine, mm, madvise.Range),
        Operation.Mprotect or Operation.PkeyMprotect => InVmas(machine, mm, ((Operation.OnRange)operation).Range, VmFlags.Locked),
        Operation.Mremap mremap when mm.Lookup(mremap.Range.Start) is { } vma && Locks(vma.Flags) => Bounded(
            machine, mremap.NewLength - mremap.Range.Pages, IsZero(vma)),
        _ => 0,
    };

    private static PageRange Everything => new(default, new(UnmappedArea.TaskSize));

    /// <summary>What populating a range fills, of VMAs with these flags.</summary>
    private static long InVmas(Machine machine, Mm mm, PageRange range, VmFlags flags = VmFlags.None) =>
        UnmappedArea.Wraps(range) ? 0 : mm.Vmas.Where(vma => (vma.Flags & flags) == flags)
            .Sum(vma => Bounded(machine, vma.Range.Intersect(range).Pages, IsZero(vma)));

    /// <summary>It ends when memory is out.</summary>
    private static long Bounded(Machine machine, long pages, bool isZero) =>
        Math.Clamp(pages, 0, machine.Options.Frames * (isZero ? (long)PageTable.EntriesPerTable : 1));

    private static bool IsZero(VmArea vma) => vma.IsAnonymous && !vma.Has(VmFlags.Write);

    private static bool Locks(VmFlags flags) => (flags & VmFlags.LockedMask) == VmFlags.Locked;
}
