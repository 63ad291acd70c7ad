using System.CommandLine;
using System.Globalization;
using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Reporting;

namespace Rmap.Properties.Commands;

/// <summary>The options of <c>verify</c>, which are also those of the program without a command.</summary>
internal sealed class VerifyOptions
{
    private const string Together = "together";

    private readonly Option<string[]> profiles = new("--profile")
    {
        Description = "Draw operations as this profile does; may be given several times."
            + $" One of {string.Join(", ", Profile.All)}; all by default."
            + $" {Together}, alone, draws blocks of tasks that meet (docs/interleaving.md).",
        HelpName = "NAME",
    };

    private readonly Option<long?> seed =
        Numbers.Option("--seed", "Where the random numbers begin: the same seed gives the same scenarios. Default 1.");

    private readonly Option<bool> fresh = new("--fresh") { Description = "Take a new seed, and say which." };

    private readonly Option<long?> scenarios = Numbers.Option("--scenarios", "How many scenarios. Default 100000.", least: 1);

    private readonly Option<long?> minutes = Numbers.Option(
        "--minutes", "How long, instead of how many scenarios.", least: 1, most: 60_000);

    private readonly Option<long?> operations =
        Numbers.Option("--operations", "Operations of a scenario. Default 50.", least: 1, most: 100_000);

    private readonly Option<long?> threads =
        Numbers.Option("--threads", "How many threads. Default: one for each processor.", least: 1, most: 1024);

    private readonly Option<string> save = new("--save")
    {
        Description = "The folder where failing scenarios are saved, and from which they are replayed first.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => "repros",
    };

    internal void AddTo(RootCommand root, Command verify, Func<ParseResult, VerifyOptions, int> run)
    {
        foreach (Command command in new[] { root, verify })
        {
            foreach (Option option in new Option[] { profiles, seed, fresh, scenarios, minutes, operations, threads, save })
                command.Add(option);

            command.SetAction(parsed => run(parsed, this));
        }
    }

    internal int Run(ParseResult parsed, Screen screen, Rules rules)
    {
        var chosen = new List<Profile>();
        bool isTogether = parsed.GetValue(profiles) is [Together];
        foreach (string name in isTogether ? [] : parsed.GetValue(profiles) ?? [])
        {
            if (Profile.Find(name) is not { } profile)
                return screen.Refuse($"There is no profile '{name}'.\nChoose from {string.Join(", ", Profile.All)}.");

            chosen.Add(profile);
        }

        long? most = parsed.GetValue(minutes);
        ulong first = parsed.GetValue(fresh) ? (ulong)Random.Shared.NextInt64(1, 1_000_000_000) : (ulong)(parsed.GetValue(seed) ?? 1);
        long count = parsed.GetValue(scenarios) ?? (most is null ? 100_000 : long.MaxValue);
        int workers = (int)(parsed.GetValue(threads) ?? Environment.ProcessorCount);
        var plan = new CampaignPlan(rules, chosen.Count == 0 ? Profile.All : chosen, first, count, workers)
        {
            Limits = Limits.Default with { Operations = (int)(parsed.GetValue(operations) ?? Limits.Default.Operations) },
        };
        TimeSpan? time = most is null ? null : TimeSpan.FromMinutes(most.Value);
        var repros = new ReproStore(parsed.GetRequiredValue(save));
        return repros.Probe() is { } problem
            ? screen.Refuse($"{problem}\nGive another folder with --save.")
            : isTogether ? TogetherCommand.Verify(screen, rules, first, count, time, workers, repros)
            : new VerifyCommand(screen, plan, time, repros).Run();
    }
}

/// <summary>Options that take a number.</summary>
internal static class Numbers
{
    internal static Option<long?> Option(string name, string description, long least = 0, long most = long.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            string word = result.Tokens[0].Value;
            if (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most)
                return number;

            bool isTooLarge = word.Length > 0 && word.All(char.IsAsciiDigit);
            string upTo = most < long.MaxValue || isTooLarge ? $" to {most}" : "";
            result.AddError($"{name} takes a whole number from {least}{upTo}, not '{word}'.");
            return null;
        },
    };
}
