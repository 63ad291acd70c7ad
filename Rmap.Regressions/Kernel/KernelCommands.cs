using System.CommandLine;
using System.Globalization;
using Rmap.Model;
using Rmap.Properties.Generating;
using Rmap.Properties.Reporting;
using Rmap.Properties.Running;

namespace Rmap.Regressions.Kernel;

/// <summary>The commands that need a kernel.</summary>
internal static class KernelCommands
{
    private const int DefaultScenarios = 6_000;

    internal static IEnumerable<Command> All => [Differ()];

    private static Command Differ()
    {
        Option<string> kernel = Kernel();
        var files = new Argument<string[]>("FILE") { Description = "scenarios to compare; generated ones if there is none" };
        var scenarios = new Option<long>("--scenarios") { Description = "How many scenarios.", DefaultValueFactory = _ => DefaultScenarios };
        var minutes = new Option<long?>("--minutes") { Description = "How long, instead of how many scenarios." };
        var operations = new Option<int>("--operations")
        {
            Description = "Operations of a scenario.",
            DefaultValueFactory = _ => KernelCases.Limits.Operations,
        };
        var seed = new Option<ulong>("--seed")
        {
            Description = "The same seed gives the same scenarios.",
            DefaultValueFactory = _ => 1,
        };
        var threads = new Option<int>("--threads") { Description = "Kernels at once.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var profiles = new Option<string[]>("--profile")
        {
            Description = $"Draw operations as this profile does; may be given several times. One of {string.Join(", ", Profile.All)}.",
        };
        var save = new Option<string>("--save") { Description = "Where disagreements are saved.", DefaultValueFactory = _ => "repros" };
        var command = new Command("differ", "Runs scenarios on a kernel and on the model, and compares all of the state after every operation.")
        {
            files, kernel, scenarios, minutes, operations, profiles, seed, threads, save,
        };
        command.SetAction(parsed => Try(parsed.GetValue(kernel), program =>
        {
            if ((parsed.GetValue(profiles) ?? []).FirstOrDefault(name => Profile.Find(name) is null) is { } unknown)
            {
                return Refuse($"There is no profile '{unknown}'. Choose from {string.Join(", ", Profile.All)}.");
            }

            (string version, Rules rules) = DifferCampaign.Identify(program);
            if (parsed.GetValue(files) is { Length: > 0 } given)
            {
                return CompareFiles(program, given);
            }

            Profile[] chosen = [.. (parsed.GetValue(profiles) ?? []).Select(name => Profile.Find(name)!)];
            var plan = new CampaignPlan(
                rules, chosen.Length == 0 ? Profile.All : chosen, parsed.GetValue(seed),
                parsed.GetValue(minutes) is null ? parsed.GetValue(scenarios) : long.MaxValue, parsed.GetValue(threads))
            {
                Limits = KernelCases.Limits with { Operations = parsed.GetValue(operations) },
                MostFailures = 20,
            };
            return Campaign(program, version, plan, parsed.GetValue(minutes), parsed.GetRequiredValue(save));
        }));
        return command;
    }

    private static Option<string> Kernel() => new("--kernel")
    {
        Description = "The file `linux` that Linux/build-kernel.sh makes; RMAP_KERNEL by default.",
        DefaultValueFactory = _ => KernelFactAttribute.Kernel ?? "",
    };

    private static int Try(string? path, Func<KernelProgram, int> run)
    {
        if (string.IsNullOrEmpty(path) || !File.Exists(path))
        {
            return Refuse(string.IsNullOrEmpty(path) ? KernelFactAttribute.HowToGetOne : $"There is no kernel {path}. {KernelFactAttribute.HowToGetOne}");
        }

        try
        {
            return run(new UserModeKernel(path));
        }
        catch (KernelException e)
        {
            return Refuse(e.Message);
        }
    }

    private static int Campaign(KernelProgram program, string version, CampaignPlan plan, long? minutes, string save)
    {
        string limit = minutes is { } time ? $"{time} minutes" : $"{Number(plan.Scenarios)} scenarios";
        Console.WriteLine(
            $"{version} against {plan.Rules.Name}: {limit} of {plan.Limits.Operations} operations, seed {plan.Seed}, {plan.Workers} kernels, "
            + $"profiles {string.Join(", ", plan.Profiles)}.");
        using var stop = new CancellationTokenSource();
        if (minutes is { } most)
        {
            stop.CancelAfter(TimeSpan.FromMinutes(most));
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var campaign = new DifferCampaign(plan, program, new ReproStore(save));
        Task<IReadOnlyList<DifferFinding>> running = Task.Run(() => campaign.Run(stop.Token));
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        };
        TimeSpan compared = TimeSpan.Zero;
        while (Task.WaitAny([running], TimeSpan.FromSeconds(10)) < 0)
        {
            Console.WriteLine($"{watch.Elapsed.TotalSeconds,5:0} s  {Told(campaign.Progress, watch.Elapsed)}");
        }

        IReadOnlyList<DifferFinding> findings = running.GetAwaiter().GetResult();
        compared = watch.Elapsed;
        foreach (DifferFinding finding in findings)
        {
            Console.WriteLine();
            Console.WriteLine(DifferReport.Of(
                finding, $"case {finding.Index} of seed {plan.Seed}, profile {plan.ProfileOf(finding.Index)}; {finding.Cases} such cases",
                program.Path));
        }

        Console.WriteLine();
        Console.WriteLine($"{version}: {Told(campaign.Progress, compared)}, {campaign.Boots} boots");
        return findings.Count == 0 ? 0 : 1;
    }

    private static string Told(CampaignProgress now, TimeSpan time) =>
        $"{Number(now.Scenarios)} scenarios, {Number(now.Operations)} operations, {Number(now.Failures)} disagree; "
        + $"{now.Scenarios / time.TotalSeconds:0} scenarios a second";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static int CompareFiles(KernelProgram program, string[] files)
    {
        using var runner = new KernelRunner(program);
        int disagree = 0;
        foreach (string file in files)
        {
            if (!ScenarioText.TryParse(File.ReadAllBytes(file), file, out ScenarioFile? read, out ScenarioError? error))
            {
                return Refuse(error.ToString());
            }

            var scenario = new Scenario(read.Scenario.Steps, program.Adjust(read.Scenario.Options), read.Scenario.Rules);
            if (program.Refuses(scenario) is { } reason)
            {
                return Refuse($"{file}: {reason}");
            }

            Verdict verdict = Verdict.Of(runner.RunAlone(scenario), []);
            disagree += verdict.Agrees ? 0 : 1;
            Console.WriteLine(verdict.Agrees
                ? $"{file}: {verdict.Kernel} and the model agree on {scenario.Steps.Length} operations."
                : DifferReport.Of(new DifferFinding(0, 1, verdict, true, null), file, program.Path));
        }

        return disagree == 0 ? 0 : 1;
    }

    private static int Refuse(string problem)
    {
        Console.Error.WriteLine(problem);
        return 2;
    }
}
