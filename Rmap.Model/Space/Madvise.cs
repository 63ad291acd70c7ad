using Rmap.Model.Calls;
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
    internal static Errno Execute(Mm mm, PageRange range, Advice advice)
    {
        if (UnmappedArea.Wraps(range))
        {
            return Errno.EINVAL;
        }

        if (range.Pages == 0)
        {
            return Errno.None;
        }

        return advice is Advice.PopulateRead or Advice.PopulateWrite
            ? Populate.Advised(mm, range, write: advice == Advice.PopulateWrite)
            : WalkVmas(mm, range, advice);
    }

    /// <summary><c>madvise_walk_vmas</c>: holes are passed over and reported at the end; an error of a VMA stops.</summary>
    private static Errno WalkVmas(Mm mm, PageRange range, Advice advice)
    {
        Errno unmapped = Errno.None;
        VirtualPage at = range.Start;
        while (at < range.End)
        {
            if (mm.Intersecting(new PageRange(at, range.End)) is not { } vma)
            {
                return Errno.ENOMEM;
            }

            if (vma.Start > at)
            {
                unmapped = Errno.ENOMEM;
                at = vma.Start;
            }

            var part = new PageRange(at, VirtualPage.Min(vma.End, range.End));
            Errno errno = Behavior(ref vma, part, advice);
            if (errno != Errno.None)
            {
                return errno;
            }

            at = VirtualPage.Max(part.End, vma.End);
        }

        return unmapped;
    }

    /// <summary><c>madvise_dontneed_single_vma</c>: page tables that lie in the range as a whole may go, too.</summary>
    private static void DontNeed(VmArea vma, PageRange range)
    {
        Zap.Range(vma, range, evenCows: true);
        if (vma.Mm.Machine.Rules.DontNeedFreesTables(vma.Mm.Machine.Options))
        {
            const long pages = PageTable.EntriesPerTable;
            vma.Mm.PageTable.Free(
                new VirtualPage((range.Start.Number + pages - 1) / pages * pages), new VirtualPage(range.End.Number / pages * pages));
        }
    }

    /// <summary><c>madvise_vma_behavior</c>.</summary>
    private static Errno Behavior(ref VmArea vma, PageRange range, Advice advice)
    {
        switch (advice)
        {
            case Advice.DontNeed or Advice.Free or Advice.Cold or Advice.PageOut when vma.Has(VmFlags.Locked):
            case Advice.Free when !vma.IsAnonymous:
                return Errno.EINVAL;
            case Advice.DontNeed:
                DontNeed(vma, range);
                return Errno.None;
            case Advice.Free:
                PageAdvice.Free(vma, range);
                return Errno.None;
            case Advice.Cold:
                PageAdvice.Cold(vma, range);
                return Errno.None;
            case Advice.PageOut:
                PageAdvice.PageOut(vma, range);
                return Errno.None;
            case Advice.Remove:
                return Remove(vma, range);
            case Advice.DontFork:
                return SetFlags(ref vma, range, vma.Flags | VmFlags.DontCopy);
            case Advice.DoFork:
                return SetFlags(ref vma, range, vma.Flags & ~VmFlags.DontCopy);
            case Advice.WipeOnFork:
                return vma.IsAnonymous ? SetFlags(ref vma, range, vma.Flags | VmFlags.WipeOnFork) : Errno.EINVAL;
            case Advice.KeepOnFork:
                return SetFlags(ref vma, range, vma.Flags & ~VmFlags.WipeOnFork);
            case Advice.Mergeable:
                return Mergeable(ref vma, range);
            case Advice.Unmergeable:
                return Unmergeable(ref vma, range);
            default:
                return Errno.EINVAL;
        }
    }

    /// <summary><c>madvise_remove</c>: punches a hole into the file, for every process.</summary>
    private static Errno Remove(VmArea vma, PageRange range)
    {
        if (vma.Has(VmFlags.Locked) || vma.File is null)
        {
            return Errno.EINVAL;
        }

        return vma.Mm.Machine.Rules.MayRemoveThrough(vma)
            ? FileTable.PunchRange(vma.File.Mapping, vma.LinearPageIndex(range.Start), range.Pages)
            : Errno.EACCES;
    }

    /// <summary><c>ksm_madvise(MADV_MERGEABLE)</c>: shared mappings are passed over in silence.</summary>
    private static Errno Mergeable(ref VmArea vma, PageRange range)
    {
        if (vma.Has(VmFlags.Mergeable) || !KsmMergeAny.IsCompatible(vma.Flags))
        {
            return Errno.None;
        }

        if (!vma.Mm.Machine.Ksm.TryEnter(vma.Mm))
        {
            return Errno.EAGAIN;
        }

        return SetFlags(ref vma, range, vma.Flags | VmFlags.Mergeable);
    }

    /// <summary><c>ksm_madvise(MADV_UNMERGEABLE)</c>: every process gets its own copy back.</summary>
    private static Errno Unmergeable(ref VmArea vma, PageRange range)
    {
        if (!vma.Has(VmFlags.Mergeable))
        {
            return Errno.None;
        }

        if (vma.AnonVma is not null && !vma.Mm.Machine.Ksm.Unmerge(vma, range))
        {
            return Errno.EAGAIN;
        }

        return SetFlags(ref vma, range, vma.Flags & ~VmFlags.Mergeable);
    }

    /// <summary><c>madvise_update_vma</c>: ENOMEM is told as EAGAIN.</summary>
    private static Errno SetFlags(ref VmArea vma, PageRange range, VmFlags flags)
    {
        if (flags == vma.Flags)
        {
            return Errno.None;
        }

        if (VmaModify.Flags(vma, range, flags, out _) is not { } modified)
        {
            return Errno.EAGAIN;
        }

        vma = modified;
        return Errno.None;
    }
}
