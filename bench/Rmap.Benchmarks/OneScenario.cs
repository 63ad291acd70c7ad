using BenchmarkDotNet.Attributes;
using Rmap.Properties.Generating;
using Rmap.Properties.Running;

namespace Rmap.Benchmarks;

/// <summary>What one scenario run allocates, checked as a test checks it (column Allocated). Goal: under 1 MB.</summary>
public class OneScenario
{
    private readonly Rules rules = new Linux618();
    private Scenario scenario = new([], MachineOptions.Default);

    [Params(50, 400)]
    public int Operations { get; set; }

    [GlobalSetup]
    public void Generate() =>
        scenario = GeneratedRun.Check(Profile.All[0], 1, rules, Limits.Default with { Operations = Operations }).Scenario;

    [Benchmark]
    public Failure? Run() => ScenarioRunner.FirstFailure(scenario, rules);
}
