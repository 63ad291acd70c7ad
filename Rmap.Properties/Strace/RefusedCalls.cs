namespace Rmap.Properties.Strace;

/// <summary>
/// Calls that Linux has refused: they are in the scenario, with their errno, where it follows from the memory that is known, from the
/// arguments, or from what was set before: seals, PR_SET_MDWE, RLIMIT_MEMLOCK. Other limits, permissions and descriptors are not known.
/// </summary>
internal static class RefusedCalls
{
    /// <summary>No process has as many pages: more are refused whatever is mapped.</summary>
    private const long TaskSize = 1L << 35;

    /// <summary>Carries out a call that was refused, if it is one that names a range.</summary>
    internal static bool Do(Import import, LogTask task, StraceCall call)
    {
        if (!MemoryCalls.Arguments.ContainsKey(call.Name))
            return false;

        string told = $"{call.Name} {(call.Errno.Length > 0 ? call.Errno : "without a result")}";
        if (!Enum.TryParse(call.Errno, out Errno errno) || errno is not (Errno.EINVAL or Errno.ENOMEM or Errno.EFAULT or Errno.EEXIST)
            && !IsForbidden(import, task, call, errno))
        {
            import.Leave(LeftOutReason.Failed, told);
            return true;
        }

        LeftOutReason? reason = call.Name switch
        {
            "mmap" => Mmap(import, task, call, errno),
            "mremap" => Mremap(import, task, call, errno),
            _ => OnRange(import, task, call, errno),
        };
        if (reason is { } because)
            import.Leave(because, told);

        return true;
    }

    /// <summary>Whether the errno follows from what the process has sealed, or what was set for it.</summary>
    private static bool IsForbidden(Import import, LogTask task, StraceCall call, Errno errno)
    {
        PageRange range = import.RangeOf(Argument.Range(call));
        bool locks = call.Name is "mlock" or "mlock2", isLimited = import.LimitOf(task) < long.MaxValue;
        bool isLocked = call.Name == "mmap" ? Argument.Has(call.Arguments[3], "MAP_LOCKED") || import.LocksAll(task)
            : import.HasAnywhere(task, range, VmFlags.Locked);
        return errno switch
        {
            Errno.EPERM when locks => import.LimitOf(task) == 0,
            Errno.EPERM when call.Name == "mmap" && isLocked && import.LimitOf(task) == 0 => true,
            Errno.EPERM when call.Name == "mremap" => import.HasAnywhere(task, range, VmFlags.Sealed)
                || import.HasAnywhere(
                    task, import.RangeOf(Argument.Range(call, LogRanges.MovesTo(call), call.Arguments[2])), VmFlags.Sealed),
            Errno.EPERM => import.HasAnywhere(task, range, VmFlags.Sealed),
            Errno.EACCES => import.MdweOf(task) != Mdwe.None && call.Name is "mmap" or "mprotect" or "pkey_mprotect"
                && Argument.Protection(call).HasFlag(Protection.Exec),
            Errno.EAGAIN => isLimited && isLocked && call.Name is "mmap" or "mremap",
            Errno.ENOMEM => isLimited && locks && import.IsMapped(task, range),
            _ => false,
        };
    }

    /// <summary>Why a refused call is left out; null if it is not.</summary>
    private static LeftOutReason? OnRange(Import import, LogTask task, StraceCall call, Errno errno)
    {
        (long start, long pages) = Argument.Range(call);
        PageRange range = import.RangeOf((start, pages));
        bool isArgument = call.Name == "munmap" && (pages == 0 || pages > TaskSize);
        if (MemoryCalls.Of(task.Id, call, range, out _) is not { } operation
            || (!Argument.IsAligned(call) && call.Name is not ("mlock" or "mlock2" or "munlock")))
        {
            return LeftOutReason.Failed;
        }

        if (operation is Operation.Madvise { Advice: Advice.HugePage or Advice.NoHugePage } && errno == Errno.EINVAL)
            return LeftOutReason.Failed;

        if (errno == Errno.EINVAL && !isArgument && (call.Name is not "madvise" || !import.IsMapped(task, range)))
            return call.Name == "madvise" ? LeftOutReason.UnknownMemory : LeftOutReason.Failed;

        // A hole is one for sure only if what lies before it is known.
        if (errno is Errno.ENOMEM or Errno.EFAULT && !IsForbidden(import, task, call, errno))
        {
            if (call.Name == "munmap" || import.IsMapped(task, range))
                return LeftOutReason.Failed;

            if (import.IsMappedAnywhere(task, range) && import.VmaAt(task, range.Start) is null)
                return LeftOutReason.UnknownMemory;
        }

        import.Add(operation, errno);
        return null;
    }

    private static LeftOutReason? Mmap(Import import, LogTask task, StraceCall call, Errno errno)
    {
        (long start, long pages) = Argument.Range(call);
        PageRange range = import.RangeOf((start, pages));
        string flags = call.Arguments[3];
        bool isThere = Argument.Has(flags, "MAP_FIXED_NOREPLACE");
        bool follows = errno switch
        {
            Errno.EINVAL => pages == 0,
            Errno.ENOMEM => pages > TaskSize,
            Errno.EPERM or Errno.EACCES or Errno.EAGAIN => true,
            _ => errno == Errno.EEXIST && isThere,
        };
        if (!follows || LogFiles.BackingOf(call) != Backing.Anonymous || Argument.Has(flags, "MAP_HUGETLB"))
            return LeftOutReason.Failed;

        if (errno == Errno.EEXIST && !import.IsMappedAnywhere(task, range))
            return LeftOutReason.UnknownMemory;

        import.Add(
            new Operation.Mmap(
                task.Id, range, Argument.Protection(call), Argument.Has(flags, "MAP_SHARED"), null, 0,
                isThere ? Placement.NoReplace : Argument.Has(flags, "MAP_FIXED") ? Placement.Fixed : Placement.Hint,
                Locked: Argument.Has(flags, "MAP_LOCKED")),
            errno);
        return null;
    }

    private static LeftOutReason? Mremap(Import import, LogTask task, StraceCall call, Errno errno)
    {
        PageRange old = import.RangeOf(Argument.Range(call));
        (long start, long pages) = Argument.Range(call, LogRanges.MovesTo(call), call.Arguments[2]);
        PageRange now = import.RangeOf((start, pages));
        MremapFlags flags = Argument.Moving(call.Arguments[3]);
        bool grows = pages > old.Pages && (flags & MremapFlags.MayMove) == 0 && now.Start == old.Start;
        if (!Argument.IsAligned(call) || (errno == Errno.ENOMEM && !grows))
            return LeftOutReason.Failed;

        bool isKnown = errno switch
        {
            Errno.EFAULT => !import.IsMapped(task, old),
            Errno.EPERM or Errno.EAGAIN => true,
            Errno.ENOMEM => import.IsMapped(task, old) && import.IsMappedAnywhere(task, new PageRange(old.End, now.End)),
            _ => pages == 0 || import.IsMapped(task, old),
        };
        if (!isKnown)
            return LeftOutReason.UnknownMemory;

        import.Add(new Operation.Mremap(task.Id, old, pages, (flags & MremapFlags.Fixed) != 0 ? now.Start : null, flags), errno);
        return null;
    }
}
