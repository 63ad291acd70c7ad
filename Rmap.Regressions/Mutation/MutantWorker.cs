using System.Globalization;
using System.Reflection;
using Xunit.Abstractions;
using Process = System.Diagnostics.Process;

namespace Rmap.Regressions.Mutation;

/// <summary>
/// The process that runs the quick tests on the model with the mutants: this program again, beside another assembly of the model. It is
/// asked for mutants by number, a line each, and answers in lines.
/// </summary>
internal static class MutantWorker
{
    /// <summary>The answer of a worker in which a test fails without a mutant, too: something static is not as it was.</summary>
    internal const string Spoiled = "spoiled";

    /// <summary>A test that uses the processor for so much longer than ten times what it needs without a mutant goes on for ever.</summary>
    private static readonly TimeSpan Endless = TimeSpan.FromSeconds(3);

    private static readonly Type Switch = typeof(Machine).Assembly.GetType("Rmap.Model.MutantSwitch")
        ?? throw new InvalidOperationException("This model has no mutants.");

    private static readonly FieldInfo On = Switch.GetField("On")!;
    private static readonly FieldInfo Stop = Switch.GetField("Stop")!;
    private static readonly bool[] Reached = (bool[])Switch.GetField("Reached")!.GetValue(null)!;

    /// <summary>Runs each test twice and writes which mutants it reaches.</summary>
    internal static int Look(string file)
    {
        Console.SetOut(TextWriter.Null);
        var tests = new QuickTests();
        HashSet<int> first = TakeReached();
        foreach (ITestCase test in tests.All)
        {
            if (tests.Run(test) is { } failure)
            {
                Console.Error.WriteLine($"{test.DisplayName} fails without a mutant, so it cannot be a quick test: {failure}");
                return 1;
            }

            first.UnionWith(TakeReached());
        }

        var reaches = new List<Reach>();
        foreach (ITestCase test in tests.All)
        {
            TimeSpan began = Used();
            tests.Run(test);
            reaches.Add(new Reach(QuickTests.NameOf(test), Used() - began, TakeReached()));
        }

        Reach.Write(file, first.Except(reaches.SelectMany(reach => reach.Mutants)), reaches);
        return 0;
    }

    /// <summary>Tries the mutants that are asked for.</summary>
    internal static int Work(string file)
    {
        TextWriter answers = Console.Out;
        Console.SetOut(TextWriter.Null);
        bool isAlone = (int)On.GetValue(null)! >= 0;
        var tests = new QuickTests();
        Dictionary<string, ITestCase> byName = tests.All.ToDictionary(QuickTests.NameOf);
        var kills = new Dictionary<string, int>();
        List<Reach> reaches = [.. Reach.Read(file).Reaches.Where(reach => byName.ContainsKey(reach.Name))];
        while (Console.In.ReadLine() is { } line)
        {
            int mutant = int.Parse(line, CultureInfo.InvariantCulture);
            IEnumerable<Reach> order = reaches
                .Where(reach => isAlone || reach.Mutants.Contains(mutant))
                .OrderByDescending(reach => (kills.GetValueOrDefault(reach.Name) + 1) / (reach.Time.TotalMilliseconds + 1));
            On.SetValue(null, mutant);
            Reach? killer = order.FirstOrDefault(reach => Fails(tests, byName[reach.Name], reach));
            On.SetValue(null, isAlone ? mutant : -1);
            if (killer is null)
            {
                answers.WriteLine("survived\t");
                continue;
            }

            kills[killer.Name] = kills.GetValueOrDefault(killer.Name) + 1;
            bool isSpoiled = !isAlone && tests.Run(byName[killer.Name]) is not null;
            answers.WriteLine(isSpoiled ? Spoiled : $"killed\t{killer.Name}");
        }

        return 0;
    }

    /// <summary>Whether a test fails. One without end is stopped where it comes by a mutant, or else ends the process.</summary>
    private static bool Fails(QuickTests tests, ITestCase test, Reach reach)
    {
        TimeSpan limit = Used() + Endless + (10 * reach.Time);
        using var watch = new Timer(
            _ =>
            {
                Stop.SetValue(null, Used() > limit);
                if (Used() > limit + Endless)
                    Environment.Exit(1);
            },
            null, 500, 500);
        bool fails = tests.Run(test) is not null;
        watch.Change(Timeout.Infinite, Timeout.Infinite);
        Stop.SetValue(null, false);
        return fails;
    }

    /// <summary>The processor's time: what else the machine does makes no test endless.</summary>
    private static TimeSpan Used() => Process.GetCurrentProcess().TotalProcessorTime;

    private static HashSet<int> TakeReached()
    {
        HashSet<int> taken = [.. Enumerable.Range(0, Reached.Length).Where(number => Reached[number])];
        Array.Clear(Reached);
        return taken;
    }
}
