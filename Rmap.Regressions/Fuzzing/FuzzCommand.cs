using System.CommandLine;
using Rmap.Properties.Campaigns;
using Rmap.Properties.Reporting;
using Rmap.Regressions.Kernel;

namespace Rmap.Regressions.Fuzzing;

/// <summary><c>fuzz</c>: damaged scenarios, logs and recordings.</summary>
internal static class FuzzCommand
{
    internal static Command Make()
    {
        string[] names = [.. FuzzKind.All.Select(kind => kind.Name)];
        var inputs = new Option<long>("--inputs") { Description = "How many.", DefaultValueFactory = _ => 100_000 };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same inputs.", DefaultValueFactory = _ => 1 };
        var kinds = new Option<string[]>("--kind") { Description = $"Of {string.Join(", ", names)}; all by default." };
        kinds.AcceptOnlyFromAmong(names);
        var threads = new Option<int>("--threads") { Description = "How many.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var save = new Option<string>("--save")
        {
            Description = "The folder where inputs are saved for which something does not hold.",
            DefaultValueFactory = _ => "repros",
        };
        var command = new Command(
            "fuzz", "Damages scenarios, logs of strace and recordings, and sees that no input ends in an exception, takes for ever, or "
            + "breaks an invariant.") { inputs, seed, kinds, threads, save };
        command.SetAction(parsed => Run(
            new Fuzz(
                [.. FuzzKind.All.Where(kind => parsed.GetValue(kinds) is not { Length: > 0 } chosen || chosen.Contains(kind.Name))],
                parsed.GetValue(seed), parsed.GetValue(inputs)),
            Math.Clamp(parsed.GetValue(threads), 1, 1024), new ReproStore(parsed.GetRequiredValue(save))));
        return command;
    }

    private static int Run(Fuzz fuzz, int threads, ReproStore repros)
    {
        if (repros.Probe() is { } problem)
        {
            Console.Error.WriteLine(problem);
            return 2;
        }

        TimeSpan time = LongRun.Follow(
            stop => fuzz.Run(threads, stop),
            () => new CampaignProgress(fuzz.Tried, fuzz.Counts.Sum(each => each.Operations), fuzz.Failed));
        foreach (FuzzFinding finding in fuzz.Findings)
        {
            string? file = repros.Save($"fuzz-{finding.Kind.Name}-{finding.Index}.input", finding.Input);
            Console.WriteLine($"{finding.Kind.Name} {finding.Index}: {finding.Problem}\n  {file ?? $"not saved: {repros.Problem}"}");
        }

        foreach ((FuzzKind kind, FuzzCounts counts) in fuzz.Kinds.Zip(fuzz.Counts))
        {
            Console.WriteLine(
                $"{kind.Name,-10} {LongRun.Number(counts.Tried)} inputs, {LongRun.Number(counts.CarriedOut)} carried out with "
                + $"{LongRun.Number(counts.Operations)} operations, the others refused");
        }

        Console.WriteLine($"{LongRun.Number(fuzz.Tried)} inputs in {time.TotalSeconds:0} s; {LongRun.Number(fuzz.Failed)} did not hold");
        return fuzz.Failed == 0 ? 0 : 1;
    }
}
