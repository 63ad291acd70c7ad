using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Rmap.Adapters.Tests.FsCheckXunit;
using Xunit.Abstractions;

[assembly: Properties(Arbitrary = [typeof(AssemblyArbitraries)])]

namespace Rmap.Adapters.Tests.FsCheckXunit;

/// <summary>Two types of values that only tell who generated them.</summary>
public sealed record Origin(string Name);

public sealed record OtherOrigin(string Name);

public static class AssemblyArbitraries
{
    public static Arbitrary<Origin> Origin() => Gen.Constant(new Origin("assembly")).ToArbitrary();

    public static Arbitrary<OtherOrigin> OtherOrigin() => Gen.Constant(new OtherOrigin("assembly")).ToArbitrary();
}

public static class ClassArbitraries
{
    public static Arbitrary<Origin> Origin() => Gen.Constant(new Origin("class")).ToArbitrary();
}

public static class MethodArbitraries
{
    public static Arbitrary<Origin> Origin() => Gen.Constant(new Origin("method")).ToArbitrary();
}

/// <summary>How the attributes' settings make the run of a property.</summary>
public class SettingsTests
{
    private static string Ok(int tests) => $"Ok, passed {tests} test{(tests == 1 ? "" : "s")}.{Environment.NewLine}{Environment.NewLine}";

    [Fact]
    public void An_unset_setting_shows_minus_one_or_nothing()
    {
        var property = new PropertyAttribute();
        Assert.Null(property.Replay);
        Assert.Equal(
            [-1, -1, -1, -1, -1],
            [property.Parallelism, property.MaxTest, property.MaxRejected, property.StartSize, property.EndSize]);
        Assert.False(property.Verbose);
        Assert.False(property.QuietOnSuccess);
        Assert.Empty(property.Arbitrary);
    }

    [Fact]
    public async Task The_innermost_assigned_setting_wins()
    {
        var outer = await PropertyRun.Of<Outer>();
        Assert.Equal(Ok(7), outer[nameof(Outer.Of_the_class)].Output);
        Assert.Equal(Ok(3), outer[nameof(Outer.Of_the_method)].Output);

        var inner = await PropertyRun.Of<Outer.Inner>();
        Assert.Equal(Ok(5), inner[nameof(Outer.Inner.Of_the_inner_class)].Output);
        Assert.Equal(Ok(3), inner[nameof(Outer.Inner.Of_the_method)].Output);
    }

    [Fact]
    public async Task A_setting_that_is_not_assigned_leaves_the_outer_one_in_force()
    {
        // MaxTest comes from the outer class; the inner one assigns only QuietOnSuccess, and the second method takes it back.
        var results = await PropertyRun.Of<Outer.Quiet>();
        Assert.Equal("", results[nameof(Outer.Quiet.As_the_class)].Output);
        Assert.Equal(Ok(7), results[nameof(Outer.Quiet.Loud)].Output);
    }

    [Fact]
    public async Task Arbitraries_add_up_and_the_more_specific_wins()
    {
        var results = await PropertyRun.Of<Origins>();
        Assert.All(results.Values, result => Assert.IsAssignableFrom<ITestPassed>(result));
        Assert.Equal(4, results.Count);
    }

    [Fact]
    public async Task A_property_without_settings_runs_as_FsCheck_does_by_default()
    {
        Assert.Equal(Ok(100), (await PropertyRun.Single<Defaults>(nameof(Defaults.Sizes))).Output);
        Assert.Equal(100, Defaults.Seen.Count);
        Assert.Equal([2, 3, 4], Defaults.Seen[..3]);
        Assert.Equal(100, Defaults.Seen[^1]);

        var exhausted = (ITestFailed)await PropertyRun.Single<Defaults>(nameof(Defaults.Rejects));
        Assert.StartsWith($"{Environment.NewLine}Arguments exhausted after 0 tests.", exhausted.Messages[0]);
        Assert.Equal(1000, Defaults.Rejected);
    }

    [Fact]
    public async Task Sizes_and_rejections_can_be_set()
    {
        var results = await PropertyRun.Of<Sized>();
        Assert.IsAssignableFrom<ITestPassed>(results[nameof(Sized.Grows)]);
        Assert.Equal([12, 14, 16, 18, 20], Sized.Seen);

        Assert.IsAssignableFrom<ITestFailed>(results[nameof(Sized.Rejects)]);
        Assert.Equal(4, Sized.Rejected);
    }

    [Fact]
    public async Task Verbose_prints_the_arguments_of_every_case_and_shrink()
    {
        var result = await PropertyRun.Single<Printed>();
        var passed = string.Concat(Enumerable.Range(0, 3).Select(n => $"{n}:\n7\n\n"));
        Assert.Equal(passed + "Ok, passed 3 tests.\n\n", result.Output.ReplaceLineEndings("\n"));

        var failed = await PropertyRun.Single<PrintedFailure>();
        Assert.Contains("shrink:\n", failed.Output.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData(nameof(Parallel.Two_at_a_time))]
    [InlineData(nameof(Parallel.As_many_as_processors))]
    public async Task Parallel_cases_run_at_the_same_time(string method)
    {
        if (Environment.ProcessorCount == 1 && method == nameof(Parallel.As_many_as_processors)) return;
        var result = await PropertyRun.Single<Parallel>(method);
        Assert.True(result is ITestPassed, (result as ITestFailed)?.Messages[0]);
    }

    [Properties(MaxTest = 7)]
    private sealed class Outer
    {
        [Property]
        public void Of_the_class(int _)
        {
        }

        [Property(MaxTest = 3)]
        public void Of_the_method(int _)
        {
        }

        [Properties(MaxTest = 5)]
        internal sealed class Inner
        {
            [Property]
            public void Of_the_inner_class(int _)
            {
            }

            [Property(MaxTest = 3)]
            public void Of_the_method(int _)
            {
            }
        }

        [Properties(QuietOnSuccess = true)]
        internal sealed class Quiet
        {
            [Property]
            public void As_the_class(int _)
            {
            }

            [Property(QuietOnSuccess = false)]
            public void Loud(int _)
            {
            }
        }
    }

    [Properties(Arbitrary = [typeof(ClassArbitraries)])]
    private sealed class Origins
    {
        [Property]
        public bool Of_the_class(Origin origin) => origin.Name == "class";

        [Property(Arbitrary = [typeof(MethodArbitraries)])]
        public bool Of_the_method(Origin origin) => origin.Name == "method";

        [Property(Arbitrary = [typeof(MethodArbitraries), typeof(AssemblyArbitraries)])]
        public bool The_first_of_two(Origin origin) => origin.Name == "method";

        [Property(Arbitrary = [typeof(MethodArbitraries)])]
        public bool Of_the_assembly(OtherOrigin origin) => origin.Name == "assembly";
    }

    private sealed class Defaults
    {
        public static List<int> Seen { get; } = [];

        public static int Rejected { get; private set; }

        [Property(Arbitrary = [typeof(SizeArbitrary)])]
        public void Sizes(CaseSize size) => Seen.Add(size.Value);

        [Property]
        public Property Rejects(int _)
        {
            Rejected++;
            return true.When(false);
        }
    }

    private sealed class Sized
    {
        public static List<int> Seen { get; } = [];

        public static int Rejected { get; private set; }

        [Property(MaxTest = 5, StartSize = 10, EndSize = 20, Arbitrary = [typeof(SizeArbitrary)])]
        public void Grows(CaseSize size) => Seen.Add(size.Value);

        [Property(MaxRejected = 4)]
        public Property Rejects(int _)
        {
            Rejected++;
            return true.When(false);
        }
    }

    private sealed class Printed
    {
        [Property(MaxTest = 3, Verbose = true, Arbitrary = [typeof(Sevens)])]
        public void Prints(int _)
        {
        }
    }

    private sealed class PrintedFailure
    {
        [Property(Verbose = true, Replay = "8472652653246741841,15208012731829302849")]
        public bool Prints(int[] values) => values.Length < 3;
    }

    private sealed class Parallel : IDisposable
    {
        // A case passes its barrier only when another one runs at the same time.
        private readonly Barrier barrier = new(2);

        public void Dispose() => barrier.Dispose();

        [Property(MaxTest = 10, Parallelism = 2)]
        public bool Two_at_a_time(int _) => barrier.SignalAndWait(TimeSpan.FromSeconds(20));

        [Property(MaxTest = 10, Parallelism = -1)]
        public bool As_many_as_processors(int _) => barrier.SignalAndWait(TimeSpan.FromSeconds(20));
    }

    internal sealed record CaseSize(int Value);

    internal static class SizeArbitrary
    {
        public static Arbitrary<CaseSize> CaseSize() => Gen.Sized(size => Gen.Constant(new CaseSize(size))).ToArbitrary();
    }

    internal static class Sevens
    {
        public static Arbitrary<int> Int32() => Gen.Constant(7).ToArbitrary();
    }
}
