using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Running;
using Rmap.Regressions.Kernel;
using Rmap.Regressions.Scenarios;
using Xunit.Abstractions;

namespace Rmap.Regressions.C;

/// <summary>
/// Scenarios as C programs: they compile without a warning, and when they run, Linux answers as the model does under the rules of the
/// running kernel's version.
/// </summary>
public class CProgramTests(ITestOutputHelper output)
{
    private const int GeneratedOfEachProfile = 8;

    /// <summary>ARENA_PAGES of a program.</summary>
    private const long ArenaPages = 1L << 32;

    /// <summary>A program ends itself after one minute.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    [Fact]
    public Task Looks_as_approved() => Verify(
        CText.Of(StoredScenario.Read("Scenarios", "anon-parent-and-two-children").File.Scenario, "anon-parent-and-two-children.rmap"));

    [NeedsCompilerFact]
    public void What_no_system_call_does_is_told_and_left_out() => ForEach(
        Stored().Where(each => each.Scenario.Steps.Any(step => !CText.IsPossible(step.Operation))),
        (scenario, run) =>
        {
            (string printed, string? problem) = run();
            int told = printed.Split('\n').Count(line => line.Contains(": not possible from user space", StringComparison.Ordinal));
            int impossible = scenario.Steps.Count(step => !CText.IsPossible(step.Operation));
            return problem ?? (told == impossible ? null : $"tells {told} of {impossible}:\n{printed}");
        });

    /// <summary>
    /// On a kernel with no rules of its own version, what differs is told and is no failure: nobody has checked the rules against it.
    /// </summary>
    [NeedsCompilerFact]
    public void Linux_does_what_the_model_says()
    {
        (string Name, Scenario Scenario)[] compared = [.. Programs()];
        List<string> differences = ForEach(
            compared,
            (scenario, run) => Difference(scenario, run) is null ? null : ConfirmedDifference(scenario, run),
            asserts: HostKernel.HasRulesOfItsOwn);
        output.WriteLine(
            $"{compared.Length} programs, {compared.Sum(each => each.Scenario.Steps.Length)} operations on {HostKernel.Name}, "
            + $"compared with {HostKernel.Rules.Name}: {differences.Count} differ");
    }

    /// <summary>
    /// Compiled by itself is, for each function that programs have, the one that has the least else, so that a header that it lacks is
    /// not there for something else; with RMAP_SCENARIOS every program.
    /// </summary>
    [NeedsCompilerFact]
    public void A_program_compiles_by_itself_without_a_warning()
    {
        var all = Programs().Concat(Stored()).Select(each => (each.Name, Text: CText.Of(each.Scenario))).DistinctBy(each => each.Text)
            .Select(each => (each.Name, each.Text, Functions: Bundle.NamesOf(each.Text))).OrderBy(each => each.Functions.Count).ToList();
        var alone = SuiteSettings.AreScenariosChosen ? all
            : [.. all.SelectMany(each => each.Functions).Distinct()
                .Select(function => all.First(each => each.Functions.Contains(function))).Distinct()];
        InFolder(folder => Compile(alone.Select((each, number) => (Path.Combine(folder, $"{each.Name}-{number}"), each.Text))));
        output.WriteLine($"{alone.Count} of {all.Count} programs");
    }

    /// <summary>Does something with the program of each scenario, and gives what was wrong.</summary>
    private List<string> ForEach(
        IEnumerable<(string Name, Scenario Scenario)> scenarios,
        Func<Scenario, Func<(string Printed, string? Problem)>, string?> test,
        bool asserts = true)
    {
        List<string> problems = [];
        (string Name, Scenario Scenario)[] all = [.. scenarios];
        int size = (all.Length + Environment.ProcessorCount - 1) / Environment.ProcessorCount;
        InFolder(folder =>
        {
            string[] bundles = [.. all.Chunk(size).Select((_, number) => Path.Combine(folder, $"bundle-{number}"))];
            Compile(bundles.Zip(
                all.Chunk(size), (bundle, some) => (bundle, Bundle.Of([.. some.Select(each => (each.Name, CText.Of(each.Scenario)))]))));
            problems.AddRange(InParallel(all.Index(), each =>
            {
                string own = Directory.CreateDirectory(Path.Combine(folder, $"{each.Index}")).FullName;
                return test(each.Item.Scenario, () => Run(bundles[each.Index / size], each.Index % size, own)) is { } problem
                    ? $"{each.Item.Name}: {problem}"
                    : null;
            }));
        });
        problems.ForEach(output.WriteLine);
        Assert.True(!asserts || problems.Count == 0, string.Join('\n', problems));
        return problems;
    }

    /// <summary>Compiles programs; fails with all that is wrong, be it a warning.</summary>
    private static void Compile(IEnumerable<(string Program, string Text)> programs)
    {
        string[] problems = InParallel(programs, each =>
        {
            File.WriteAllText($"{each.Program}.c", each.Text);
            string[] arguments = ["-Wall", "-Wextra", "-Werror", $"{each.Program}.c"];
            return Compiler.Own.Compile(Path.GetDirectoryName(each.Program)!, each.Program, arguments);
        });
        Assert.True(problems.Length == 0, string.Join('\n', problems));
    }

    private static void InFolder(Action<string> action)
    {
        string folder = Directory.CreateTempSubdirectory("rmap-c-").FullName;
        try
        {
            action(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// The problem of each that has one. Without a limit there would be ever more at once, as long as other programs are waited for.
    /// </summary>
    private static string[] InParallel<T>(IEnumerable<T> all, Func<T, string?> action)
    {
        var problems = new ConcurrentBag<string>();
        var limit = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEach(all, limit, each =>
        {
            if (action(each) is { } problem)
                problems.Add(problem);
        });
        return [.. problems.Order(StringComparer.Ordinal)];
    }

    /// <summary>What Linux and the model are compared on.</summary>
    private static IEnumerable<(string Name, Scenario Scenario)> Programs() =>
        Stored().Concat(Generated()).Select(each => (each.Name, Doable(each.Scenario))).Where(each => IsDoable(each.Item2));

    private static IEnumerable<(string Name, Scenario Scenario)> Stored() =>
        from folder in new[] { "Scenarios", "Merges", "Cases" }
        from name in StoredScenario.In(folder)
        let scenario = StoredScenario.Read(folder, name).File.Scenario
        where scenario.Options.Frames == MachineOptions.Default.Frames
        select (name, scenario);

    private static IEnumerable<(string Name, Scenario Scenario)> Generated() =>
        from profile in Profile.All
        from index in Enumerable.Range(0, GeneratedOfEachProfile)
        let seed = SuiteSettings.Seed + (ulong)index
        select (
            string.Create(CultureInfo.InvariantCulture, $"{profile.Name}-{seed}"),
            GeneratedRun.Check(profile, seed, HostKernel.Rules, Limits.Default with { IsPlain = true }).Scenario);

    /// <summary>
    /// The scenario without what no program can do, or nothing comes of without swap, with the settings of this system. Behind a fork
    /// mincore is left out: there are kernels that map a page of its own, not the zero page, where anonymous memory was only read, and
    /// a fork hands that on; and with a file on a disk, as how far it is read ahead is up to the file system. With a limit for what is
    /// locked, MCL_CURRENT is left out, which locks the program, too. VMAs are printed where the scenario expects some, and those of each
    /// process at the end.
    /// </summary>
    private static Scenario Doable(Scenario scenario)
    {
        bool isLimited = scenario.Steps.Any(step => step.Operation is Operation.RlimitMemlock);
        int knowsResident = scenario.Steps
            .TakeWhile(step => step.Operation is not (Operation.Fork or Operation.FileCreate { FileSystem: FileSystem.Ext4 })).Count();
        bool[] isDone =
        [
            .. scenario.Steps.Select((step, at) => CText.IsPossible(step.Operation)
                && (HostKernel.HasSwap || step.Operation is not Operation.Madvise { Advice: Advice.PageOut })
                && (!isLimited || step.Operation is not Operation.Mlockall { Current: true })
                && (at < knowsResident || step.Operation is not Operation.Mincore)),
        ];
        ImmutableArray<Step> steps = [.. scenario.Steps.Where((_, at) => isDone[at])];
        return new(steps, new MachineOptions { MmapBase = scenario.Options.MmapBase, FaultAround = 16 })
        {
            Expectations =
            [
                .. scenario.Expectations.OfType<Expectation.Vmas>().Select(
                    each => new Expectation.Vmas(isDone.Take(each.After).Count(done => done), each.Process, each.All)),
                .. steps.Select(step => step.Operation).OfType<Operation.ByProcess>().Select(each => each.Process).Distinct().Select(
                    process => new Expectation.Vmas(steps.Length, process, [])),
            ],
        };
    }

    /// <summary>Whether this system has all that the scenario needs.</summary>
    private static bool IsDoable(Scenario scenario) => scenario.Steps.All(step => step.Operation switch
    {
        Operation.UffdMove => HostKernel.Version >= new Version(6, 8),
        Operation.MemoryMerge => HostKernel.HasKsm && HostKernel.Version >= new Version(6, 4),
        Operation.Mbind => HostKernel.HasMbind,
        Operation.Mseal => HostKernel.Version >= new Version(6, 10),
        Operation.SetMdwe => HostKernel.Version >= new Version(6, 7),
        Operation.PkeyMprotect => HostKernel.HasKeys,
        Operation.Madvise { Advice: Advice.HugePage or Advice.NoHugePage } => HostKernel.HasHugePages,
        Operation.Madvise { Advice: Advice.Mergeable or Advice.Unmergeable } => HostKernel.HasKsm,
        _ => true,
    });

    /// <summary>A difference that stays the same three times more; a busy machine may have another on the way.</summary>
    private static string? ConfirmedDifference(Scenario scenario, Func<(string Printed, string? Problem)> run)
    {
        HashSet<string?> seen = [.. Enumerable.Range(0, 3).Select(_ => Difference(scenario, run))];
        return seen.Count == 1 ? seen.Single() : null;
    }

    /// <summary>The first operation to which Linux answers otherwise than the model.</summary>
    private static string? Difference(Scenario scenario, Func<(string Printed, string? Problem)> run)
    {
        (string printed, string? problem) = run();
        if (problem is not null || !ScenarioText.TryParse(printed, "output", out ScenarioFile? answered, out _))
            return problem ?? $"prints no scenario:\n{printed}";

        var machine = new Machine(HostKernel.Rules, scenario.Options);
        foreach ((int index, (Step asked, Step answer)) in scenario.Steps.Zip(answered.Scenario.Steps).Index())
        {
            Outcome outcome = machine.Execute(asked.Operation);
            if (answer.Operation != asked.Operation || answer.Expected is null || !answer.Accepts(outcome))
            {
                return $"{ScenarioText.Print(asked.Operation)}: the model gives {outcome}, "
                    + $"Linux {answer.Expected} ({ScenarioText.Print(answer.Operation)})";
            }

            // Behind the arena lies what the program has for itself, too.
            bool isInArena = machine.Processes.All(process => process.Mm.Vmas.All(vma => vma.End.Number <= ArenaPages));
            if (isInArena && Expectations.Unmet(answered, index + 1, machine).FirstOrDefault() is { } unmet)
                return $"after {ScenarioText.Print(asked.Operation)}, Linux has what the model has not: {unmet}";
        }

        return answered.Scenario.Steps.Length == scenario.Steps.Length ? null : $"prints not every operation:\n{printed}";
    }

    private static (string Printed, string? Problem) Run(string bundle, int number, string folder)
    {
        OtherProgram ran = OtherProgram.Run(Longest, folder, "env", Bundle.Choice(number), bundle);
        string ended = ran.TookTooLong ? $"did not end in {Longest.TotalSeconds} s, was ended" : $"ended with {ran.ExitCode}";
        return (ran.Output, ran.ExitCode == 0 ? null : $"{ended}:\n{ran.Output}{ran.Error}");
    }
}
