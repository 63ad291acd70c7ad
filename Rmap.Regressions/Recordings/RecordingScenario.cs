namespace Rmap.Regressions.Recordings;

/// <summary>A recording as a scenario that expects of each operation what the kernel answered: to read, to edit, to replay.</summary>
internal static class RecordingScenario
{
    public static Scenario Of(Recording recording) => new(
        [.. recording.Steps.Select(step => new Step(step.Operation, step.Result))], recording.Options,
        KernelRules.Of(recording.Kernel).Name);

    public static string Print(Recording recording) =>
        ScenarioText.Print(Of(recording), $"{recording.Name}, as recorded on {recording.Kernel}");
}
