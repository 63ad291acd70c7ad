using System.CommandLine;
using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Reporting;
using Rmap.Regressions.Recordings;

namespace Rmap.Regressions.Kernel;

/// <summary>The commands that need a kernel: <c>differ</c> and <c>record</c>.</summary>
internal sealed class KernelCommands
{
    private const int Held = 0, Failed = 1, Refused = 2;

    private readonly Option<string> kernel = new("--kernel")
    {
        Description = "The file `linux` that Linux/build-kernel.sh makes; RMAP_KERNEL by default.",
        DefaultValueFactory = _ => KernelFactAttribute.Kernel ?? "",
    };

    private readonly Argument<string[]> files = new("FILE") { Description = "Scenarios; generated ones if there is none." };

    private readonly Option<long?> scenarios = new("--scenarios") { Description = "How many generated scenarios." };

    private readonly Option<long?> minutes = new("--minutes") { Description = "How long, instead of how many." };

    private readonly Option<int> operations = new("--operations")
    {
        Description = "Operations of a scenario.",
        DefaultValueFactory = _ => KernelCases.Limits.Operations,
    };

    private readonly Option<ulong> seed = new("--seed")
    {
        Description = "The same seed gives the same scenarios.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<string[]> profiles = new("--profile")
    {
        Description = $"Draw operations as this profile does; may be given several times. One of {string.Join(", ", Profile.All)}.",
    };

    private readonly Option<int> threads = new("--threads")
    {
        Description = "Kernels at once.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private readonly Option<bool> shrink = new("--shrink") { Description = "Shrink a FILE that disagrees, on the kernel." };

    private readonly Option<string?> rules = new("--rules")
    {
        Description = "The rules of the model, instead of those of the kernel's version or of the nearest older one. One of "
            + string.Join(", ", RulesCatalogue.Linux.Names) + ".",
    };

    private readonly Option<string> save = new("--save")
    {
        Description = "The folder where disagreements are saved.",
        DefaultValueFactory = _ => "repros",
    };

    /// <summary>The commands.</summary>
    internal static IEnumerable<Command> All
    {
        get
        {
            var commands = new KernelCommands();
            return [commands.Differ(), commands.Record()];
        }
    }

    private Command Differ()
    {
        var command = new Command(
            "differ", "Runs scenarios on a kernel and on the model, and compares all of the state after every operation.")
        {
            files, kernel, scenarios, minutes, operations, profiles, seed, threads, save, shrink, rules,
        };
        command.SetAction(parsed => OnKernel(parsed, program =>
            parsed.GetValue(files) is { Length: > 0 } given
                ? CompareFiles(program, given, parsed.GetValue(shrink), Chosen(parsed))
                : Campaign(parsed, program)));
        return command;
    }

    private Command Record()
    {
        var folder = new Option<string>("--out") { Description = "The folder where the recordings go.", Required = true };
        var command = new Command("record", "Records scenarios on a kernel, twice in separate boots, and insists that both are the same.")
        {
            files, folder, kernel, scenarios, operations, profiles, seed, threads,
        };
        command.SetAction(parsed => OnKernel(parsed, program =>
        {
            Sequence[] sequences = [.. parsed.GetValue(files) is { Length: > 0 } given
                ? given.Select(file => new Sequence(Read(program, file), Path.GetFileNameWithoutExtension(file)))
                : Generated(parsed, program)];
            IReadOnlyList<string> problems =
                new Recorder(program, parsed.GetRequiredValue(folder), Math.Max(1, parsed.GetValue(threads))).Record(sequences);
            foreach (string problem in problems)
                Console.WriteLine(problem);

            Console.WriteLine($"{sequences.Length} scenarios, recorded twice; {problems.Count} problems");
            return problems.Count == 0 ? Held : Failed;
        }));
        return command;
    }

    private IEnumerable<Sequence> Generated(ParseResult parsed, KernelProgram program)
    {
        CampaignPlan plan = Plan(parsed, DifferCampaign.Identify(program).Rules, usual: 60);
        var cases = new KernelCases(program, plan.Rules);
        for (long i = 0; i < plan.Scenarios; i++)
        {
            (Profile profile, ulong from) = (plan.ProfileOf(i), plan.SeedOf(i));
            yield return new Sequence(cases.Draw(profile, from, plan.Limits), $"{profile}-{plan.Seed}-{i}", unchecked((long)from));
        }
    }

    private int OnKernel(ParseResult parsed, Func<KernelProgram, int> run)
    {
        string path = parsed.GetRequiredValue(kernel);
        if (!File.Exists(path))
            return Refuse((path.Length == 0 ? "" : $"There is no kernel {path}. ") + KernelFactAttribute.HowToGetOne);

        if ((parsed.GetValue(profiles) ?? []).FirstOrDefault(name => Profile.Find(name) is null) is { } unknown)
            return Refuse($"There is no profile '{unknown}'. Choose from {string.Join(", ", Profile.All)}.");

        if (parsed.GetValue(rules) is { } wanted && RulesCatalogue.Linux.Find(wanted) is null)
            return Refuse($"There are no rules '{wanted}'. Choose from {string.Join(", ", RulesCatalogue.Linux.Names)}.");

        try
        {
            return run(new UserModeKernel(path));
        }
        catch (Exception e) when (e.GetBaseException() is KernelException or IOException or FormatException)
        {
            return Refuse(e.GetBaseException().Message);
        }
    }

    private CampaignPlan Plan(ParseResult parsed, Rules rules, long usual)
    {
        Profile[] chosen = [.. (parsed.GetValue(profiles) ?? []).Select(name => Profile.Find(name)!)];
        long count = parsed.GetValue(scenarios) ?? (parsed.GetValue(minutes) is null ? usual : long.MaxValue);
        return new CampaignPlan(
            rules, chosen.Length == 0 ? Profile.All : chosen, parsed.GetValue(seed), count, Math.Max(1, parsed.GetValue(threads)))
        {
            Limits = KernelCases.Limits with { Operations = parsed.GetValue(operations) },
            MostFailures = 20,
        };
    }

    private int Campaign(ParseResult parsed, KernelProgram program)
    {
        (string version, Rules usual) = DifferCampaign.Identify(program);
        CampaignPlan plan = Plan(parsed, Chosen(parsed) ?? usual, usual: 6_000);
        var repros = new ReproStore(parsed.GetRequiredValue(save));
        if (repros.Probe() is { } problem)
            return Refuse(problem);

        string limit = parsed.GetValue(minutes) is { } given ? $"{given} minutes" : $"{LongRun.Number(plan.Scenarios)} scenarios";
        Console.WriteLine(
            $"{version} against {KernelRules.Describe(version, plan.Rules)}.\n"
            + $"{limit} of {plan.Limits.Operations} operations, seed {plan.Seed}, "
            + $"{plan.Workers} kernels, profiles {string.Join(", ", plan.Profiles)}.");
        var campaign = new DifferCampaign(plan, program, repros);
        TimeSpan? most = parsed.GetValue(minutes) is { } time ? TimeSpan.FromMinutes(time) : null;
        TimeSpan elapsed = LongRun.Follow(campaign.Run, () => campaign.Progress, most);
        string total = $"{version}: {LongRun.Told(campaign.Progress, elapsed)}, {campaign.Boots} boots";
        if (campaign.Progress.Failures > 0)
            Console.WriteLine("Shrinking what disagrees, on the kernel.");

        IReadOnlyList<DifferFinding> findings = campaign.Examine();
        foreach (DifferFinding finding in findings)
        {
            Console.WriteLine();
            Console.WriteLine(DifferReport.Of(
                finding, $"case {finding.Index} of seed {plan.Seed}, profile {plan.ProfileOf(finding.Index)}; {finding.Cases} such cases",
                program.Path));
        }

        Console.WriteLine();
        foreach (string complaint in campaign.Unexplained)
            Console.WriteLine($"{complaint}: no scenario alone makes the kernel complain of it.");

        Console.WriteLine(total);
        return findings.Count == 0 && campaign.Unexplained.Count == 0 ? Held : Failed;
    }

    private static string Described(string version, Rules? chosen) => KernelRules.Describe(version, chosen ?? KernelRules.Of(version));

    private Rules? Chosen(ParseResult parsed) => parsed.GetValue(rules) is { } name ? RulesCatalogue.Linux.Find(name) : null;

    private static int CompareFiles(KernelProgram program, string[] files, bool shrink, Rules? chosen)
    {
        using var runner = new KernelRunner(program);
        int disagree = 0;
        foreach (string file in files)
        {
            Scenario scenario = Read(program, file);
            Verdict verdict = Verdict.Of(runner.RunAlone(scenario), [], chosen);
            disagree += verdict.Agrees ? 0 : 1;
            if (shrink && !verdict.Agrees && verdict.Step >= 0)
            {
                var cases = new KernelCases(program, chosen ?? KernelRules.Of(verdict.Kernel ?? ""));
                verdict = Disagreement.Shrink(runner, program, cases, verdict);
            }

            Console.WriteLine(verdict.Agrees
                ? $"{file}: {verdict.Kernel} and the model ({Described(verdict.Kernel!, chosen)}) agree on "
                    + $"{scenario.Steps.Length} operations."
                : DifferReport.Of(new DifferFinding(0, 1, verdict, true, null), file, program.Path));
        }

        return disagree == 0 ? Held : Failed;
    }

    /// <exception cref="FormatException">It is no scenario, or none for this kernel.</exception>
    private static Scenario Read(KernelProgram program, string file)
    {
        Scenario read = ScenarioText.Parse(File.ReadAllText(file), file);
        var scenario = new Scenario(read.Steps, program.Adjust(read.Options), read.Rules);
        return program.Refuses(scenario) is { } reason ? throw new FormatException($"{file}: {reason}") : scenario;
    }

    private static int Refuse(string problem)
    {
        Console.Error.WriteLine(problem);
        return Refused;
    }
}
