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
    /// <summary>What shrinking may cost: a run 1, more if it needs a new kernel afterwards, much more if it hangs.</summary>
    private const int Budget = 4_000;

    private const int CostOfBoot = 6, CostOfHang = 300;

    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private int spent;

    /// <summary>The minimal scenario with this disagreement, in a kernel that has done nothing else.</summary>
    internal static Verdict Shrink(KernelRunner runner, KernelProgram program, KernelCases cases, Verdict verdict)
    {
        int step = Math.Min(verdict.Step, verdict.Scenario.Steps.Length - 1);
        var disagreement = new Disagreement(runner, program, cases, verdict.Kind!);
        Verdict last = Verdict.Of(runner.RunAlone(Minimiser.Minimise(verdict.Scenario, step, disagreement)), [], cases.Rules);
        return last.Kind == verdict.Kind ? last : verdict;
    }

    public int? StepOf(Operation[] operations, MachineOptions options, int known)
    {
        var scenario = new Scenario([.. operations.Select(operation => new Step(operation))], options);
        bool isPossible = program.Adjust(options) == options && program.Refuses(scenario) is null;
        return spent < Budget && isPossible ? StepOf(runner.Run(scenario)) : null;
    }

    public Scenario? Draw(Profile profile, Limits limits, int draws)
    {
        foreach (KernelRun run in runner.Run(Cases(profile, limits, draws)))
        {
            if (StepOf(run) is { } step)
                return run.Scenario with { Steps = run.Scenario.Steps[..(step + 1)] };
        }

        return null;
    }

    private IEnumerable<Sequence> Cases(Profile profile, Limits limits, int draws)
    {
        for (ulong seed = 0; seed < (ulong)draws && spent < Budget; seed++)
            yield return cases.Draw(profile, seed, limits);
    }

    private int? StepOf(KernelRun run)
    {
        spent += run.Incident?.Trouble switch
        {
            null => 1,
            Trouble.Hang => CostOfHang,
            _ => CostOfBoot,
        };
        Verdict verdict = Verdict.Of(run, names, cases.Rules);
        return verdict.Kind == kind && verdict.Step >= 0 ? Math.Min(verdict.Step, run.Scenario.Steps.Length - 1) : null;
    }
}
