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

    /// <summary>What kind of disagreement it is: the first field that differs, else what happened to the kernel, else null.</summary>
    internal string? Kind => Differences.Count > 0 ? Differences[0].Kind.ToString() : Incident?.Title;

    /// <summary>The operation at which they disagree: -1 is the start, the number of operations the time after them.</summary>
    internal int Step => Differences.Count > 0 ? Differences[0].Step : Incident!.Step;

    /// <summary>Compares what the kernel did with what the model does under the rules of that kernel's version.</summary>
    /// <param name="run">What the kernel did.</param>
    /// <param name="names">The names met so far in answers.</param>
    internal static Verdict Of(KernelRun run, HashSet<string> names)
    {
        if (run.Answers.Count == 0)
        {
            return new Verdict(run.Scenario, null, [], run.Incident);
        }

        var steps = new List<RecordedStep>(run.Answers.Count);
        Recording? recording = null;
        Incident? incident = run.Incident;
        try
        {
            recording = RecordingReader.ParseBeginning(run.Answers[0], names);
            if (recording.Options != run.Scenario.Options)
            {
                incident = new Incident(
                    Trouble.Garbage, -1,
                    $"It runs with {recording.Options}, not with {run.Scenario.Options}. Build it again with build-kernel.sh.");
            }

            foreach (byte[] answer in run.Answers.Skip(1))
            {
                steps.Add(RecordingReader.ParseStep(answer, names));
            }
        }
        catch (RecordingFormatException malformed)
        {
            incident = new Incident(Trouble.Garbage, recording is null ? -1 : steps.Count, malformed.Message);
        }

        return recording is null
            ? new Verdict(run.Scenario, null, [], incident)
            : new Verdict(run.Scenario, recording.Kernel, Replay.Run(recording with { Steps = steps }).Differences, incident);
    }
}
