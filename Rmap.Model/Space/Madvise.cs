using Rmap.Model.Ksm;
using Rmap.Model.Memory;
using Rmap.Model.Walks;

namespace Rmap.Model.Space;

/// <summary>
/// <c>madvise</c> (<c>mm/madvise.c</c>, 6.18). Left out: the advice that only tells of the access pattern, guard regions, huge pages,
/// memory failure.
/// </summary>
internal static class Madvise
{
    internal static Outcome Execute(TaskStruct current, Operation.Madvise madvise)
    {
        (_, PageRange range, Advice advice) = madvise;
        if (UnmappedArea.Wraps(range))
            return Errno.EINVAL;

        if (range.Pages == 0)
            return Errno.None;

        return advice is Advice.PopulateRead or Advice.PopulateWrite
            ? Populate.Advised(current, current.Mm, range, write: advice == Advice.PopulateWrite)
            : WalkVmas(current, range, advice);
    }

    /// <summary><c>madvise_walk_vmas</c>: holes are passed over and reported at the end; an error of a VMA stops.</summary>
    private static Errno WalkVmas(TaskStruct current, PageRange range, Advice advice)
    {
        var walk = new VmaWalk(current.Mm, range);
        while (walk.Next(out VmArea? vma, out PageRange part))
        {
            Errno errno = Behavior(current, ref vma, part, advice);
            if (errno != Errno.None)
                return errno;

            walk.Skip(vma);
        }

        return walk.HasHole ? Errno.ENOMEM : Errno.None;
    }

    /// <summary><c>madvise_dontneed_single_vma</c>: page tables that lie in the range as a whole may go, too.</summary>
    private static void DontNeed(TaskStruct current, VmArea vma, PageRange range)
    {
        Zap.Range(current, vma, range, evenCows: true);
        if (current.Rules.DontNeedFreesTables(current.Options))
        {
            const long pages = PageTable.EntriesPerTable;
            vma.Mm.PageTable.Free(
                new VirtualPage((range.Start.Number + pages - 1) / pages * pages), new VirtualPage(range.End.Number / pages * pages));
        }
    }

    /// <summary><c>madvise_vma_behavior</c>.</summary>
    private static Errno Behavior(TaskStruct current, ref VmArea vma, PageRange range, Advice advice)
    {
        switch (advice)
        {
            case Advice.DontNeed or Advice.Free or Advice.Cold or Advice.PageOut when vma.Has(VmFlags.Locked):
            case Advice.Free when !vma.IsAnonymous:
                return Errno.EINVAL;
            case Advice.DontNeed:
                DontNeed(current, vma, range);
                return Errno.None;
            case Advice.Free:
                PageAdvice.Free(current, vma, range);
                return Errno.None;
            case Advice.Cold:
                PageAdvice.Cold(current, vma, range);
                return Errno.None;
            case Advice.PageOut:
                PageAdvice.PageOut(current, vma, range);
                return Errno.None;
            case Advice.Remove:
                return Remove(current, vma, range);
            case Advice.DontFork:
                return SetFlags(current, ref vma, range, vma.Flags | VmFlags.DontCopy);
            case Advice.DoFork:
                return SetFlags(current, ref vma, range, vma.Flags & ~VmFlags.DontCopy);
            case Advice.WipeOnFork:
                return vma.IsAnonymous ? SetFlags(current, ref vma, range, vma.Flags | VmFlags.WipeOnFork) : Errno.EINVAL;
            case Advice.KeepOnFork:
                return SetFlags(current, ref vma, range, vma.Flags & ~VmFlags.WipeOnFork);
            case Advice.Mergeable:
                return Mergeable(current, ref vma, range);
            case Advice.Unmergeable:
                return Unmergeable(current, ref vma, range);
            default:
                return Errno.EINVAL;
        }
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
    private static Errno Mergeable(TaskStruct current, ref VmArea vma, PageRange range)
    {
        if (vma.Has(VmFlags.Mergeable) || !vma.Flags.IsKsmCompatible())
            return Errno.None;

        if (!Ksmd.TryEnter(current, vma.Mm))
            return Errno.EAGAIN;

        return SetFlags(current, ref vma, range, vma.Flags | VmFlags.Mergeable);
    }

    /// <summary><c>ksm_madvise(MADV_UNMERGEABLE)</c>: every process gets its own copy back.</summary>
    private static Errno Unmergeable(TaskStruct current, ref VmArea vma, PageRange range)
    {
        if (!vma.Has(VmFlags.Mergeable))
            return Errno.None;

        if (vma.IsAnonPrepared && !Ksmd.Unmerge(current, vma, range))
            return Errno.EAGAIN;

        return SetFlags(current, ref vma, range, current.Rules.FlagsAfterUnmergeable(vma));
    }

    /// <summary><c>madvise_update_vma</c>: ENOMEM is told as EAGAIN.</summary>
    private static Errno SetFlags(TaskStruct current, ref VmArea vma, PageRange range, VmFlags flags)
    {
        if (flags == vma.Flags)
            return Errno.None;

        if (VmaModify.Flags(current, vma, range, flags, out _) is not { } modified)
            return Errno.EAGAIN;

        vma = modified;
        return Errno.None;
    }
}
