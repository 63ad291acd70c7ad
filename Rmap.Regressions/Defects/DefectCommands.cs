using System.Collections.Concurrent;
using System.CommandLine;
using Rmap.Properties.Defects;

namespace Rmap.Regressions.Defects;

/// <summary>What is known of defects because it was made beforehand: it takes minutes.</summary>
internal static class DefectCommands
{
    internal static Command Shortest()
    {
        var names = new Argument<string[]>("DEFECT") { Description = "such as A02; all if there is none" };
        var states = new Option<int>("--states")
        {
            Description = "How many states to look at with an alphabet before longer scenarios are left out.",
            DefaultValueFactory = _ => Defects.Shortest.States,
        };
        var command = new Command("shortest", "Explores defects and keeps the shortest scenarios, in Defects/Shortest.") { names, states };
        command.SetAction(result =>
        {
            string[] chosen = result.GetValue(names) ?? [];
            InParallel(
                defect => chosen.Length == 0 || chosen.Contains(defect.Name),
                defect => Console.WriteLine(Defects.Shortest.Explore(defect, result.GetValue(states))));
        });
        return command;
    }

    internal static Command Profiles()
    {
        var names = new Argument<string[]>("DEFECT") { Description = "such as A02: only these rows are measured anew; all if there is none" };
        var command = new Command("profiles", "Measures how soon each profile finds each defect, and keeps it in Defects/Profiles.txt.")
        {
            names,
        };
        command.SetAction(result =>
        {
            string[] chosen = result.GetValue(names) ?? [];
            var rows = new ConcurrentDictionary<string, ProfileRow>(ProfileTable.Rows.Where(_ => chosen.Length > 0).ToDictionary(row => row.Defect));
            InParallel(defect => chosen.Length == 0 || chosen.Contains(defect.Name), defect =>
            {
                rows[defect.Name] = ProfileRow.Measure(defect);
                Console.WriteLine(rows[defect.Name]);
            });
            ProfileTable.Write([.. DefectCatalogue.All.Where(defect => rows.ContainsKey(defect.Name)).Select(defect => rows[defect.Name])]);
        });
        return command;
    }

    private static void InParallel(Func<Defect, bool> isChosen, Action<Defect> action) => Parallel.ForEach(
        Partitioner.Create(
            DefectCatalogue.All.Where(defect => defect.Unseen is null && isChosen(defect)), EnumerablePartitionerOptions.NoBuffering),
        new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
        action);
}
