using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Text;
using Xunit.Abstractions;

namespace Rmap.Properties.Properties;

/// <summary>Property 8: the generator reaches what it is there for.</summary>
public class GeneratorProperties(ITestOutputHelper output)
{
    /// <summary>Of each profile. From any seed (RMAP_SEED) the rarest situations take more than from the usual one.</summary>
    private static readonly long Cases = Math.Max(500, SuiteSettings.Scenarios / 48);

    [Fact]
    public void Every_named_situation_is_reached()
    {
        SituationCounter counter = Count(new Linux618(), Profile.All);
        for (int i = 0; i < Situations.All.Count; i++)
        {
            output.WriteLine(
                $"{counter.Hits[i],8}  {1000.0 * counter.Hits[i] / counter.Steps,7:0.00} of 1,000 operations  {Situations.All[i].Name}");
        }

        Assert.True(Situations.All.Count >= 40);
        Assert.All(
            Enumerable.Range(0, Situations.All.Count), i => Assert.True(counter.Hits[i] > 0, $"never reached: {Situations.All[i].Name}"));
    }

    [Fact]
    public void Most_operations_do_what_was_asked()
    {
        foreach (Profile profile in Profile.All.Where(profile => profile.Name != "uniform"))
        {
            SituationCounter counter = Count(new Linux618(), [profile]);
            double share = (double)counter.Succeeded / counter.Steps;
            output.WriteLine($"{profile.Name,-8} {share:P0} of {counter.Steps} operations succeed");
            Assert.InRange(share, 0.75, 0.99);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_case()
    {
        foreach (Profile profile in Profile.All)
        {
            Scenario once = GeneratedRun.Check(profile, 42, new Linux618()).Scenario;
            Assert.Equal(once, GeneratedRun.Check(profile, 42, new Linux618()).Scenario);
            Assert.NotEqual(once, GeneratedRun.Check(profile, 43, new Linux618()).Scenario);
        }
    }

    /// <summary>Islands of few pages have no room for the longest of the usual ranges.</summary>
    [Fact]
    public void New_mappings_fit_into_the_smallest_of_layouts()
    {
        var mm = new Machine(new Linux618()).Processes[0].Mm;
        for (ulong seed = 1; seed <= 2_000; seed++)
        {
            PageRange range = new OperandDraws(new Limits(Pages: 6), seed).FreshRange(mm);
            Assert.InRange(range.Start.Number, 0, PageTable.Pages - 1);
            Assert.InRange(range.Pages, 1, 1L << 32);
        }
    }

    /// <summary>What only reads takes no frames, so that memory does not bound it; what writes ends when they are out.</summary>
    [Theory]
    [InlineData("P0 mmap 0+4097 r private anon locked", true)]
    [InlineData("P0 mmap 0+4096 r private anon locked", false)]
    [InlineData("P0 mmap 0+1000000 rw private anon locked", false)]
    [InlineData("P0 mmap 0+1000000 r private anon; P0 mlockall current", true)]
    [InlineData("P0 mmap 0+1000000 r private anon; P0 mlockall current onfault", false)]
    [InlineData("P0 mmap 0+1000000 r private anon; P0 mlockall future", false)]
    [InlineData("P0 mlockall future; P0 mmap 0+1000000 none private anon", true)]
    [InlineData("P0 mlockall future; S shmget 1000000; P0 shmat S 0", false)]
    [InlineData("P0 mmap 0+1000000 r private anon; P0 mlock 0+5000", true)]
    [InlineData("P0 mmap 0+1000000 r private anon; P0 madvise 0+5000 populate-read", true)]
    [InlineData("P0 mmap 0+1000000 r private anon; P0 mprotect 0+5000 rw", false)]
    [InlineData("P0 mmap 0+1000000 r private anon; P0 mlock 0+1000000 onfault; P0 mprotect 0+5000 rw", true)]
    [InlineData("P0 mmap 0+1 r private anon locked; P0 mremap 0+1 -> +1000000", true)]
    public void Nothing_is_drawn_that_fills_too_much(string operations, bool isTooMuch)
    {
        Scenario scenario = ScenarioText.Parse(operations.Replace("; ", "\n", StringComparison.Ordinal));
        var machine = new Machine(new Linux618(), new() { Frames = 2048 });
        foreach (Step step in scenario.Steps[..^1])
            machine.Execute(step.Operation);

        Assert.Equal(isTooMuch, Filling.IsTooMuch(machine, scenario.Steps[^1].Operation));
    }

    [Fact]
    public void The_docs_tell_what_each_profile_is_good_at() => Assert.All(
        Profile.All, profile => Assert.Contains($"\n| `{profile.Name}` | {profile.Purpose} |\n", Docs.Page("generator.md")));

    private static SituationCounter Count(Rules rules, IReadOnlyList<Profile> profiles)
    {
        var counter = new SituationCounter();
        var plan = new CampaignPlan(rules, profiles, SuiteSettings.Seed, Cases * profiles.Count);
        for (long i = 0; i < plan.Scenarios; i++)
            GeneratedRun.Check(plan.ProfileOf(i), plan.SeedOf(i), rules, plan.Limits, counter);

        return counter;
    }
}
