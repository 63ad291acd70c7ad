using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Rmap.Properties.Running;

namespace Rmap.Regressions.Mutation;

/// <summary><c>mutants</c>: plants small mistakes in the model and looks whether the quick tests see them.</summary>
internal static class MutationCommand
{
    private static readonly string[] Whole = ["Rmap", "Walks"];

    private static string Rooms => string.Join(" and ", Whole);

    internal static Command Make()
    {
        var sample = new Option<int>("--sample") { Description = "How many mutants of the other rooms.", DefaultValueFactory = _ => 800 };
        var seed = new Option<int>("--seed") { Description = "The same seed takes the same mutants.", DefaultValueFactory = _ => 1 };
        var only = new Option<string>("--only") { Description = "Only files of the model that begin so, whole; the result is not kept." };
        var workers = new Option<int>("--workers")
        {
            Description = "How many at once.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var reach = new Option<string>("--reach") { Hidden = true };
        var work = new Option<string>("--work") { Hidden = true };
        var command = new Command(
            "mutants",
            "Plants small mistakes in the model of the commit that is checked out, and looks which of them the quick tests see: all in "
            + $"{Rooms}, of the others a sample. It can be interrupted, and goes on where it was.")
        {
            sample, seed, only, workers, reach, work,
        };
        command.SetAction(parsed =>
            parsed.GetValue(reach) is { } reachFile ? MutantWorker.Look(reachFile)
            : parsed.GetValue(work) is { } workFile ? MutantWorker.Work(workFile)
            : Measured(() => Measure(parsed.GetValue(sample), parsed.GetValue(seed), parsed.GetValue(only), parsed.GetValue(workers))));
        return command;
    }

    /// <summary>What hinders it is told in a line: no git, a commit that does not build, another run that measures the same.</summary>
    private static int Measured(Action measure)
    {
        try
        {
            measure();
            return 0;
        }
        catch (Exception hindered) when (hindered is InvalidOperationException or IOException)
        {
            Console.Error.WriteLine(hindered.Message);
            return 2;
        }
    }

    private static void Measure(int sample, int seed, string? only, int workers)
    {
        var run = new MutantRun(Checkout.PathOf(""));
        IReadOnlyList<Mutant> mutants = run.Prepare();
        List<int> chosen = Chosen(mutants, sample, seed, only);
        Console.WriteLine($"{run.Commit} has {mutants.Count} mutants, of which {chosen.Count} are measured");
        run.Measure(mutants, chosen, workers, (done, of) =>
        {
            if (done % 25 == 0 || done == of)
                Console.WriteLine($"{done} of {of}");
        });
        MutationResult result = MutationResult.Of(
            $"{DateTime.UtcNow:yyyy-MM-dd}\t{run.Commit}\t{Rooms} whole, of the others a sample of {sample} with seed {seed}",
            mutants, [.. chosen], run.Measured(), MutationResult.Kept());
        foreach (Survivor survivor in result.Survivors)
            Console.WriteLine($"{survivor}");

        Console.WriteLine($"{result.Killed} of {result.Measured} killed");
        if (only is null)
            result.Keep();
    }

    /// <summary>The mutants to measure, by number: a hash of where each stands says whether it is in the sample.</summary>
    private static List<int> Chosen(IReadOnlyList<Mutant> mutants, int sample, int seed, string? only)
    {
        IEnumerable<int> all = Enumerable.Range(0, mutants.Count);
        return only is not null
            ? [.. all.Where(number => mutants[number].File.StartsWith(only, StringComparison.Ordinal))]
            : [
                .. all.Where(number => Whole.Contains(mutants[number].Room)),
                .. all.Where(number => !Whole.Contains(mutants[number].Room))
                    .OrderBy(number => Hash($"{seed}\t{mutants[number].Key}"), StringComparer.Ordinal)
                    .Take(sample),
            ];
    }

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
