using Xunit.Abstractions;

namespace Rmap.Regressions.Recordings;

/// <summary>All invariants hold after every step of what real kernels were made to do.</summary>
public class RecordedInvariantTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_invariant_holds_after_every_step_of_every_recording()
    {
        IReadOnlyList<RecordingFile> files = RecordingFile.Chosen();
        var violations = new string?[files.Count];
        Parallel.For(0, files.Count, i => violations[i] = FirstViolation(files[i].Read()));
        foreach (string violation in violations.OfType<string>())
            output.WriteLine(violation);

        Assert.NotEmpty(files);
        Assert.DoesNotContain(violations, each => each is not null);
    }

    private static string? FirstViolation(Recording recording)
    {
        var machine = new Machine(KernelRules.Of(recording.Kernel), recording.Options);
        var checker = new InvariantChecker(machine);
        for (int step = 0; step < recording.Steps.Count; step++)
        {
            machine.Execute(recording.Steps[step].Operation);
            if (checker.FirstViolation() is { } violation)
                return $"{recording.Kernel} {recording.Name}, step {step}, {recording.Steps[step].Operation}: {violation}";
        }

        return null;
    }
}
