using System.Diagnostics.CodeAnalysis;

namespace Rmap.Properties.Strace;

/// <summary>
/// What a real program did to its memory, as a scenario. The calls expect what the kernel answered. docs/programs.md says how what a
/// log does not tell is filled in: execve's own mappings, and which pages were touched.
/// </summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="LeftOut">What is not in it, and why.</param>
/// <param name="Notes">What one should know of it: a sentence each, without a full stop.</param>
public sealed record StraceScenario(Scenario Scenario, IReadOnlyList<LeftOut> LeftOut, IReadOnlyList<string> Notes)
{
    /// <summary>Reads a log of <c>strace -f -y -e trace=%memory,%process</c>.</summary>
    /// <param name="text">The log.</param>
    /// <param name="name">The file's name, for the error.</param>
    /// <param name="scenario">The scenario, or null.</param>
    /// <param name="error">The first thing that is wrong, or null.</param>
    /// <param name="progress">Is told how many calls have been imported, of how many.</param>
    public static bool TryRead(
        string text, string name, [NotNullWhen(true)] out StraceScenario? scenario, [NotNullWhen(false)] out ScenarioError? error,
        Action<int, int>? progress = null)
    {
        scenario = null;
        if (!StraceLog.TryRead(text, name, out StraceLog? log, out error))
            return false;

        try
        {
            scenario = Of(log, progress);
            return true;
        }
        catch (UnexpectedArgumentException unexpected)
        {
            StraceCall call = unexpected.Call;
            string found = $"'{call.Name}({string.Join(", ", call.Arguments)}) = {call.Result}'";
            error = new ScenarioError(name, call.Line, call.Column, found, unexpected.Message);
            return false;
        }
    }

    private static StraceScenario Of(StraceLog log, Action<int, int>? progress)
    {
        List<string> notes = [.. log.Notes];
        var import = new Import(new PageMap(LogRanges.Of(log.Calls)), new LogFiles(log.Calls, notes))
        {
            HasLimits = log.Calls.Any(OtherCalls.IsRefusedByLimit),
        };
        foreach (Operation creation in import.Files.Creations)
            import.Add(creation, Outcome.Ok);

        ProcessCalls.Find(import, log, notes);
        for (int i = 0; i < log.Calls.Count; i++)
        {
            Do(import, log.Calls[i], notes);
            progress?.Invoke(i + 1, log.Calls.Count);
        }

        return new StraceScenario(new Scenario(import.Steps, new MachineOptions { FaultAround = 16 }), import.LeftOut, notes);
    }

    private static void Do(Import import, StraceCall call, List<string> notes)
    {
        if (!import.Tasks.TryGetValue(call.Pid, out LogTask? task))
        {
            if (MemoryCalls.Arguments.ContainsKey(call.Name))
                import.Leave(LeftOutReason.UnknownMemory, $"{call.Name} of a process that has ended");

            return;
        }

        if (ProcessCalls.Do(import, task, call) || SegmentCalls.Do(import, task, call, notes))
            return;

        if (call.Succeeded ? !MemoryCalls.Do(import, task, call) : !RefusedCalls.Do(import, task, call))
            OtherCalls.Do(import, task, call);
    }
}
