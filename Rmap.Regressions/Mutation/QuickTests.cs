using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Rmap.Regressions.Mutation;

/// <summary>
/// The tests that are quick and strict, run in this process: those of classes with <c>[Trait("Speed", "Quick")]</c>.
/// </summary>
internal sealed class QuickTests
{
    /// <summary>The variable that switches on a mutant from the beginning.</summary>
    internal const string OnVariable = "RMAP_MUTANT";

    private static readonly Assembly[] Assemblies = [typeof(QuickTests).Assembly, typeof(Properties.Running.Checkout).Assembly];

    private readonly Dictionary<ITestCase, ITestFrameworkExecutor> tests = [];

    internal QuickTests()
    {
        foreach (Assembly assembly in Assemblies)
        {
            var framework = new XunitTestFramework(new Listener(_ => { }));
            ITestFrameworkExecutor executor = framework.GetExecutor(assembly.GetName());
            var found = new List<ITestCase>();
            using var done = new ManualResetEventSlim();
            framework.GetDiscoverer(Reflector.Wrap(assembly)).Find(
                false,
                new Listener(message =>
                {
                    if (message is ITestCaseDiscoveryMessage { TestCase: var test } && IsQuick(test))
                        found.Add(test);
                    else if (message is IDiscoveryCompleteMessage)
                        done.Set();
                }),
                new Options());
            done.Wait();
            foreach (ITestCase test in found)
                tests.Add(test, executor);
        }
    }

    /// <summary>All of them, in order of their names.</summary>
    internal IEnumerable<ITestCase> All => tests.Keys.OrderBy(NameOf, StringComparer.Ordinal);

    internal static string NameOf(ITestCase test) =>
        $"{test.TestMethod.TestClass.Class.Name}.{test.TestMethod.Method.Name} {test.UniqueID[..8]}";

    private static bool IsQuick(ITestCase test) =>
        test.Traits.TryGetValue("Speed", out List<string>? speeds) && speeds.Contains("Quick");

    /// <summary>Runs one.</summary>
    /// <returns>What it failed with, or null.</returns>
    internal string? Run(ITestCase test)
    {
        string? failure = null;
        using var done = new ManualResetEventSlim();
        tests[test].RunTests(
            [test],
            new Listener(message =>
            {
                if (message is IFailureInformation failed)
                    failure ??= failed.Messages.FirstOrDefault() ?? "";
                else if (message is ITestAssemblyFinished)
                    done.Set();
            }),
            new Options());
        done.Wait();
        return failure;
    }

    private sealed class Listener(Action<IMessageSinkMessage> heard) : LongLivedMarshalByRefObject, IMessageSink
    {
        public bool OnMessage(IMessageSinkMessage message)
        {
            heard(message);
            return true;
        }
    }

    private sealed class Options : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        private readonly Dictionary<string, object?> values = new() { ["xunit.execution.DisableParallelization"] = true };

        public TValue GetValue<TValue>(string name) => values.TryGetValue(name, out object? value) ? (TValue)value! : default!;

        public void SetValue<TValue>(string name, TValue value) => values[name] = value;
    }
}
