using System.CommandLine;
using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Reporting;
using Rmap.Regressions.Kernel;

namespace Rmap.Regressions.Host;

/// <summary><c>host</c>: the running kernel against the model.</summary>
internal static class HostCommand
{
    internal static Command Make()
    {
        var files = new Argument<string[]>("FILE") { Description = "Scenarios; generated ones if there is none." };
        var scenarios = new Option<long>("--scenarios") { Description = "How many.", DefaultValueFactory = _ => 1_000 };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same scenarios.", DefaultValueFactory = _ => 1 };
        var save = new Option<string>("--save")
        {
            Description = "The folder where disagreements are saved.",
            DefaultValueFactory = _ => "repros",
        };
        var command = new Command(
            "host",
            $"Runs scenarios on the kernel that is running and on the model, and compares what /proc tells. Needs root and a C compiler; "
            + $"{HostKsm.Variable}=1 allows it to use ksmd.") { files, scenarios, seed, save };
        command.SetAction(parsed => Run(
            parsed.GetValue(files) ?? [],
            new CampaignPlan(HostKernel.Rules, Profile.All, parsed.GetValue(seed), parsed.GetValue(scenarios))
            {
                Limits = KernelCases.Limits,
                MostFailures = 3,
            },
            new ReproStore(parsed.GetRequiredValue(save))));
        return command;
    }

    private static int Run(string[] files, CampaignPlan plan, ReproStore repros)
    {
        if (HostFactAttribute.Missing is { } missing)
        {
            Console.Error.WriteLine(missing);
            return 2;
        }

        if (repros.Probe() is { } problem)
        {
            Console.Error.WriteLine(problem);
            return 2;
        }

        string folder = Directory.CreateTempSubdirectory("rmap-host-").FullName;
        try
        {
            string tree = HostTree.Compile(folder);
            using HostKsm? ksm = HostKsm.Take(tree);
            var program = new HostTree(tree, ksm);
            return files.Length > 0 ? Compare(files, program) : Compare(plan, program, repros);
        }
        catch (Exception e) when (e is KernelException or FormatException or IOException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Compare(CampaignPlan plan, HostTree program, ReproStore repros)
    {
        using var campaign = new HostCampaign(plan, program, repros);
        List<HostFinding> findings = [];
        LongRun.Follow(stop => findings.AddRange(campaign.Run(stop)), () => campaign.Progress);
        foreach (HostFinding finding in findings)
            Console.WriteLine(HostReport.Of(finding) + "\n");

        Console.WriteLine($"{campaign.Told}; {(findings.Count == 0 ? "all agree" : $"{findings.Count} kinds of difference")}");
        return findings.Count == 0 ? 0 : 1;
    }

    private static int Compare(string[] files, HostTree program)
    {
        using var runner = new HostRunner(program, HostKernel.Rules);
        int differ = 0;
        foreach (string file in files)
        {
            Scenario scenario = program.Adjust(ScenarioText.Parse(File.ReadAllText(file), file));
            string? refused = program.Refuses(scenario);
            HostDifference? difference = refused is null ? runner.Compare(scenario) : null;
            differ += difference is null ? 0 : 1;
            Console.WriteLine(
                refused is not null ? $"{file}: left out. {refused}"
                : difference is null ? $"{file}: {scenario.Steps.Length} operations agree"
                : HostReport.Of(new HostFinding(0, scenario, difference)));
        }

        return differ == 0 ? 0 : 1;
    }
}
