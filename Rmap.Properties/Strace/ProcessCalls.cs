namespace Rmap.Properties.Strace;

/// <summary>What the calls of a log that make, change and end processes mean.</summary>
internal static class ProcessCalls
{
    /// <summary>What a stack has at the start: 132 KiB.</summary>
    private const long StackPages = 33;

    /// <summary>
    /// The processes that the log finds. Where it begins in the middle, the others are threads of the first one, as those that strace -p
    /// attaches to; otherwise nothing is known of their memory.
    /// </summary>
    internal static void Find(Import import, StraceLog log, List<string> notes)
    {
        long[] found = [.. log.Found.Distinct()];
        if (log.BeginsInTheMiddle && log.Calls.Count > 0)
            notes.Add("the log begins in the middle: what was mapped before is not known");

        LogTask first = import.Tasks[found.FirstOrDefault()] = import.NewTask(new Space());
        foreach (long pid in found.Skip(1))
        {
            LogTask task = import.Tasks[pid] = import.NewTask(log.BeginsInTheMiddle ? first.Space : new Space());
            var number = Outcome.Of(task.Id.Number);
            if (log.BeginsInTheMiddle)
            {
                import.Add(new Operation.CloneVm(first.Id, task.Id), number);
                notes.Add(FormattableString.Invariant($"process {pid} is taken as a thread of {found[0]}: no call of the log has made it"));
            }
            else
            {
                import.Add(new Operation.Fork(first.Id, task.Id), number);
                notes.Add(FormattableString.Invariant(
                    $"no call of the log has made process {pid}, so its memory is not known: trace with -e trace=%memory,%process"));
            }
        }
    }

    /// <summary>Carries out a call, if it is one of these.</summary>
    internal static bool Do(Import import, LogTask task, StraceCall call)
    {
        if (call.Name == StraceCall.Ended)
            End(import, task, call);
        else if (call.Name is "execve" or "execveat" && call.Succeeded)
            Exec(import, task, call.Pid);
        else if (call.MakesProcess && call.Succeeded)
            Make(import, task, call);
        else if (call.MakesProcess)
            import.Leave(LeftOutReason.Failed, $"{call.Name} {call.Errno}".TrimEnd());
        else
            return call.Name is "execve" or "execveat";

        return true;
    }

    private static void Exec(Import import, LogTask task, long pid)
    {
        import.Add(new Operation.Exec(task.Id), Outcome.Ok);
        import.Tasks[pid] = task with { Space = new Space() };
        PageRange stack = PageRange.Of(new VirtualPage(import.Pages.End), StackPages);
        import.Add(new Operation.Mmap(task.Id, stack, Protection.Read | Protection.Write, Shared: false));
        import.Touch(task, stack.End - 1);
    }

    private static void Make(Import import, LogTask task, StraceCall call)
    {
        if (call.SharesMemory)
        {
            LogTask thread = import.Tasks[call.Child] = import.NewTask(task.Space);
            import.Add(new Operation.CloneVm(task.Id, thread.Id), Outcome.Of(thread.Id.Number));
            return;
        }

        LogTask child = import.Tasks[call.Child] = import.NewTask(new Space { Break = task.Space.Break });
        import.Add(new Operation.Fork(task.Id, child.Id), Outcome.Of(child.Id.Number));
        import.TouchWritable(child, vma => vma.Start);
        import.TouchWritable(task, vma => vma.End - 1);
    }

    private static void End(Import import, LogTask task, StraceCall call)
    {
        const string superseded = "+++ superseded by execve in pid ";
        import.Tasks.Remove(call.Pid);
        import.Add(new Operation.Exit(task.Id), Outcome.Ok);
        if (call.Result.StartsWith(superseded, StringComparison.Ordinal)
            && long.TryParse(call.Result[superseded.Length..].Split(' ')[0], out long other)
            && import.Tasks.Remove(other, out LogTask? executing))
        {
            import.Tasks[call.Pid] = executing;
        }
    }
}
