using System.Reflection;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Rmap.Adapters.Tests.FsCheckXunit;

/// <summary>How one property runs as one test.</summary>
public class PropertyTests
{
    [Fact]
    public async Task A_test_class_is_made_once_for_all_cases_and_gets_its_fixtures_and_output()
    {
        var result = await PropertyRun.Single<Lifetime>();
        Assert.True(result is ITestPassed, (result as ITestFailed)?.Messages[0]);
        Assert.Equal(["fixture", "constructor", "initialize", .. Enumerable.Repeat("case", 10), "dispose"], Lifetime.Log);
        Assert.StartsWith("written by the constructor" + Environment.NewLine, result.Output);
    }

    [Fact]
    public async Task Attributes_that_run_before_and_after_a_test_are_not_called()
    {
        var result = await PropertyRun.Single<Surrounded>();
        Assert.IsAssignableFrom<ITestPassed>(result);
        Assert.False(SurroundAttribute.WasCalled);
    }

    [Fact]
    public async Task A_method_may_return_anything_testable()
    {
        var results = await PropertyRun.Of<Testables>();
        Assert.Equal(14, results.Count);
        Assert.All(results, result => Assert.Equal(result.Key.StartsWith("Fails", StringComparison.Ordinal), result.Value is ITestFailed));
    }

    [Fact]
    public async Task A_passing_property_prints_the_number_of_cases_and_their_classification()
    {
        var result = await PropertyRun.Single<Classified>();
        Assert.Equal("Ok, passed 10 tests (100% small).\n\n", result.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_failure_tells_the_original_and_the_shrunk_arguments_and_the_cause()
    {
        var failed = (ITestFailed)await PropertyRun.Single<Falsified>();
        var message = failed.Messages[0].ReplaceLineEndings("\n");
        Assert.Equal(typeof(PropertyFailedException).FullName, failed.ExceptionTypes[0]);
        Assert.StartsWith("\nFalsifiable, after ", message);
        Assert.Contains("Original:\n", message);
        Assert.EndsWith("Shrunk:\n[|0; 0; 0|]\n", message);
        Assert.Equal(typeof(InvalidOperationException).FullName, failed.ExceptionTypes[1]);
        Assert.Equal("three are too many", failed.Messages[1]);
    }

    [Fact]
    public async Task Whatever_goes_wrong_fails_one_property_and_the_others_run()
    {
        var constructed = (ITestFailed)await PropertyRun.Single<ThrowingConstructor>();
        Assert.Equal("no such machine", constructed.Messages[0]);

        var disposed = (ITestFailed)await PropertyRun.Single<ThrowingDispose>();
        Assert.Equal("still in use", disposed.Messages[0]);

        var initialized = (ITestFailed)await PropertyRun.Single<ThrowingInitialize>();
        Assert.Equal("not today", initialized.Messages[0]);

        var withoutFixture = (ITestFailed)await PropertyRun.Single<ThrowingFixture>();
        Assert.Contains("broken fixture", string.Concat(withoutFixture.Messages));

        var ungenerated = await PropertyRun.Of<Ungenerated>();
        Assert.IsAssignableFrom<ITestFailed>(ungenerated[nameof(Ungenerated.Without_a_generator)]);
        Assert.IsAssignableFrom<ITestPassed>(ungenerated[nameof(Ungenerated.With_one)]);
    }

    [Fact]
    public async Task A_skipped_property_does_not_run()
    {
        var skipped = Assert.IsAssignableFrom<ITestSkipped>(await PropertyRun.Single<Skipped>());
        Assert.Equal("too slow", skipped.Reason);
    }

    [Fact]
    public async Task A_property_has_its_display_name_and_no_timeout()
    {
        var result = await PropertyRun.Single<Named>();
        Assert.Equal("a name of its own", result.Test.DisplayName);
        Assert.IsAssignableFrom<ITestPassed>(result);
    }

    [Fact]
    public void A_test_case_survives_serialization_which_test_hosts_rely_on()
    {
        var testClass = new TestClass(
            new TestCollection(new TestAssembly(Reflector.Wrap(typeof(Named).Assembly)), null, "x"), Reflector.Wrap(typeof(Named)));
        var method = new TestMethod(testClass, testClass.Class.GetMethod(nameof(Named.Runs), false));
        var sink = new NullMessageSink();
        var discovered = Assert.Single(new PropertyDiscoverer(sink).Discover(new DefaultOptions(), method, null!));

        var copy = SerializationHelper.Deserialize<PropertyTestCase>(SerializationHelper.Serialize(discovered));
        Assert.Equal(discovered.UniqueID, copy.UniqueID);
        Assert.Equal("a name of its own", copy.DisplayName);
    }

    private sealed class LifetimeFixture
    {
        public LifetimeFixture() => Lifetime.Log.Add("fixture");
    }

    private sealed class Lifetime : IClassFixture<LifetimeFixture>, IAsyncLifetime, IDisposable
    {
        public Lifetime(LifetimeFixture fixture, ITestOutputHelper output)
        {
            Assert.NotNull(fixture);
            Log.Add("constructor");
            output.WriteLine("written by the constructor");
        }

        public static List<string> Log { get; } = [];

        public async Task InitializeAsync()
        {
            await Task.Yield();
            Log.Add("initialize");
        }

        [Property(MaxTest = 10)]
        public void Case(int _) => Log.Add("case");

        public Task DisposeAsync()
        {
            Log.Add("dispose async");
            return Task.CompletedTask;
        }

        public void Dispose() => Log.Add("dispose");
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class SurroundAttribute : BeforeAfterTestAttribute
    {
        public static bool WasCalled { get; private set; }

        public override void Before(MethodInfo methodUnderTest) => WasCalled = true;

        public override void After(MethodInfo methodUnderTest) => WasCalled = true;
    }

    private sealed class Surrounded
    {
        [Property, Surround]
        public void Property(int _)
        {
        }
    }

    private sealed class Testables
    {
        [Property]
        public void Void(int _)
        {
        }

        [Property]
        public void Fails_void(int _) => throw new InvalidOperationException();

        [Property]
        public bool Bool(int _) => true;

        [Property]
        public bool Fails_bool(int _) => false;

        [Property]
        public Property Property(int value) => (value == value + 0).ToProperty();

        [Property]
        public Property Fails_property(int _) => false.ToProperty();

        [Property]
        public async Task Task(int _) => await System.Threading.Tasks.Task.Yield();

        [Property]
        public async Task Fails_task(int _)
        {
            await System.Threading.Tasks.Task.Yield();
            throw new InvalidOperationException();
        }

        [Property]
        public async Task<bool> Task_of_bool(int _)
        {
            await System.Threading.Tasks.Task.Yield();
            return true;
        }

        [Property]
        public async Task<bool> Fails_task_of_bool(int _)
        {
            await System.Threading.Tasks.Task.Yield();
            return false;
        }

        [Property]
        public async Task<Property> Task_of_property(int _)
        {
            await System.Threading.Tasks.Task.Yield();
            return true.ToProperty();
        }

        [Property]
        public static bool Static(int _) => true;

        [Property]
        public bool Without_arguments() => true;

        [Property]
        public bool Fails_with_several_arguments(int a, string b, bool[] c) => (a, b, c).ToString() == "";
    }

    private sealed class Classified
    {
        [Property(MaxTest = 10)]
        public Property Small(byte _) => true.ToProperty().Classify(true, "small");
    }

    private sealed class Falsified
    {
        [Property(Replay = "8472652653246741841,15208012731829302849")]
        public void At_three(int[] values)
        {
            if (values.Length >= 3) throw new InvalidOperationException("three are too many");
        }
    }

    private sealed class ThrowingConstructor
    {
        public ThrowingConstructor() => throw new InvalidOperationException("no such machine");

        [Property]
        public bool Property(int _) => true;
    }

    private sealed class ThrowingDispose : IDisposable
    {
        [Property]
        public bool Property(int _) => true;

        public void Dispose() => throw new InvalidOperationException("still in use");
    }

    private sealed class ThrowingInitialize : IAsyncLifetime
    {
        [Property]
        public bool Property(int _) => true;

        public Task InitializeAsync() => throw new InvalidOperationException("not today");

        public Task DisposeAsync() => Task.CompletedTask;
    }

    private sealed class BrokenFixture
    {
        public BrokenFixture() => throw new InvalidOperationException("broken fixture");
    }

    private sealed class ThrowingFixture : IClassFixture<BrokenFixture>
    {
        [Property]
        public bool Property(int _) => true;
    }

    private interface IUngeneratable
    {
        IUngeneratable Other { get; }
    }

    private sealed class Ungenerated
    {
        [Property]
        public bool Without_a_generator(IUngeneratable _) => true;

        [Property]
        public bool With_one(int _) => true;
    }

    private sealed class Skipped
    {
        [Property(Skip = "too slow")]
        public bool Property(int _) => throw new InvalidOperationException("it ran");
    }

    private sealed class Named
    {
        [Property(DisplayName = "a name of its own", Timeout = 1, MaxTest = 1)]
        public void Runs(int _) => Thread.Sleep(50);
    }
}

/// <summary>Two classes that the test host finds, runs and may run at the same time, as it does those of the suite.</summary>
[Properties(MaxTest = 50)]
public class HostedProperties(ITestOutputHelper output)
{
    [Property]
    public bool Reversing_twice_changes_nothing(int[] values) => values.Reverse().Reverse().SequenceEqual(values);

    [Property(Replay = "8472652653246741841,15208012731829302849")]
    public void Output_can_be_written(byte value) => output.WriteLine(value.ToString());
}

[Properties(MaxTest = 50)]
public class MoreHostedProperties
{
    [Property]
    public async Task<bool> Tasks_are_awaited(int value)
    {
        await Task.Yield();
        return value == Math.Max(value, value);
    }

    [Property]
    public static Property Static_properties_run(int a, int b) => (a + b == b + a).ToProperty();
}
