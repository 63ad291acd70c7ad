using System.Collections.Concurrent;
using System.CommandLine;
using Rmap.Properties.Defects;

namespace Rmap.Regressions.Defects;

/// <summary>What is known of defects because it was made beforehand: it takes minutes.</summary>
internal static class DefectCommands
{
    internal static Command Shortest()
    {
        Argument<string[]> names = Names();
        Option<int> workers = Workers();
        var states = new Option<int>("--states")
        {
            Description = "How many states to look at with an alphabet before longer scenarios are left out.",
            DefaultValueFactory = _ => Defects.Shortest.States,
        };
        var command = new Command("shortest", "Explores defects and keeps the shortest scenarios, in Defects/Shortest.")
        {
            names, states, workers,
        };
        command.SetAction(result =>
        {
            InParallel(
                result.GetValue(names), result.GetValue(workers),
                defect => Console.WriteLine(Defects.Shortest.Explore(defect, result.GetValue(states))));
        });
        return command;
    }

    internal static Command Cases()
    {
        Argument<string[]> names = Names();
        Option<int> workers = Workers();
        var command = new Command("cases", "Searches for defects and keeps the first cases that fail, in Defects/Cases.txt.")
        {
            names, workers,
        };
        command.SetAction(result =>
        {
            var found = new ConcurrentDictionary<string, Detection>();
            InParallel(result.GetValue(names), result.GetValue(workers), defect => found[defect.Name] = Detection.Search(defect));
            KeptCases.Write(found);
        });
        return command;
    }

    internal static Command Profiles()
    {
        Argument<string[]> names = Names();
        Option<int> workers = Workers();
        var command = new Command("profiles", "Measures how soon each profile finds defects, and keeps it in Defects/Profiles.txt.")
        {
            names, workers,
        };
        command.SetAction(result =>
        {
            var rows = ProfileTable.Rows.ToDictionary(row => row.Defect);
            InParallel(result.GetValue(names), result.GetValue(workers), defect =>
            {
                var row = ProfileRow.Measure(defect);
                lock (rows)
                {
                    rows[defect.Name] = row;
                    ProfileTable.Write([.. DefectCatalogue.All.Select(each => rows.GetValueOrDefault(each.Name)).OfType<ProfileRow>()]);
                    Console.WriteLine(row);
                }
            });
        });
        return command;
    }

    private static Argument<string[]> Names() => new("DEFECT") { Description = "such as A02; all if there is none" };

    private static Option<int> Workers() => new("--workers")
    {
        Description = "How many defects to look at at once.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private static void InParallel(string[]? chosen, int workers, Action<Defect> action) => Parallel.ForEach(
        Partitioner.Create(
            DefectCatalogue.All.Where(defect => chosen is not { Length: > 0 } || chosen.Contains(defect.Name)),
            EnumerablePartitionerOptions.NoBuffering),
        new ParallelOptions { MaxDegreeOfParallelism = workers },
        action);
}
