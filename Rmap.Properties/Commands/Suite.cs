using System.CommandLine;
using System.CommandLine.Invocation;
using Rmap.Properties.Mending;

namespace Rmap.Properties.Commands;

/// <summary>The suite as a program.</summary>
/// <param name="Screen">Where it writes.</param>
/// <param name="Input">Standard input.</param>
/// <param name="Catalogue">The rules that can be asked for.</param>
internal sealed record Suite(Screen Screen, Func<Stream> Input, RulesCatalogue Catalogue)
{
    private readonly Option<string?> rules = new("--rules")
    {
        Description = "The rules to follow, instead of those that the scenario names.",
        HelpName = "NAME",
        Recursive = true,
    };

    private readonly Option<bool> strict = new("--strict")
    {
        Description = "Excuse no known fault of Linux (docs/linux.md): follow the strict rules of the version, such as"
            + $" linux-6.18-{FaultRules.Strict}.",
        Recursive = true,
    };

    /// <summary>Carries out a command.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    internal int Run(string[] args)
    {
        var root = new RootCommand(
            "Verifies an executable model of Linux reverse mapping. Without a command: verify.\n"
            + "Exit code 0: all held; 1: something did not; 2: the command could not be carried out;"
            + " 3: something did not hold, and could not be saved; 130: interrupted, all held so far.") { rules, strict };
        rules.Description += $" One of {string.Join(", ", Catalogue.Names)}; {Catalogue.Default.Name} if nothing says otherwise.";
        var verify = new Command("verify", "Runs generated scenarios and checks all invariants after every operation.");
        root.Add(verify);
        root.Add(Replay());
        root.Add(Show());
        root.Add(Walk());
        root.Add(Pages());
        root.Add(Shrink());
        Command explore = new ExploreCommand().Command(Explore);
        root.Add(explore);
        explore.Add(AllSchedules());
        root.Add(C());
        root.Add(Strace());
        new VerifyOptions().AddTo(root, verify, Verify);
        ParseResult parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            string command = string.Join(' ', parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name);
            return Screen.Refuse($"{parsed.Errors[0].Message}\nRun with '{$"{command} --help".TrimStart()}' to see what there is.");
        }

        return parsed.Invoke(new InvocationConfiguration { Output = Screen.Output, Error = Screen.Error });
    }

    /// <summary>The rules of a name; the default for null.</summary>
    internal Rules? FindRules(string? name, out string? problem)
    {
        Rules? found = name is null ? Catalogue.Default : Catalogue.Find(name);
        problem = found is null ? $"There are no rules '{name}'.\nChoose one of {string.Join(", ", Catalogue.Names)}." : null;
        return found;
    }

    /// <summary>The name of the rules that are asked for; null for those that the scenario names, or the default.</summary>
    private string? Asked(ParseResult parsed, string? otherwise = null)
    {
        string? name = parsed.GetValue(rules) ?? otherwise;
        if (!parsed.GetValue(strict))
            return name;

        name ??= Catalogue.Default.Name;
        return Catalogue.Find(name) is null or IExcusing ? name : $"{name}-{FaultRules.Strict}";
    }

    private int Verify(ParseResult parsed, VerifyOptions options) =>
        FindRules(Asked(parsed), out string? problem) is { } found ? options.Run(parsed, Screen, found) : Screen.Refuse(problem!);

    private int Explore(ParseResult parsed, Func<Rules, Screen, int> run) =>
        FindRules(Asked(parsed), out string? problem) is { } found ? run(found, Screen) : Screen.Refuse(problem!);

    private Command Replay()
    {
        Argument<string> file = File();
        var state = new Option<bool>("--state") { Description = "Print what each operation changed." };
        var html = new Option<bool>("--html") { Description = "Print a page for a browser instead, that shows the state step by step." };
        var command = new Command(
            "replay", "Executes a scenario: a line per operation with its outcome; checks expectations and invariants.")
        {
            file, state, html,
        };
        command.SetAction(parsed => On(parsed, file, input => parsed.GetValue(html)
            ? PageCommand.Run(Screen, input)
            : ReplayCommand.Run(Screen, input, parsed.GetValue(state))));
        return command;
    }

    private Command Show()
    {
        Argument<string> file = File();
        Option<long?> after = Numbers.Option("--after", "Stop after this many operations; 0 is the start.");
        var mermaid =
            new Option<bool>("--mermaid") { Description = "Print the graph of AVs, AVCs, VMAs and pages as a Mermaid flowchart." };
        var anonVmas = new Option<bool>("--anon-vmas")
        {
            Description = "Print VMAs, AVCs (numbered in the order of their chain) and AVs alone as a Mermaid flowchart.",
        };
        var command = new Command("show", "Prints the state after the last operation of a scenario.")
        {
            file, after, mermaid, anonVmas,
        };
        command.SetAction(parsed => On(parsed, file, input => ShowCommand.Run(
            Screen, input, parsed.GetValue(after),
            parsed.GetValue(anonVmas) ? MermaidText.OfAnonVmas : parsed.GetValue(mermaid) ? MermaidText.Of : StateText.Of)));
        return command;
    }

    private Command Walk()
    {
        Argument<string> file = File();
        Option<string> page = WalkCommand.Page();
        Option<long?> after = Numbers.Option("--after", "Stop after this many operations; 0 is the start.");
        var command = new Command("walk", "Walks the reverse mapping of a page, and tells every place that it looks at.")
        {
            file, page, after,
        };
        command.SetAction(parsed => On(
            parsed, file, input => WalkCommand.Run(Screen, input, parsed.GetRequiredValue(page), parsed.GetValue(after))));
        return command;
    }

    private Command Pages()
    {
        var folder = new Argument<string>("FOLDER") { Description = "A folder with scenarios." };
        var command = new Command("pages", "Writes a page for a browser beside each scenario of a folder.") { folder };
        command.SetAction(parsed => PagesCommand.Run(this, parsed.GetRequiredValue(folder), named => Asked(parsed, named)));
        return command;
    }

    private Command Shrink()
    {
        Argument<string> file = File();
        var command =
            new Command("shrink", "Brings a failing scenario to a minimal one that breaks the same invariant, and prints it.") { file };
        command.SetAction(parsed => On(parsed, file, input => ShrinkCommand.Run(Screen, input)));
        return command;
    }

    private Command AllSchedules()
    {
        Argument<string> file = File();
        Option<long?> preemptions = Numbers.Option("--preemptions", "How often a task gives way that could go on. Default 2.", most: 8);
        var command = new Command("block", "Tries all schedules of the first block of a scenario, and says how many.")
        {
            file, preemptions,
        };
        command.SetAction(parsed => On(parsed, file, input => TogetherCommand.Explore(
            Screen, input.Scenario, input.Rules, (int)(parsed.GetValue(preemptions) ?? 2))));
        return command;
    }

    private Command C()
    {
        Argument<string> file = File();
        var command = new Command("c", "Prints a scenario as a C program that performs it by real system calls.") { file };
        command.SetAction(parsed => On(parsed, file, input =>
        {
            Screen.Output.Write(CText.Of(input.Scenario, System.IO.Path.GetFileName(input.File.Name)));
            return ExitCode.Held;
        }));
        return command;
    }

    private Command Strace()
    {
        var log = new Argument<string>("LOG")
        {
            Description = "What strace -f -y -e trace=%memory,%process wrote, or - for standard input.",
        };
        var command = new Command("strace", "Prints what a real program did to its memory as a scenario (see docs/programs.md).") { log };
        command.SetAction(parsed => StraceCommand.Run(Screen, Input, parsed.GetRequiredValue(log)));
        return command;
    }

    private static Argument<string> File() => new("FILE") { Description = "A scenario (see docs/scenario.md), or - for standard input." };

    private int On(ParseResult parsed, Argument<string> file, Func<ScenarioInput, int> run) =>
        ScenarioInput.Read(parsed.GetRequiredValue(file), named => Asked(parsed, named), this, out string? problem) is { } input
            ? run(input)
            : Screen.Refuse(problem!);
}
