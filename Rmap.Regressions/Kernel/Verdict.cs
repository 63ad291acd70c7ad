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
    /// <param name="rules">Other rules than those, or null.</param>
    internal static Verdict Of(KernelRun run, HashSet<string> names, Rules? rules = null)
    {
        if (run.Answers.Count == 0)
            return new Verdict(run.Scenario, null, [], run.Incident);

        var steps = new List<RecordedStep>(run.Answers.Count);
        Recording? recording = null;
        Incident? incident = run.Incident;
        try
        {
            recording = RecordingReader.ParseBeginning(run.Answers[0], names);
            incident = Mistaken(recording.Options, run.Scenario.Options) ?? incident;
            foreach ((byte[] answer, Step asked) in run.Answers.Skip(1).Zip(run.Scenario.Steps))
            {
                RecordedStep step = RecordingReader.ParseStep(answer, names);
                if (step.Operation != asked.Operation)
                {
                    incident = Mistaken(steps.Count, step.Operation, asked.Operation);
                    break;
                }

                steps.Add(step);
            }
        }
        catch (RecordingFormatException malformed)
        {
            incident = new Incident(Trouble.Garbage, recording is null ? -1 : steps.Count, malformed.Message);
        }

        return recording is null
            ? new Verdict(run.Scenario, null, [], incident)
            : new Verdict(run.Scenario, recording.Kernel, Replay.Run(recording with { Steps = steps }, rules).Differences, incident);
    }

    private static Incident Mistaken(int step, Operation answered, Operation asked) => new(
        Trouble.Garbage, step, $"It answers to '{ScenarioText.Print(answered)}', not to '{ScenarioText.Print(asked)}'.");

    private static Incident? Mistaken(MachineOptions taken, MachineOptions asked) => taken == asked ? null : new(
        Trouble.Garbage, -1, $"It runs with {taken}, not with {asked}. Build it again with build-kernel.sh.");
}
