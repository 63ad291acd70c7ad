using System.Collections.Concurrent;
using System.Globalization;
using Rmap.Properties.Generating;
using Rmap.Properties.Running;
using Rmap.Regressions.Host;
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

    /// <summary>A program ends itself after one minute.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    [Fact]
    public Task Looks_as_approved() => Verify(
        CText.Of(StoredScenario.Read("Scenarios", "anon-parent-and-two-children").File.Scenario, "anon-parent-and-two-children.rmap"));

    [NeedsCompilerFact]
    public void What_no_system_call_does_is_told_and_left_out() => InParallel(
        Stored().Where(each => each.Scenario.Steps.Any(step => !CText.IsPossible(step.Operation))),
        (name, scenario, folder) =>
        {
            (string printed, string? problem) = Run(scenario, folder);
            int told = printed.Split('\n').Count(line => line.Contains(": not possible from user space", StringComparison.Ordinal));
            int impossible = scenario.Steps.Count(step => !CText.IsPossible(step.Operation));
            return Tell(name, problem ?? (told == impossible ? null : $"tells {told} of {impossible}:\n{printed}"));
        });

    /// <summary>
    /// On a kernel with no rules of its own version, what differs is told and is no failure: nobody has checked the rules against it.
    /// </summary>
    [NeedsCompilerFact]
    public void Linux_does_what_the_model_says()
    {
        var compared = new ConcurrentBag<int>();
        List<string> differences = InParallel(
            Stored().Concat(Generated()).Select(each => (each.Name, Doable(each.Scenario))).Where(each => IsDoable(each.Item2)),
            (name, scenario, folder) =>
            {
                compared.Add(scenario.Steps.Length);
                return Tell(name, Difference(scenario, folder) is null ? null : ConfirmedDifference(scenario, folder));
            },
            asserts: HostKernel.HasRulesOfItsOwn);
        output.WriteLine(
            $"{compared.Count} programs, {compared.Sum()} operations on {HostKernel.Name}, compared with {HostKernel.Rules.Name}: "
            + $"{differences.Count} differ");
    }

    private static string? Tell(string name, string? problem) => problem is null ? null : $"{name}: {problem}";

    /// <summary>Does something for each scenario in a folder of its own, and gives what was wrong.</summary>
    private List<string> InParallel(
        IEnumerable<(string Name, Scenario Scenario)> scenarios, Func<string, Scenario, string, string?> test, bool asserts = true)
    {
        string folder = Directory.CreateTempSubdirectory("rmap-c-").FullName;
        try
        {
            var problems = new ConcurrentBag<string>();
            Parallel.ForEach(scenarios, each =>
            {
                string own = Directory.CreateDirectory(Path.Combine(folder, each.Name)).FullName;
                if (test(each.Name, each.Scenario, own) is { } problem)
                {
                    problems.Add(problem);
                }
            });
            List<string> sorted = [.. problems.Order(StringComparer.Ordinal)];
            sorted.ForEach(output.WriteLine);
            Assert.True(!asserts || sorted.Count == 0, string.Join('\n', sorted));
            return sorted;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<(string Name, Scenario Scenario)> Stored() =>
        from folder in new[] { "Scenarios", "Merges" }
        from name in StoredScenario.In(folder)
        select (name, StoredScenario.Read(folder, name).File.Scenario);

    private static IEnumerable<(string Name, Scenario Scenario)> Generated() =>
        from profile in Profile.All
        from index in Enumerable.Range(0, GeneratedOfEachProfile)
        let seed = SuiteSettings.Seed + (ulong)index
        select (
            string.Create(CultureInfo.InvariantCulture, $"{profile.Name}-{seed}"),
            GeneratedRun.Check(profile, seed, HostKernel.Rules).Scenario);

    /// <summary>The scenario without what no program can do, or nothing comes of without swap, with the settings of this system.</summary>
    private static Scenario Doable(Scenario scenario) => new(
        [
            .. scenario.Steps.Where(step => CText.IsPossible(step.Operation)
                && (HostKernel.HasSwap || step.Operation is not Operation.Madvise { Advice: Advice.PageOut })),
        ],
        new MachineOptions { MmapBase = scenario.Options.MmapBase, FaultAround = 16 });

    /// <summary>Whether this system has all that the scenario needs.</summary>
    private static bool IsDoable(Scenario scenario) => scenario.Steps.All(step => step.Operation switch
    {
        Operation.UffdMove => HostKernel.Version >= new Version(6, 8),
        Operation.MemoryMerge => HostKernel.HasKsm && HostKernel.Version >= new Version(6, 4),
        Operation.Madvise { Advice: Advice.Mergeable or Advice.Unmergeable } => HostKernel.HasKsm,
        _ => true,
    });

    /// <summary>A difference that stays the same three times more; a busy machine may have another on the way.</summary>
    private static string? ConfirmedDifference(Scenario scenario, string folder)
    {
        HashSet<string?> seen = [.. Enumerable.Range(0, 3).Select(_ => Difference(scenario, folder))];
        return seen.Count == 1 ? seen.Single() : null;
    }

    /// <summary>The first operation to which Linux answers otherwise than the model.</summary>
    private static string? Difference(Scenario scenario, string folder)
    {
        (string printed, string? problem) = Run(scenario, folder);
        if (problem is not null || !ScenarioText.TryParse(printed, "output", out ScenarioFile? answered, out _))
        {
            return problem ?? $"prints no scenario:\n{printed}";
        }

        var machine = new Machine(HostKernel.Rules, scenario.Options);
        foreach ((Step asked, Step answer) in scenario.Steps.Zip(answered.Scenario.Steps))
        {
            Outcome outcome = machine.Execute(asked.Operation);
            if (answer.Operation != asked.Operation || answer.Expected is null || !answer.Accepts(outcome))
            {
                return $"{ScenarioText.Print(asked.Operation)}: the model gives {outcome}, "
                    + $"Linux {answer.Expected} ({ScenarioText.Print(answer.Operation)})";
            }
        }

        return answered.Scenario.Steps.Length == scenario.Steps.Length ? null : $"prints not every operation:\n{printed}";
    }

    private static (string Printed, string? Problem) Run(Scenario scenario, string folder)
    {
        string program = Path.Combine(folder, "scenario");
        File.WriteAllText($"{program}.c", CText.Of(scenario));
        OtherProgram compiled = OtherProgram.Run(
            Longest, folder, NeedsCompilerFactAttribute.Compiler!, "-Wall", "-Wextra", "-Werror", "-o", program, $"{program}.c");
        if (compiled.ExitCode != 0)
        {
            return ("", $"does not compile:\n{compiled.Error}");
        }

        OtherProgram ran = OtherProgram.Run(Longest, folder, program);
        return (ran.Output, ran.ExitCode == 0 ? null : $"ended with {ran.ExitCode}:\n{ran.Output}{ran.Error}");
    }
}
