using BenchmarkDotNet.Attributes;
using Rmap.Properties.Generating;

namespace Rmap.Benchmarks;

/// <summary>
/// Choosing operations and executing them, nothing checked: cases of the default size, one operation counted. Goal: 1,000,000 operations
/// a second and core.
/// </summary>
public class Generating : OfProfiles
{
    [Benchmark(OperationsPerInvoke = Cases.Operations)]
    public int GenerateAndExecute()
    {
        int succeeded = 0;
        for (int i = 0; i < Cases.Number; i++)
        {
            var chooser = new OperationChooser(ProfileOf(i), Cases.SeedOf(i));
            var machine = new Machine(Rules, chooser.Options);
            for (int step = 0; step < Limits.Default.Operations; step++)
            {
                succeeded += machine.Execute(chooser.Next(machine)).Succeeded ? 1 : 0;
            }
        }

        return succeeded;
    }
}
