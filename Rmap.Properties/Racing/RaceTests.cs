using Rmap.Properties.Running;

namespace Rmap.Properties.Racing;

/// <summary>
/// What the drawing of blocks has found of each race, shrunk; and for B05 and B06, for which it would have to draw longer, and Dirty COW,
/// which is found in many forms, what one wants to read. Under the rules of Linux the same schedule does no harm.
/// </summary>
public class RaceTests
{
    public static TheoryData<string, string, string> Kept => new()
    {
        { "B02", "walk-complete", """
            P0 mmap 0+2 rw private anon
            P0 write 1 = 0
            P0 mremap 1+1 -> 2+1
            together
              a: P0 mremap 2+1 -> 1+1
              b: P0 referenced 2
            as a3 b2
            """ },
        { "B04", "goes-on", """
            P0 mmap 0+1 rw private anon
            P0 write 0 = 0
            together
              a: P0 reclaim 0
              b: P0 munmap 0+1
            as a3 b4
            """ },
        { "B05", "serialisable", """
            P0 mmap 0+1 rw private anon
            P0 write 0 = 1
            P0 reclaim 0
            together
              a: P0 read 0
              b: P0 write 0 = 2
              b: P0 madvise 0+1 dontneed
              b: P0 write 0 = 3
              b: P0 reclaim 0
            as a4 b20 a3
            """ },
        { "B06", "serialisable", """
            option swap-sync
            P0 mmap 0+1 rw private anon
            P0 write 0 = 1
            P0 reclaim 0
            together
              a: P0 read 0
              b: P0 write 0 = 2
              b: P0 reclaim 0
            as a5 b12 a2
            """ },
        { "B19", "serialisable", """
            F0 create 1 tmpfs = 1
            P0 mmap 0+1 rw private F0
            together
              a: P0 pin 0 G0 write
              a: G0 write = 2
              b: P0 madvise 0+1 dontneed
            as a6 b3 a6
            """ },
        { "B20", "step-live", """
            F0 create 3 tmpfs
            P0 mmap 0+1 rw private F0@2
            together
              a: P0 read 0
              b: F0 punch 2+1
            as a4 b4
            """ },
        { "R01", "one-root", """
            P0 mmap 0+1 rw private anon
            together
              a: P0 write 0 = 0
              b: P0 write 0 = 0
            as a3 b6
            """ },
        { "R03", "step-live", """
            P0 mmap 0+1 rw private anon
            P0 write 0 = 0
            P0 fork P1
            together
              a: P0 write 0 = 0
              b: P0 migrate 0
            as a2 b8
            """ },
        { "R06", "step-permission", """
            P0 mmap 0+1 rw private anon
            P0 write 0 = 0
            P0 reclaim 0
            together
              a: P0 read 0
              b: P0 write 0 = 0
            as a4 b7
            """ },
        { "R07", "serialisable", """
            P0 mmap 0+1 rw shared anon
            together
              a: P0 reclaim 0
              b: P0 write 0 = 1
              b: P0 madvise 0+1 dontneed
            as b5 a3 b9
            """ },
        { "R08", "step-live", """
            F0 create 1 tmpfs
            P0 mmap 0+1 rw shared F0
            together
              a: F0 punch 0+1
              b: P0 write 0 = 0
            as b4
            """ },
        { "R09", "step-permission", """
            P0 mmap 0+1 rw private anon
            P0 write 0 = 0
            together
              a: P0 mprotect 0+1 r
              b: P0 migrate 0
            as b4
            """ },
    };

    [Theory]
    [MemberData(nameof(Kept))]
    public void A_race_does_harm_that_Linux_does_not(string race, string invariant, string text)
    {
        Scenario scenario = ScenarioText.Parse(text);
        Failure? failure = ScenarioRunner.FirstFailure(scenario, RaceCatalogue.Get(race));
        Assert.Equal(invariant, failure?.Violation.Invariant.Id);
        Assert.Null(ScenarioRunner.FirstFailure(scenario, new Linux618()));
    }

    /// <summary>Those that fail at once are looked for at every run.</summary>
    [Theory]
    [InlineData("R02")]
    [InlineData("R04")]
    [InlineData("R05")]
    [InlineData("R10")]
    [InlineData("R11")]
    public void A_race_is_found(string race)
    {
        var campaign = new BlockCampaign(RaceCatalogue.Get(race), seed: 1, blocks: 400, workers: 2) { MostFailures = 1 };
        Assert.NotEmpty(campaign.Run());
    }

    /// <summary>The child sees the copy that the parent's fault has made before the file was written.</summary>
    [Fact]
    public void A_store_may_come_long_after_its_fault()
    {
        const string text = """
            F0 create 5 tmpfs
            P0 mmap 0+3 rw private F0@2
            together
              a: P0 write 2 = 1
              b: F0 write 4 = 1
              b: P0 fork P1
            as a6 b10
            """;
        Assert.Null(ScenarioRunner.FirstFailure(ScenarioText.Parse(text), new Linux618()));
    }

    [Fact]
    public void Names_are_used_once_and_stand_in_order() => Assert.Equal(
        RaceCatalogue.All.Select(race => race.Name).Distinct().Order(StringComparer.Ordinal), RaceCatalogue.All.Select(race => race.Name));
}
