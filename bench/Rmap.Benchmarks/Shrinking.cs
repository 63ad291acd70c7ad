using BenchmarkDotNet.Attributes;
using Rmap.Properties.Generating;
using Rmap.Properties.Running;
using Rmap.Properties.Shrinking;

namespace Rmap.Benchmarks;

/// <summary>Shrinking a failure found after hundreds of operations to its minimal scenario. Goal: under a second.</summary>
public class Shrinking
{
    private const int Operations = 400;

    private readonly Rules rules = new ForkForgetsSwapEntries();
    private Scenario scenario = new([], MachineOptions.Default);
    private Failure failure = null!;

    [GlobalSetup]
    public void Find()
    {
        for (ulong seed = 1; failure is null; seed++)
        {
            (Scenario found, Failure? failed) =
                GeneratedRun.Check(Profile.Find("vma")!, seed, rules, Limits.Default with { Operations = Operations });
            if (failed is { Step: >= Operations * 9 / 10 })
            {
                (scenario, failure) = (found, failed);
            }
        }
    }

    [Benchmark]
    public Scenario Minimise() => Minimiser.Minimise(scenario, failure, rules).Scenario;

    /// <summary>A defect that only a fork after a reclaim shows.</summary>
    private sealed class ForkForgetsSwapEntries : Rules
    {
        public override string Name => "fork-forgets-swap-entries";

        public override bool ForkCountsSwapEntry(SwapSlot slot) => false;
    }
}
