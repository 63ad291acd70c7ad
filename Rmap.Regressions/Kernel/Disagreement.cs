using Rmap.Model;
using Rmap.Properties.Generating;
using Rmap.Properties.Shrinking;

namespace Rmap.Regressions.Kernel;

/// <summary>One kind of disagreement between a kernel and the model, which the minimiser looks for on that kernel.</summary>
/// <param name="runner">Runs scenarios on it.</param>
/// <param name="program">The kernel.</param>
/// <param name="cases">The generator.</param>
/// <param name="kind">The kind: see <see cref="Verdict.Kind"/>.</param>
internal sealed class Disagreement(KernelRunner runner, KernelProgram program, KernelCases cases, string kind) : IFault
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    public int? StepOf(Operation[] operations, MachineOptions options)
    {
        MachineOptions adjusted = program.Adjust(options);
        var scenario = new Scenario([.. operations.Select(operation => new Step(operation))], adjusted);
        return program.Refuses(scenario) is null ? StepOf(runner.Run(scenario)) : null;
    }

    public Scenario? Draw(Profile profile, Limits limits, int draws)
    {
        foreach (KernelRun run in runner.Run(Enumerable.Range(0, draws).Select(seed => cases.Draw(profile, (ulong)seed, limits))))
        {
            if (StepOf(run) is { } step)
            {
                return run.Scenario.With(run.Scenario.Steps[..(step + 1)]);
            }
        }

        return null;
    }

    private int? StepOf(KernelRun run)
    {
        Verdict verdict = Verdict.Of(run, names);
        return verdict.Kind == kind && verdict.Step >= 0 ? Math.Min(verdict.Step, run.Scenario.Steps.Length - 1) : null;
    }
}
