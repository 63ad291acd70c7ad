using Rmap.Model.Ksm;
using Rmap.Model.Memory;

namespace Rmap.Model.Space;

/// <summary>
/// <c>mmap</c> (<c>do_mmap</c>, <c>__mmap_region</c>; <c>mm/mmap.c</c>, <c>mm/vma.c</c>, 6.18). Left out: RLIMIT_AS and RLIMIT_DATA,
/// MAP_POPULATE, growing stacks, <c>mmap_min_addr</c>, files that are not open for what is asked.
/// </summary>
internal static class Mmap
{
    internal static Outcome Execute(TaskStruct current, Operation.Mmap mmap)
    {
        AddressSpace? file = null;
        if (mmap.File is not null && (file = current.Machine.Files.Find(mmap.File)) is null)
            return Errno.EBADF;

        Errno errno = Check(current, mmap);
        if (errno != Errno.None || (errno = UnmappedArea.Place(current, mmap, out PageRange range)) != Errno.None)
            return errno;

        if (mmap.Locked && current.Process!.MemlockLimit == 0)
            return Errno.EPERM;

        if (!Mlock.IsWithinLimit(current, (mmap.Locked ? VmFlags.Locked : VmFlags.None) | current.Mm.DefFlags, range.Pages))
            return Errno.EAGAIN;

        if (file is not null && (mmap.FileOffset < 0 || mmap.FileOffset > AddressSpace.MostPages - mmap.Range.Pages))
            return Errno.EOVERFLOW;

        OpenFile? opened = file is null ? null : current.Process!.Open(file);
        errno = Map(current, range, Flags(mmap, opened, current.Rules), opened, opened is null ? null : mmap.FileOffset);
        return errno == Errno.None ? Outcome.Of(range.Start) : errno;
    }

    /// <summary><c>mmap_region</c>, and <c>mm_populate</c> behind it: whether what is locked is there, nobody is told.</summary>
    internal static Errno Map(TaskStruct current, PageRange range, VmFlags flags, OpenFile? file, long? fileOffset)
    {
        flags |= current.Mm.DefFlags;
        if (!current.Rules.MayHaveAccess(current.Mm.Mdwe, flags, flags))
            return Errno.EACCES;

        Errno errno = Region(current, range, flags, file, fileOffset);
        if (errno == Errno.None && (flags & VmFlags.Locked) != 0)
            Populate.Silently(current, range);

        return errno;
    }

    /// <summary><c>__mmap_region</c>: replaces what lies in the range, then merges or makes a VMA.</summary>
    /// <param name="current">The task.</param>
    /// <param name="range">Where.</param>
    /// <param name="flags">Flags of the new mapping.</param>
    /// <param name="file">What it maps; null for anonymous memory.</param>
    /// <param name="fileOffset">From which page of it.</param>
    /// <returns>
    /// ENOMEM if an allocation failed. What lay in the range may then be gone: it is taken down before the new VMA is allocated. EPERM if
    /// something sealed lies there.
    /// </returns>
    private static Errno Region(TaskStruct current, PageRange range, VmFlags flags, OpenFile? file, long? fileOffset)
    {
        Mm mm = current.Mm;
        Errno errno = Munmap.Gather(current, range, out int from, out int to);
        if (errno != Errno.None)
            return errno;

        Munmap.Complete(current, range, from, to);
        Rules rules = current.Rules;
        flags = rules.MergeAnyBeforeMerge ? KsmMergeAny.FlagsOfNew(current, mm, flags) : flags;
        bool isShared = (flags & VmFlags.Shared) != 0;
        long pageOffset = fileOffset ?? (isShared ? 0 : range.Start.Number);
        long anonPageOffset = rules.AnonPageOffsetOfNew(range, pageOffset);
        var vmg = new VmaMergeStruct(range, pageOffset, anonPageOffset, flags, file, Of: null);
        long locked = (flags & VmFlags.Locked) != 0 ? range.Pages : 0;
        if (VmaMerge.NewRange(current, vmg) is not null)
        {
            mm.LockedVm += locked;
            return Errno.None;
        }

        bool isObject = file is null && isShared;
        if (!VmaBounds.AllocateVma(current) || (isObject && current.ShouldFail()))
            return Errno.ENOMEM;

        if (isObject)
            file = new OpenFile(current.Machine.Files.AddSharedAnonymous(range.Pages));

        flags = rules.MergeAnyBeforeMerge ? flags : KsmMergeAny.FlagsOfNew(current, mm, flags);
        var vma = new VmArea(mm, range, pageOffset, flags, file, anonPageOffset: anonPageOffset);
        mm.Insert(vma);
        VmaBounds.Opened(vma);
        VmaBounds.LinkFile(current, vma);
        mm.LockedVm += locked;
        return Errno.None;
    }

    private static Errno Check(TaskStruct current, Operation.Mmap mmap)
    {
        if (mmap.Range.Pages <= 0)
            return Errno.EINVAL;

        if (mmap.File is not null && mmap.FileOffset > current.Options.PgoffLimit - mmap.Range.Pages)
            return Errno.EOVERFLOW;

        return current.Mm.Vmas.Count > current.Options.MaxMapCount ? Errno.ENOMEM : Errno.None;
    }

    private static VmFlags Flags(Operation.Mmap mmap, OpenFile? file, Rules rules)
    {
        VmFlags flags = mmap.Protection.ToFlags() | VmFlags.MayRead | VmFlags.MayWrite | VmFlags.MayExec;
        if (mmap.Shared)
        {
            flags |= VmFlags.Shared | VmFlags.MayShare;
            flags = file is null ? flags : rules.SharedFlagsForOpening(flags, file);
        }

        if (mmap.Locked)
            flags |= VmFlags.Locked;

        if (mmap.NoReserve)
            flags |= VmFlags.NoReserve;

        return IsAccountable(flags) ? flags | VmFlags.Account : flags;
    }

    /// <summary><c>accountable_mapping</c>: private, writable, and not MAP_NORESERVE.</summary>
    private static bool IsAccountable(VmFlags flags) =>
        (flags & (VmFlags.NoReserve | VmFlags.Shared | VmFlags.Write)) == VmFlags.Write;
}
