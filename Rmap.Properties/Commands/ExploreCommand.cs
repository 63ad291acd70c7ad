using System.CommandLine;
using System.Globalization;
using Rmap.Properties.Exploring;

namespace Rmap.Properties.Commands;

/// <summary><c>explore</c>: all scenarios over small alphabets, by length.</summary>
internal sealed class ExploreCommand
{
    private readonly Option<string[]> alphabets = new("--alphabet")
    {
        Description = "Combine these operations; may be given several times."
            + $" One of {string.Join(", ", Alphabets.All)}; all, one after the other, by default.",
        HelpName = "NAME",
    };

    private readonly Option<string?> invariant = new("--invariant")
    {
        Description = "Look for this invariant to break, not for any.",
        HelpName = "ID",
    };

    private readonly Option<long?> length = Numbers.Option("--length", "Operations of a scenario, at most. Default 12.", 1, 100);

    private readonly Option<long?> states =
        Numbers.Option("--states", "End with the length at which there are so many states. Default 1000000.", 1, 50_000_000);

    private readonly Option<long?> threads =
        Numbers.Option("--threads", "How many threads. Default: one for each processor.", least: 1, most: 1024);

    /// <summary>The command.</summary>
    /// <param name="run">Finds the rules that were asked for and lets the command run with them.</param>
    internal Command Command(Func<ParseResult, Func<Rules, Screen, int>, int> run)
    {
        var command = new Command(
            "explore", "Tries all scenarios over small alphabets, the shortest first, and prints the first that breaks an invariant.")
        {
            alphabets, invariant, length, states, threads,
        };
        command.SetAction(parsed => run(parsed, (rules, screen) => Run(parsed, rules, screen)));
        return command;
    }

    private int Run(ParseResult parsed, Rules rules, Screen screen)
    {
        var chosen = new List<Alphabet>();
        foreach (string name in parsed.GetValue(alphabets) ?? [])
        {
            if (Alphabets.All.FirstOrDefault(alphabet => alphabet.Name == name) is not { } alphabet)
                return screen.Refuse($"There is no alphabet '{name}'.\nChoose from {string.Join(", ", Alphabets.All)}.");

            chosen.Add(alphabet);
        }

        string? wanted = parsed.GetValue(invariant);
        if (wanted is not null && Invariants.All.Concat(Costs.All).All(each => each.Id != wanted))
            return screen.Refuse($"There is no invariant '{wanted}'.\nThey are listed in docs/invariants.md.");

        var limits = new ExplorationLimits(
            (int)(parsed.GetValue(length) ?? 12), (int)(parsed.GetValue(states) ?? 1_000_000),
            (int)(parsed.GetValue(threads) ?? Environment.ProcessorCount));
        Exploration? best = null;
        foreach ((Alphabet alphabet, Exploration found) in
            Explorer.InTurn(rules, chosen.Count > 0 ? chosen : Alphabets.All, limits, wanted))
        {
            screen.Error.WriteLine(Told(alphabet, found));
            best = found.Shortest is null ? best : found;
        }

        if (best is null)
        {
            screen.Error.WriteLine("No invariant was broken.");
            return ExitCode.Held;
        }

        Invariant broken = best.Failure!.Violation.Invariant;
        screen.Output.Write(ScenarioText.Print(best.Shortest!, $"{broken.Id}: {broken.Sentence}"));
        return ExitCode.Failed;
    }

    private static string Told(Alphabet alphabet, Exploration found) => string.Create(
        CultureInfo.InvariantCulture,
        $"{alphabet}: all scenarios of {found.Length} operations hold; {found.States:N0} states, {found.Tried:N0} operations tried"
        + $"{(found.Shortest is null ? "" : $"; {found.Failure!.Violation.Invariant.Id} breaks after {found.Shortest.Steps.Length}")}");
}
