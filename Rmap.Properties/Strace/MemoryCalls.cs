using System.Globalization;

namespace Rmap.Properties.Strace;

/// <summary>What the calls of a log that change an address space mean, where they have succeeded.</summary>
internal static class MemoryCalls
{
    /// <summary>Those that name a range, and how many arguments they have.</summary>
    internal static IReadOnlyDictionary<string, int> Arguments { get; } = new Dictionary<string, int>
    {
        ["mmap"] = 6,
        ["munmap"] = 2,
        ["mprotect"] = 3,
        ["pkey_mprotect"] = 4,
        ["mremap"] = 4,
        ["madvise"] = 3,
        ["mlock"] = 2,
        ["mlock2"] = 3,
        ["munlock"] = 2,
        ["msync"] = 3,
        ["mincore"] = 3,
        ["mseal"] = 3,
    };

    /// <summary>The flags of a mapping that are left out, though the mapping is not.</summary>
    private static readonly string[] FlagsOfMappings = ["MAP_GROWSDOWN", "MAP_DROPPABLE", "MAP_SYNC"];

    /// <summary>Carries out a call that has succeeded, if it is one of these.</summary>
    internal static bool Do(Import import, LogTask task, StraceCall call)
    {
        if (call.Name == "brk")
            Brk(import, task, call);
        else if (call.Name == "mmap")
            Mmap(import, task, call);
        else if (call.Name == "mremap")
            Mremap(import, task, call);
        else if (Arguments.ContainsKey(call.Name))
            OnRange(import, task, call);
        else
            return false;

        return true;
    }

    /// <summary>
    /// The operation that a call is which names a range and no more; null if the model has none, and then what is missing.
    /// </summary>
    internal static Operation? Of(ProcessId id, StraceCall call, PageRange range, out string missing)
    {
        string last = call.Arguments[^1];
        missing = call.Name is "munmap" or "mlock" or "munlock" or "mincore" ? call.Name : $"{call.Name} {last}";
        return call.Name switch
        {
            "munmap" => new Operation.Munmap(id, range),
            "pkey_mprotect" when Key(last) is { } key => new Operation.PkeyMprotect(id, range, Argument.Protection(call), key),
            "mprotect" or "pkey_mprotect" => new Operation.Mprotect(id, range, Argument.Protection(call)),
            "madvise" => Argument.Advice(last) is { } advice ? new Operation.Madvise(id, range, advice) : null,
            "mlock" => new Operation.Mlock(id, range),
            "mlock2" => new Operation.Mlock(id, range, last != "0"),
            "munlock" => new Operation.Munlock(id, range),
            "msync" => last == "MS_SYNC" ? new Operation.Msync(id, range) : null,
            "mincore" => new Operation.Mincore(id, range),
            "mseal" => call.Arguments[2] == "0" ? new Operation.Mseal(id, range) : null,
            _ => null,
        };
    }

    /// <summary>A key that Linux does not have for itself; null if there is none, or it is not known.</summary>
    private static int? Key(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int key) && key < 15
        ? key : null;

    private static void OnRange(Import import, LogTask task, StraceCall call)
    {
        PageRange range = import.RangeOf(Argument.Range(call));
        if (Of(task.Id, call, range, out string missing) is not { } operation)
        {
            import.Leave(LeftOutReason.NotModelled, missing);
            return;
        }

        // munmap takes what it finds.
        bool isKnown = call.Name == "munmap" ? import.IsMappedAnywhere(task, range) : import.IsMapped(task, range);
        if (!isKnown)
        {
            import.Leave(LeftOutReason.UnknownMemory, call.Name);
            return;
        }

        // How many pages are resident depends on which were touched.
        import.Add(operation, operation is Operation.Mincore ? null : Outcome.Ok);
        if (call is { Name: "pkey_mprotect", Arguments: [.., not "-1" and var named] } && Key(named) is null)
            import.Leave(LeftOutReason.NotModelled, "key of pkey_mprotect");

        if (operation is Operation.Mprotect or Operation.PkeyMprotect && Argument.Protection(call).HasFlag(Protection.Write))
            import.TouchEnds(task, range);
    }

    private static void Brk(Import import, LogTask task, StraceCall call)
    {
        long end = Argument.Pages(0, Argument.Address(call));
        long? old = task.Space.Break;
        task.Space.Break = end;
        if (old is null || end == old)
            return;

        PageRange changed = import.RangeOf((Math.Min(old.Value, end), Math.Abs(end - old.Value)));
        if (end < old)
        {
            import.Add(new Operation.Munmap(task.Id, changed), Outcome.Ok);
            return;
        }

        import.Add(new Operation.Mmap(task.Id, changed, Protection.Read | Protection.Write, Shared: false), Outcome.Of(changed.Start));
        import.TouchEnds(task, changed);
    }

    private static void Mmap(Import import, LogTask task, StraceCall call)
    {
        string flags = call.Arguments[3];
        Backing backing = LogFiles.BackingOf(call);
        if (Argument.Has(flags, "MAP_HUGETLB") || backing == Backing.Device)
        {
            import.Leave(
                LeftOutReason.NotModelled, backing == Backing.Device ? $"mmap of {LogFiles.PathOf(call)}" : "mmap MAP_HUGETLB");
            return;
        }

        PageRange range = import.RangeOf(Argument.Range(call));
        import.Add(
            new Operation.Mmap(
                task.Id, range, Argument.Protection(call), Argument.Has(flags, "MAP_SHARED"),
                backing == Backing.File ? import.Files.NameOf(call) : null, backing == Backing.File ? LogFiles.Offset(call) : 0,
                NoReserve: Argument.Has(flags, "MAP_NORESERVE"), Locked: Argument.Has(flags, "MAP_LOCKED")),
            Outcome.Of(range.Start));
        foreach (string flag in FlagsOfMappings.Where(flag => Argument.Has(flags, flag)))
            import.Leave(LeftOutReason.NotModelled, flag);

        import.TouchEnds(task, range);
    }

    private static void Mremap(Import import, LogTask task, StraceCall call)
    {
        PageRange old = import.RangeOf(Argument.Range(call));
        PageRange now = import.RangeOf(Argument.Range(call, call.Result, call.Arguments[2]));
        if (!import.IsMapped(task, old))
        {
            import.Leave(LeftOutReason.UnknownMemory, call.Name);
            return;
        }

        bool stays = old.Start == now.Start;
        MremapFlags flags = (stays ? MremapFlags.None : MremapFlags.MayMove | MremapFlags.Fixed)
            | (Argument.Moving(call.Arguments[3]) & MremapFlags.DontUnmap);
        import.Add(new Operation.Mremap(task.Id, old, now.Pages, stays ? null : now.Start, flags), Outcome.Of(now.Start));
        import.TouchEnds(task, now);
    }
}
