using Rmap.Model;
using Rmap.Regressions.Recordings;

namespace Rmap.Regressions.Kernel;

/// <summary>How a kernel and the model agree on a scenario.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Kernel">The kernel's version; null if it said none.</param>
/// <param name="Differences">The first difference of each kind of field, in order of the steps.</param>
/// <param name="Incident">What happened to the kernel, or null.</param>
internal sealed record Verdict(Scenario Scenario, string? Kernel, IReadOnlyList<Difference> Differences, Incident? Incident)
{
    internal bool Agrees => Differences.Count == 0 && Incident is null;

    /// <summary>What kind of disagreement it is: the first field that differs, or what happened to the kernel; null if they agree.</summary>
    internal string? Kind => Incident?.Title ?? (Differences.Count == 0 ? null : Differences[0].Kind.ToString());

    /// <summary>The operation at which they disagree; -1 is the start.</summary>
    internal int Step => Incident?.Step ?? Differences[0].Step;

    /// <summary>Compares what the kernel did with what the model does under the rules of that kernel's version.</summary>
    /// <param name="run">What the kernel did.</param>
    /// <param name="names">The names met so far in answers.</param>
    internal static Verdict Of(KernelRun run, HashSet<string> names)
    {
        if (run.Incident is not null)
        {
            return new Verdict(run.Scenario, null, [], run.Incident);
        }

        try
        {
            Recording recording = run.Read(names);
            return new Verdict(run.Scenario, recording.Kernel, Replay.Run(recording).Differences, null);
        }
        catch (RecordingFormatException malformed)
        {
            return new Verdict(run.Scenario, null, [], new Incident(Trouble.Garbage, FirstMalformed(run), malformed.Message));
        }
    }

    private static int FirstMalformed(KernelRun run)
    {
        for (int i = 1; i < run.Answers.Count; i++)
        {
            try
            {
                RecordingReader.ParseStep(run.Answers[i], []);
            }
            catch (RecordingFormatException)
            {
                return i - 1;
            }
        }

        return -1;
    }
}
