using FsCheck.Xunit;
using Xunit.Abstractions;

namespace Rmap.Adapters.Tests.FsCheckXunit;

/// <summary>A seed gives the same cases again; a bad one fails the property.</summary>
public class ReplayTests
{
    [Fact]
    public async Task The_same_seed_gives_the_same_cases()
    {
        await PropertyRun.Of<Seeded>();
        Assert.Equal(20, Seeded.First.Count);
        Assert.Equal(Seeded.First, Seeded.Again);
        Assert.Equal(Seeded.First, Seeded.InParallel.Order(Comparer<long>.Create(
            (x, y) => Seeded.First.IndexOf(x).CompareTo(Seeded.First.IndexOf(y)))));
        Assert.NotEqual(Seeded.First, Seeded.Other);
    }

    [Fact]
    public async Task Without_a_seed_or_with_an_empty_one_every_run_is_another()
    {
        Assert.All((await PropertyRun.Of<Unseeded>()).Values, result => Assert.IsAssignableFrom<ITestPassed>(result));
        Assert.NotEqual(Unseeded.First, Unseeded.Other);
    }

    [Fact]
    public async Task A_failure_reports_the_seed_that_fails_again_at_once()
    {
        var failed = (ITestFailed)await PropertyRun.Single<Fails>();
        Assert.Contains("Falsifiable, after 12 tests (0 shrinks) (8472652653246741841,15208012731829302849). ", failed.Messages[0]);

        var seed = failed.Messages[0].Split("Replay directly at failing step with ")[1].Split(").")[0] + ")";
        Assert.Equal(FailsAgain.Seed, seed);

        var again = (ITestFailed)await PropertyRun.Single<FailsAgain>();
        Assert.Contains("Falsifiable, after 1 test (0 shrinks)", again.Messages[0]);
    }

    [Fact]
    public async Task A_seed_with_a_size_runs_one_case_of_that_size()
    {
        var result = await PropertyRun.Single<OneCase>();
        Assert.StartsWith("Ok, passed 1 test.", result.Output);
        Assert.Equal(31, OneCase.Size);
    }

    [Fact]
    public async Task A_text_that_is_no_seed_fails_the_property_and_says_what_is_expected()
    {
        var results = await PropertyRun.Of<Malformed>();
        Assert.Equal(5, results.Count);
        Assert.All(results.Values, result =>
            Assert.Contains("Expected \"seed,gamma\" or \"seed,gamma,size\"", Assert.IsAssignableFrom<ITestFailed>(result).Messages[0]));
    }

    [Properties(Replay = "(8472652653246741843,15208012731829302849)", MaxTest = 20)]
    private sealed class Seeded
    {
        private const string Seed = "(8472652653246741841,15208012731829302849)";

        public static List<long> First { get; } = [];

        public static List<long> Again { get; } = [];

        public static List<long> InParallel { get; } = [];

        public static List<long> Other { get; } = [];

        [Property(Replay = Seed)]
        public void A(long value, byte[] more) => First.Add(HashCode(value, more));

        [Property(Replay = "8472652653246741841,15208012731829302849")]
        public void B(long value, byte[] more) => Again.Add(HashCode(value, more));

        [Property(Replay = Seed, Parallelism = 2)]
        public void C(long value, byte[] more)
        {
            lock (InParallel) InParallel.Add(HashCode(value, more));
        }

        [Property]
        public void D(long value, byte[] more) => Other.Add(HashCode(value, more));

        private static long HashCode(long value, byte[] more) => more.Aggregate(value, (hash, next) => (hash * 31) + next);
    }

    private sealed class Unseeded
    {
        public static List<ulong> First { get; } = [];

        public static List<ulong> Other { get; } = [];

        [Property(Replay = "")]
        public void A(ulong value, ulong more) => First.Add(value ^ more);

        [Property]
        public void B(ulong value, ulong more) => Other.Add(value ^ more);
    }

    private sealed class Fails
    {
        [Property(Replay = "8472652653246741841,15208012731829302849", Arbitrary = [typeof(SettingsTests.SizeArbitrary)])]
        public bool At_the_twelfth_case(SettingsTests.CaseSize size) => size.Value < 13;
    }

    private sealed class FailsAgain
    {
        public const string Seed = "(17206708504397211412,4760537691430375811,13)";

        [Property(Replay = Seed, Arbitrary = [typeof(SettingsTests.SizeArbitrary)])]
        public bool At_once(SettingsTests.CaseSize size) => size.Value < 13;
    }

    private sealed class OneCase
    {
        public static int Size { get; private set; }

        [Property(Replay = "8472652653246741841,15208012731829302849,31", Arbitrary = [typeof(SettingsTests.SizeArbitrary)])]
        public void Runs(SettingsTests.CaseSize size) => Size = size.Value;
    }

    private sealed class Malformed
    {
        [Property(Replay = "12")]
        public void One_number(int _)
        {
        }

        [Property(Replay = "12,x")]
        public void A_letter(int _)
        {
        }

        [Property(Replay = "12,14")]
        public void An_even_gamma(int _)
        {
        }

        [Property(Replay = "12,13,-1")]
        public void A_negative_size(int _)
        {
        }

        [Property(Replay = "12,13,1,1")]
        public void Four_numbers(int _)
        {
        }
    }
}
