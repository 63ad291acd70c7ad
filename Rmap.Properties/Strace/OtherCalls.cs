namespace Rmap.Properties.Strace;

/// <summary>What is left of the calls of a log: KSM for a whole process, and what is known to be missing in the model.</summary>
internal static class OtherCalls
{
    /// <summary>Calls that change memory, or how it may be changed, of which the model has nothing.</summary>
    private static readonly string[] NotModelled =
    [
        "mlockall", "munlockall", "remap_file_pages", "process_madvise", "process_mrelease", "mbind", "set_mempolicy",
        "set_mempolicy_home_node", "migrate_pages", "move_pages", "mseal", "map_shadow_stack", "userfaultfd", "swapon", "swapoff",
        "pkey_alloc", "pkey_free", "modify_ldt", "uselib", "sbrk",
    ];

    private static readonly string[] PrctlsNotModelled = ["PR_SET_MDWE", "PR_SET_VMA", "PR_SET_THP_DISABLE", "PR_SET_MM"];

    /// <summary>Carries out a call, or tells that it is left out.</summary>
    internal static void Do(Import import, LogTask task, StraceCall call)
    {
        string name = call.Name == "syscall_0x1ce" ? "mseal" : call.Name;
        string what = name == "prctl" && call.Arguments.Count > 0 ? Named(call.Arguments[0]) : "";
        if (what == "PR_SET_MEMORY_MERGE" && call is { Succeeded: true, Arguments: [_, var on, ..] })
            import.Add(new Operation.MemoryMerge(task.Id, Argument.Number(call, on, "a number") != 0), Outcome.Ok);
        else if (!NotModelled.Contains(name) && !PrctlsNotModelled.Contains(what) && what != "PR_SET_MEMORY_MERGE")
            return;
        else if (call.Succeeded)
            import.Leave(LeftOutReason.NotModelled, $"{name} {what}".TrimEnd());
        else
            import.Leave(LeftOutReason.Failed, $"{name} {what}".TrimEnd() + $" {call.Errno}".TrimEnd());
    }

    /// <summary>What an older strace has no name for.</summary>
    private static string Named(string option) => option.Split(' ')[0] switch
    {
        "0x41" => "PR_SET_MDWE",
        "0x43" => "PR_SET_MEMORY_MERGE",
        var named => named,
    };
}
