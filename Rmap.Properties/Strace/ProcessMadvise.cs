using System.Text.RegularExpressions;

namespace Rmap.Properties.Strace;

/// <summary>
/// <c>process_madvise</c>: several ranges of a process at once, which a pidfd names: that of <c>pidfd_open</c>, or the caller's own
/// (PIDFD_SELF), or one of which strace tells the process.
/// </summary>
internal static partial class ProcessMadvise
{
    /// <summary>Carries it out, a madvise for each range; false if it is not modelled.</summary>
    internal static bool Do(Import import, StraceCall call)
    {
        if (!call.Succeeded || call.Arguments is not [var descriptor, _, _, var advice, ..] || Argument.Advice(advice) is not { } known
            || import.OfPidfd(call.Pid, descriptor) is not { } target)
        {
            return false;
        }

        PageRange[] ranges = [.. Ranges(call).Select(import.RangeOf)];
        if (ranges.Sum(range => range.Pages) * Argument.PageSize != call.Number || !ranges.All(range => import.IsMapped(target, range)))
            return false;

        foreach (PageRange range in ranges)
            import.Add(new Operation.Madvise(target.Id, range, known), Outcome.Ok);

        return true;
    }

    /// <summary>The ranges that it names, in pages.</summary>
    internal static IEnumerable<(long Start, long Pages)> Ranges(StraceCall call) =>
        call is not { Name: "process_madvise", Succeeded: true }
            ? []
            : Vector.Matches(call.Arguments.ElementAtOrDefault(1) ?? "").Select(
                each => Argument.Range(call, each.Groups[1].Value, each.Groups[2].Value));

    [GeneratedRegex(@"iov_base=(0x[0-9a-f]+|NULL), iov_len=(\d+)")]
    private static partial Regex Vector { get; }
}
