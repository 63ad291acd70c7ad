using Rmap.Model.Memory;
using Rmap.Model.Space;

namespace Rmap.Model.Calls;

/// <summary>SysV shared memory (<c>ipc/shm.c</c>, 6.18). Left out: permissions, limits, SHM_RND, SHM_REMAP, SHM_LOCK.</summary>
internal static class SysV
{
    private const VmFlags AttachedFlags =
        VmFlags.Read | VmFlags.Shared | VmFlags.MayShare | VmFlags.MayRead | VmFlags.MayWrite | VmFlags.MayExec;

    /// <summary><c>shmget</c> of a new segment. EEXIST if the name is taken, EINVAL for no pages or more than can be.</summary>
    internal static Outcome Execute(TaskStruct current, Operation.Shmget shmget)
    {
        if (current.Machine.Files.IsTaken(shmget.Segment))
            return Errno.EEXIST;

        if (shmget.Pages is <= 0 or > AddressSpace.MostPages)
            return Errno.EINVAL;

        current.Machine.Files.Add(shmget.Segment, FileKind.SysV, shmget.Pages);
        return Errno.None;
    }

    /// <summary>
    /// <c>shmctl(IPC_RMID)</c>: the segment goes, now or with its last detach. Until then it can still be attached. EINVAL without one.
    /// </summary>
    internal static Outcome Execute(TaskStruct current, Operation.Shmrm shmrm)
    {
        if (current.Machine.Files.FindSegment(shmrm.Segment) is not { } segment)
            return Errno.EINVAL;

        segment.IsDestroyed = true;
        Truncation.EvictIfUnused(current, segment);
        return Errno.None;
    }

    /// <summary>
    /// <c>do_shmat</c> at a given page: maps the whole segment there through an opening of its own, so that it merges with nothing.
    /// EINVAL without such a segment, or if something is mapped there; ENOMEM beyond the address space, with too many VMAs, or if an
    /// allocation fails; EAGAIN if it would be locked (MCL_FUTURE) and is too much.
    /// </summary>
    internal static Outcome Execute(TaskStruct current, Operation.Shmat shmat)
    {
        if (current.Machine.Files.FindSegment(shmat.Segment) is not { } segment)
            return Errno.EINVAL;

        PageRange range = PageRange.Of(shmat.Page, segment.Pages);
        if (UnmappedArea.Wraps(range) || current.Mm.Intersecting(range) is not null)
            return Errno.EINVAL;

        if (!UnmappedArea.IsInUserSpace(range) || current.Mm.Vmas.Count > current.Options.MaxMapCount)
            return Errno.ENOMEM;

        var file = new OpenFile(segment, shmat.ReadOnly);
        VmFlags flags = shmat.ReadOnly ? AttachedFlags : AttachedFlags | VmFlags.Write;
        if (!Mlock.IsWithinLimit(current, current.Mm.DefFlags, range.Pages))
            return Errno.EAGAIN;

        Errno errno = Mmap.Map(current, range, current.Rules.SharedFlagsForOpening(flags, file), file, fileOffset: 0);
        return errno == Errno.None ? Outcome.Of(shmat.Page) : errno;
    }

    /// <summary>
    /// <c>shmdt</c>: unmaps the attachment whose first page this is, in whatever pieces it lies. A piece belongs to it if it lies as
    /// far behind as its page offset says. EINVAL if there is none.
    /// </summary>
    internal static Outcome Execute(TaskStruct current, Operation.Shmdt shmdt)
    {
        (Mm mm, VirtualPage page) = (current.Mm, shmdt.Page);
        OpenFile? file = null;
        VirtualPage end = page;
        for (VirtualPage next = page; mm.First(next) is { } vma && (file is null || vma.End <= end);)
        {
            next = vma.End;
            if (vma.File is { Mapping.Kind: FileKind.SysV } opening
                && vma.Start - page == vma.PageOffset
                && (file is null || file == opening))
            {
                file = opening;
                end = page + opening.Mapping.Pages;
                Munmap.Execute(current, vma.Range);
            }
        }

        return file is null ? Errno.EINVAL : Errno.None;
    }
}
