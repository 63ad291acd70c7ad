namespace Rmap.Properties.Strace;

/// <summary>What the calls of a log on System V segments mean.</summary>
internal static class SegmentCalls
{
    private static readonly Dictionary<string, int> Arguments = new() { ["shmget"] = 3, ["shmat"] = 3, ["shmdt"] = 1, ["shmctl"] = 3 };

    internal static bool IsOne(StraceCall call) => Arguments.ContainsKey(call.Name);

    /// <summary>Follows which segments there are.</summary>
    /// <returns>What makes or takes away one in the scenario, or null.</returns>
    internal static Operation? Follow(Segments segments, StraceCall call)
    {
        Argument.Demand(call, Arguments[call.Name]);
        if (!call.Succeeded)
            return null;

        if (call.Name == "shmctl" && Argument.Has(call.Arguments[1], "IPC_RMID") && segments.Find(Id(call)) is { } removed)
        {
            segments.Remove(Id(call));
            return new Operation.Shmrm(removed.Name);
        }

        // A segment that the log has not made is as long as one page, for nothing is known of it.
        long? pages = call.Name switch
        {
            "shmget" => Argument.Pages(0, Argument.Number(call, call.Arguments[1], "a length")),
            "shmat" => 1,
            _ => null,
        };
        return pages is { } length && segments.Make(Id(call), length) is { } name ? new Operation.Shmget(name, length) : null;
    }

    /// <summary>The identifier of the segment that a call makes or names.</summary>
    internal static int Id(StraceCall call)
    {
        string text = call.Name == "shmget" ? call.Result : call.Arguments[0];
        return Argument.Number(call, text, "the identifier of a segment") is <= int.MaxValue and var id
            ? (int)id
            : throw new UnexpectedArgumentException(call, $"the identifier of a segment, below 2^31, in the place of '{text}'");
    }

    /// <summary>Carries out a call, if it is one of these.</summary>
    internal static bool Do(Import import, LogTask task, StraceCall call, List<string> notes)
    {
        if (!IsOne(call))
            return false;

        if (!call.Succeeded)
        {
            Refuse(import, task, call);
            return true;
        }

        if (Follow(import.Segments, call) is { } change)
        {
            import.Add(change, Outcome.Ok);
            if (call.Name == "shmat")
                notes.Add($"how long segment {call.Arguments[0]} is stands not in the log: it counts as one page; trace shmget, too");
        }

        if (call.Name == "shmat")
        {
            VirtualPage at = import.Pages[(long)Argument.Address(call) / Argument.PageSize];
            (string name, long pages) = import.Segments.Find(Id(call))!.Value;
            import.Add(
                new Operation.Shmat(task.Id, name, at, Argument.Has(call.Arguments[2], "SHM_RDONLY")), Outcome.Of(at));
            import.TouchEnds(task, PageRange.Of(at, pages));
        }
        else if (call.Name == "shmdt")
        {
            Detach(import, task, call);
        }

        return true;
    }

    /// <summary>Where a segment is attached is known; which addresses are free, and how long others' segments are, is not.</summary>
    private static void Refuse(Import import, LogTask task, StraceCall call)
    {
        if (call is { Name: "shmdt", Errno: "EINVAL" } && Argument.IsAligned(call))
            import.Add(new Operation.Shmdt(task.Id, FirstPage(import, call)), Errno.EINVAL);
        else
            import.Leave(LeftOutReason.Failed, $"{call.Name} {call.Errno}".TrimEnd());
    }

    private static VirtualPage FirstPage(Import import, StraceCall shmdt) =>
        import.Pages[(long)(Argument.Number(shmdt, shmdt.Arguments[0], "an address") / Argument.PageSize)];

    private static void Detach(Import import, LogTask task, StraceCall call)
    {
        VirtualPage at = FirstPage(import, call);
        if (import.VmaAt(task, at)?.Start == at)
            import.Add(new Operation.Shmdt(task.Id, at), Outcome.Ok);
        else
            import.Leave(LeftOutReason.UnknownMemory, call.Name);
    }
}
