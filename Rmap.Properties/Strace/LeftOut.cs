namespace Rmap.Properties.Strace;

/// <summary>Why a call of a log is not in the scenario.</summary>
public enum LeftOutReason
{
    /// <summary>It acts on memory that no call of the log has mapped: the program itself, its loader, what was there before.</summary>
    UnknownMemory,

    /// <summary>It failed, for a reason that the model does not know: a limit, a permission, a descriptor.</summary>
    Failed,

    /// <summary>The model knows no such call, advice, or flag; with a flag, only that is left out.</summary>
    NotModelled,
}

/// <summary>Calls that are not in the scenario.</summary>
/// <param name="Reason">Why.</param>
/// <param name="What">The call, with what it was about.</param>
/// <param name="Count">How many.</param>
public sealed record LeftOut(LeftOutReason Reason, string What, int Count)
{
    /// <summary>All that is left out, in words.</summary>
    internal static string Tell(IReadOnlyList<LeftOut> all) => all.Count == 0 ? "nothing" : string.Join(
        "; ",
        all.GroupBy(each => each.Reason)
            .Select(each => $"{Words(each.Key)}: {string.Join(", ", each.Select(one => $"{one.Count} {one.What}"))}"));

    private static string Words(LeftOutReason reason) => reason switch
    {
        LeftOutReason.UnknownMemory => "on memory that is not known",
        LeftOutReason.Failed => "failed, for a reason that is not modelled",
        _ => "not modelled",
    };
}
