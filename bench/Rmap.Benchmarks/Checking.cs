using BenchmarkDotNet.Attributes;
using Rmap.Properties.Generating;
using Rmap.Properties.Running;

namespace Rmap.Benchmarks;

/// <summary>
/// The same with all invariants and the model of contents after every operation, as the properties and <c>verify</c> run it. Goal:
/// 150,000 operations a second and core.
/// </summary>
public class Checking : OfProfiles
{
    [Benchmark(OperationsPerInvoke = Cases.Operations)]
    public int GenerateExecuteAndCheck()
    {
        int steps = 0;
        for (int i = 0; i < Cases.Number; i++)
        {
            (Scenario scenario, Failure? failure) = GeneratedRun.Check(ProfileOf(i), Cases.SeedOf(i), Rules);
            steps += scenario.Steps.Length;
            if (failure is not null)
            {
                throw new InvalidOperationException($"A case of this benchmark fails, so it measures nothing: {failure.Violation}");
            }
        }

        return steps;
    }
}
