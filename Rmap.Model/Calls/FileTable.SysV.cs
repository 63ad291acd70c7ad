using Rmap.Model.Space;

namespace Rmap.Model.Calls;

/// <content>SysV shared memory (<c>ipc/shm.c</c>, 6.18). Left out: permissions, limits, SHM_RND, SHM_REMAP, SHM_LOCK.</content>
public sealed partial class FileTable
{
    private const VmFlags AttachedFlags =
        VmFlags.Read | VmFlags.Shared | VmFlags.MayShare | VmFlags.MayRead | VmFlags.MayWrite | VmFlags.MayExec;

    /// <summary>The segment of this name, or null.</summary>
    public AddressSpace? FindSegment(string name) => all.Find(file => file.Kind == FileKind.SysV && file.Name == name);

    /// <summary><c>shmget</c> of a new segment.</summary>
    /// <param name="shmget">EEXIST if the name is taken, EINVAL for no pages or more than can be.</param>
    internal Outcome Shmget(Operation.Shmget shmget)
    {
        if (IsTaken(shmget.Segment))
        {
            return Outcome.From(Errno.EEXIST);
        }

        if (shmget.Pages is <= 0 or > AddressSpace.MostPages)
        {
            return Outcome.From(Errno.EINVAL);
        }

        Add(shmget.Segment, FileKind.SysV, shmget.Pages);
        return Outcome.Ok;
    }

    /// <summary><c>shmctl(IPC_RMID)</c>: the segment goes, now or with its last detach. Until then it can still be attached.</summary>
    /// <param name="shmrm">EINVAL without such a segment.</param>
    internal Outcome Shmrm(Operation.Shmrm shmrm)
    {
        if (FindSegment(shmrm.Segment) is not { } segment)
        {
            return Outcome.From(Errno.EINVAL);
        }

        segment.IsDestroyed = true;
        DestroyIfUnused(segment);
        return Outcome.Ok;
    }

    /// <summary>
    /// <c>do_shmat</c> at a given page: maps the whole segment there through an opening of its own, so that it merges with nothing.
    /// </summary>
    /// <param name="process">Who.</param>
    /// <param name="shmat">
    /// EINVAL without such a segment, or if something is mapped there; ENOMEM beyond the address space, with too many VMAs, or if an
    /// allocation fails.
    /// </param>
    internal Outcome Shmat(Process process, Operation.Shmat shmat)
    {
        if (FindSegment(shmat.Segment) is not { } segment)
        {
            return Outcome.From(Errno.EINVAL);
        }

        PageRange range = PageRange.Of(shmat.Page, segment.Pages);
        if (UnmappedArea.Wraps(range) || process.Mm.Intersecting(range) is not null)
        {
            return Outcome.From(Errno.EINVAL);
        }

        if (!UnmappedArea.IsInUserSpace(range) || process.Mm.Vmas.Count > machine.Options.MaxMapCount)
        {
            return Outcome.From(Errno.ENOMEM);
        }

        var file = new OpenFile(segment, shmat.ReadOnly);
        VmFlags flags = shmat.ReadOnly ? AttachedFlags : AttachedFlags | VmFlags.Write;
        return Mmap.Region(process.Mm, range, machine.Rules.SharedFlagsForOpening(flags, file), file, fileOffset: 0)
            ? Outcome.Of(shmat.Page)
            : Outcome.From(Errno.ENOMEM);
    }

    /// <summary>
    /// <c>shmdt</c>: unmaps the attachment whose first page this is, in whatever pieces it lies. A piece belongs to it if it lies as
    /// far behind as its page offset says. EINVAL if there is none.
    /// </summary>
    internal static Errno Shmdt(Mm mm, VirtualPage page)
    {
        OpenFile? file = null;
        VirtualPage end = page;
        for (VmArea? vma = mm.First(page); vma is not null && (file is null || vma.End <= end); vma = mm.First(vma.End))
        {
            if (vma.File is { Mapping.Kind: FileKind.SysV } opening
                && vma.Start - page == vma.PageOffset
                && (file is null || file == opening))
            {
                file = opening;
                end = page + opening.Mapping.Pages;
                Munmap.Execute(mm, vma.Range);
            }
        }

        return file is null ? Errno.EINVAL : Errno.None;
    }
}
