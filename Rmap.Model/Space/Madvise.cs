using Rmap.Model.Ksm;
using Rmap.Model.Memory;
using Rmap.Model.Sched;
using Rmap.Model.Walks;

namespace Rmap.Model.Space;

/// <summary>
/// <c>madvise</c> (<c>mm/madvise.c</c>, 6.18). Left out: MADV_WILLNEED, guard regions, huge pages themselves, memory
/// failure.
/// </summary>
internal static class Madvise
{
    internal static Outcome Execute(TaskStruct current, Operation.Madvise madvise)
    {
        (_, PageRange range, Advice advice) = madvise;
        bool isKnown = advice is not (Advice.HugePage or Advice.NoHugePage) || current.Rules.HasHugePages(current.Options);
        if (!isKnown || UnmappedArea.Wraps(range))
            return Errno.EINVAL;

        if (advice is Advice.PopulateRead or Advice.PopulateWrite)
            return Populate.Advised(current, range, write: advice == Advice.PopulateWrite);

        using HeldLock mmap = current.MmapRead();

        // madvise_walk_vmas: holes are passed over and reported at the end; an error of a VMA stops.
        Errno errno = current.Mm.ForEach(
            range, (current, advice), static (with, vma, part) => Behavior(with.current, vma, part, with.advice));
        return errno == Errno.None && current.Mm.HasHole(range) ? Errno.ENOMEM : errno;
    }

    /// <summary><c>madvise_vma_behavior</c>.</summary>
    private static Errno Behavior(TaskStruct current, VmArea vma, PageRange range, Advice advice) => advice switch
    {
        _ when !current.Rules.MayAdvise(vma, advice) => Errno.EPERM,
        Advice.DontNeed or Advice.Free or Advice.Cold or Advice.PageOut when vma.Has(VmFlags.Locked) => Errno.EINVAL,
        Advice.Free or Advice.WipeOnFork when !vma.IsAnonymous => Errno.EINVAL,
        Advice.DontNeed or Advice.DontNeedLocked => DontNeed(current, vma, range),
        Advice.Free => PageAdvice.Free(current, vma, range),
        Advice.Cold => PageAdvice.ColdOrPageOut(current, vma, range, pageOut: false),
        Advice.PageOut => PageAdvice.ColdOrPageOut(current, vma, range, pageOut: true),
        Advice.Remove => Remove(current, vma, range),
        Advice.DontFork => SetFlags(current, vma, range, vma.Flags | VmFlags.DontCopy),
        Advice.DoFork => SetFlags(current, vma, range, vma.Flags & ~VmFlags.DontCopy),
        Advice.WipeOnFork => SetFlags(current, vma, range, vma.Flags | VmFlags.WipeOnFork),
        Advice.KeepOnFork => SetFlags(current, vma, range, vma.Flags & ~VmFlags.WipeOnFork),
        Advice.DontDump => SetFlags(current, vma, range, vma.Flags | VmFlags.DontDump),
        Advice.DoDump => SetFlags(current, vma, range, vma.Flags & ~VmFlags.DontDump),
        Advice.HugePage => SetFlags(current, vma, range, (vma.Flags & ~VmFlags.NoHugePage) | VmFlags.HugePage),
        Advice.NoHugePage => SetFlags(current, vma, range, (vma.Flags & ~VmFlags.HugePage) | VmFlags.NoHugePage),
        Advice.Normal => SetFlags(current, vma, range, vma.Flags & ~(VmFlags.RandRead | VmFlags.SeqRead)),
        Advice.Random => SetFlags(current, vma, range, (vma.Flags & ~VmFlags.SeqRead) | VmFlags.RandRead),
        Advice.Sequential => SetFlags(current, vma, range, (vma.Flags & ~VmFlags.RandRead) | VmFlags.SeqRead),
        Advice.Mergeable => Mergeable(current, vma, range),
        Advice.Unmergeable => Unmergeable(current, vma, range),
        _ => Errno.EINVAL,
    };

    /// <summary><c>madvise_dontneed_single_vma</c>: page tables that lie in the range as a whole may go, too.</summary>
    private static Errno DontNeed(TaskStruct current, VmArea vma, PageRange range)
    {
        Zap.Range(current, vma, range, evenCows: true);
        if (current.Rules.DontNeedFreesTables(current.Options))
        {
            const long pages = PageTable.EntriesPerTable;
            vma.Mm.PageTable.Free(
                new VirtualPage((range.Start.Number + pages - 1) / pages * pages), new VirtualPage(range.End.Number / pages * pages));
        }

        return Errno.None;
    }

    /// <summary><c>madvise_remove</c>: punches a hole into the file, for every process.</summary>
    private static Errno Remove(TaskStruct current, VmArea vma, PageRange range)
    {
        if (vma.Has(VmFlags.Locked) || vma.File is null)
            return Errno.EINVAL;

        return current.Rules.MayRemoveThrough(vma)
            ? Truncation.Fallocate(current, vma.File.Mapping, vma.LinearPageIndex(range.Start), range.Pages)
            : Errno.EACCES;
    }

    /// <summary><c>ksm_madvise(MADV_MERGEABLE)</c>: shared mappings are passed over in silence.</summary>
    private static Errno Mergeable(TaskStruct current, VmArea vma, PageRange range)
    {
        if (vma.Has(VmFlags.Mergeable) || !vma.Flags.IsKsmCompatible())
            return Errno.None;

        return Ksmd.TryEnter(current, vma.Mm) ? SetFlags(current, vma, range, vma.Flags | VmFlags.Mergeable) : Errno.EAGAIN;
    }

    /// <summary><c>ksm_madvise(MADV_UNMERGEABLE)</c>: every process gets its own copy back.</summary>
    private static Errno Unmergeable(TaskStruct current, VmArea vma, PageRange range)
    {
        if (!vma.Has(VmFlags.Mergeable))
            return Errno.None;

        return Ksmd.Unmerge(current, vma, range)
            ? SetFlags(current, vma, range, current.Rules.FlagsAfterUnmergeable(vma))
            : Errno.EAGAIN;
    }

    /// <summary><c>madvise_update_vma</c>: ENOMEM is told as EAGAIN.</summary>
    private static Errno SetFlags(TaskStruct current, VmArea vma, PageRange range, VmFlags flags) =>
        flags == vma.Flags || VmaModify.Flags(current, vma, range, flags) is not null ? Errno.None : Errno.EAGAIN;
}
