namespace Rmap.Properties.Strace;

/// <summary>The ranges of memory that a log names, in pages, ends exclusive.</summary>
internal static class LogRanges
{
    /// <summary>
    /// A range that a call was refused for says nothing of the memory if it is larger than that of a process: 2^47 bytes.
    /// </summary>
    private const long MostRefused = 1L << 35;

    /// <summary>All of them.</summary>
    internal static IEnumerable<(long Start, long End)> Of(IReadOnlyList<StraceCall> calls) =>
        calls.SelectMany(Named).Concat(Heaps(calls)).Concat(Attached(calls))
            .Concat(calls.SelectMany(ProcessMadvise.Ranges).Select(range => (range.Start, range.Start + range.Pages)));

    private static IEnumerable<(long Start, long End)> Named(StraceCall call)
    {
        if (!MemoryCalls.Arguments.TryGetValue(call.Name, out int arguments))
            yield break;

        Argument.Demand(call, arguments);
        if (call is { Name: "mmap", Succeeded: true } && Argument.Number(call, call.Arguments[1], "a length") == 0)
            throw new UnexpectedArgumentException(call, "a length from 1 in the place of '0'");

        yield return Ends(call, Argument.Range(call));
        if (call.Name == "mremap")
            yield return Ends(call, Argument.Range(call, MovesTo(call), call.Arguments[2]));
    }

    /// <summary>Where mremap moves to, or was to move to; where it was if it does not say.</summary>
    internal static string MovesTo(StraceCall mremap) =>
        mremap.Succeeded ? mremap.Result : mremap.Arguments.Count > 4 ? mremap.Arguments[4] : mremap.Arguments[0];

    /// <summary>A page at least, so that a range without pages has a place of its own.</summary>
    private static (long Start, long End) Ends(StraceCall call, (long Start, long Pages) range) =>
        (range.Start, range.Start + (call.Succeeded || range.Pages <= MostRefused ? Math.Max(range.Pages, 1) : 1));

    /// <summary>The ranges by which heaps grow and shrink.</summary>
    private static IEnumerable<(long Start, long End)> Heaps(IReadOnlyList<StraceCall> calls)
    {
        var breaks = new Dictionary<long, long>();
        foreach (StraceCall call in calls.Where(call => call.Succeeded))
        {
            if (call.Name == "brk")
            {
                long end = Argument.Pages(0, Argument.Address(call));
                long old = breaks.GetValueOrDefault(call.Pid, end);
                yield return (Math.Min(old, end), Math.Max(old, end));
                breaks[call.Pid] = end;
            }
            else if (call.Name is "execve" or "execveat")
            {
                breaks.Remove(call.Pid);
            }
            else if (call.MakesProcess && breaks.TryGetValue(call.Pid, out long inherited))
            {
                breaks[call.Child] = inherited;
            }
        }
    }

    private static IEnumerable<(long Start, long End)> Attached(IReadOnlyList<StraceCall> calls)
    {
        var segments = new Segments();
        foreach (StraceCall call in calls.Where(SegmentCalls.IsOne))
        {
            SegmentCalls.Follow(segments, call);
            if (call.Name == "shmdt")
            {
                long page = (long)(Argument.Number(call, call.Arguments[0], "an address") / Argument.PageSize);
                yield return (page, page + 1);
            }

            if (call is { Name: "shmat", Succeeded: true })
            {
                long start = (long)Argument.Address(call) / Argument.PageSize;
                yield return (start, start + segments.Find(SegmentCalls.Id(call))!.Value.Pages);
            }
        }
    }
}
