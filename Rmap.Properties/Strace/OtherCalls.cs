using System.Globalization;
using System.Text.RegularExpressions;

namespace Rmap.Properties.Strace;

/// <summary>
/// What is left of the calls of a log: settings of a whole process, advice on another one's memory, and what is known to be missing in the
/// model.
/// </summary>
internal static partial class OtherCalls
{
    /// <summary>Calls that change memory, or how it may be changed, of which the model has nothing.</summary>
    private static readonly string[] NotModelled =
    [
        "remap_file_pages", "process_mrelease", "mbind", "set_mempolicy",
        "set_mempolicy_home_node", "migrate_pages", "move_pages", "map_shadow_stack", "userfaultfd", "swapon", "swapoff",
        "modify_ldt", "uselib", "sbrk",
    ];

    private static readonly string[] PrctlsNotModelled = ["PR_SET_VMA", "PR_SET_THP_DISABLE", "PR_SET_MM"];

    /// <summary>Carries out a call, or tells that it is left out.</summary>
    internal static void Do(Import import, LogTask task, StraceCall call)
    {
        string name = call.Name;
        if (name == "pidfd_open" && call is { Succeeded: true, Arguments: [var opened, ..] } && long.TryParse(opened, out long pid))
            import.Pidfds[(call.Pid, call.Result.Split('<')[0])] = pid;

        string what = name == "prctl" && call.Arguments.Count > 0 ? Named(call.Arguments[0]) : "";
        bool isSetting = what is "PR_SET_MEMORY_MERGE" or "PR_SET_MDWE" || name is "mlockall" or "munlockall" or "process_madvise"
            || IsLimit(call);
        if (isSetting && Do(import, task, call, what))
            return;
        else if (!NotModelled.Contains(name) && !PrctlsNotModelled.Contains(what) && !isSetting)
            return;
        else if (call.Succeeded)
            import.Leave(LeftOutReason.NotModelled, $"{name} {what}".TrimEnd());
        else
            import.Leave(LeftOutReason.Failed, $"{name} {what}".TrimEnd() + $" {call.Errno}".TrimEnd());
    }

    /// <summary>Carries out what is modelled of these; false if this one is not.</summary>
    private static bool Do(Import import, LogTask task, StraceCall call, string what)
    {
        switch (what.Length > 0 ? what : call.Name)
        {
            case "PR_SET_MEMORY_MERGE" when call is { Succeeded: true, Arguments: [_, var on, ..] }:
                import.Add(new Operation.MemoryMerge(task.Id, Argument.Number(call, on, "a number") != 0), Outcome.Ok);
                return true;
            case "PR_SET_MDWE" when call is { Arguments: [_, var bits, ..] }:
                return Add(
                    new Operation.SetMdwe(task.Id, Argument.Has(bits, "NO_INHERIT") || bits == "0x3"),
                    call.Errno == "EPERM" && import.MdweOf(task) != Mdwe.None);
            case "mlockall" when call is { Arguments: [var flags, ..] }:
                bool isCurrent = Argument.Has(flags, "MCL_CURRENT"), isFuture = Argument.Has(flags, "MCL_FUTURE");
                return Add(
                    new Operation.Mlockall(task.Id, isCurrent, isFuture, Argument.Has(flags, "MCL_ONFAULT")),
                    (call.Errno == "EINVAL" && !isCurrent && !isFuture) || (call.Errno == "EPERM" && import.LimitOf(task) == 0));
            case "munlockall":
                return Add(new Operation.Munlockall(task.Id), follows: false);
            case "process_madvise":
                return ProcessMadvise.Do(import, call);
            default:
                return import.HasLimits && IsLimit(call) && Limit(call) is { } limit
                    && Add(new Operation.RlimitMemlock(task.Id, limit), follows: false);
        }

        bool Add(Operation operation, bool follows)
        {
            if (call.Succeeded)
                import.Add(operation, Outcome.Ok);
            else if (follows)
                import.Add(operation, Enum.Parse<Errno>(call.Errno));

            return call.Succeeded || follows;
        }
    }

    /// <summary>
    /// Whether a call of the log was refused because of RLIMIT_MEMLOCK, as far as one can see: otherwise it may be that of somebody whom it
    /// does not concern (CAP_IPC_LOCK).
    /// </summary>
    internal static bool IsRefusedByLimit(StraceCall call) => !call.Succeeded && call.Name switch
    {
        "mlock" or "mlock2" or "mlockall" => call.Errno is "ENOMEM" or "EPERM" or "EAGAIN",
        "mmap" or "mremap" => call.Errno == "EAGAIN",
        _ => false,
    };

    /// <summary>Whether a process sets its own RLIMIT_MEMLOCK.</summary>
    private static bool IsLimit(StraceCall call) => call switch
    {
        { Name: "setrlimit", Arguments: [var resource, ..] } => resource == "RLIMIT_MEMLOCK",
        { Name: "prlimit64", Arguments: ["0", "RLIMIT_MEMLOCK", var set, ..] } => set != "NULL",
        _ => false,
    };

    /// <summary>The limit in pages; null if it is not told.</summary>
    private static long? Limit(StraceCall call)
    {
        string set = call.Arguments[call.Name == "setrlimit" ? 1 : 2];
        Match found = SoftLimit.Match(set);
        return Argument.Has(set, "rlim_cur=RLIM") ? long.MaxValue
            : !call.Succeeded || !found.Success ? null
            : long.Parse(found.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
                * (found.Groups[2].Success ? 1024 : 1) / Argument.PageSize;
    }

    [GeneratedRegex(@"rlim_cur=(\d{1,15})(\*1024)?[,}]")]
    private static partial Regex SoftLimit { get; }

    /// <summary>What an older strace has no name for.</summary>
    private static string Named(string option) => option.Split(' ')[0] switch
    {
        "0x41" => "PR_SET_MDWE",
        "0x43" => "PR_SET_MEMORY_MERGE",
        var named => named,
    };
}
