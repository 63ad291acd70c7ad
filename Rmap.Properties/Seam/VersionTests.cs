namespace Rmap.Properties.Seam;

/// <summary>A version of Linux is a number: each rule says since when its answer holds, so that those between are there, too.</summary>
[Trait("Speed", "Quick")]
public class VersionTests
{
    [Fact]
    public void The_default_is_the_first_of_the_catalogue_and_each_has_the_name_of_its_version()
    {
        Assert.Equal(["linux-6.18", "linux-6.1", "linux-6.12", "linux-7.2", "linux-7.3"], RulesCatalogue.Linux.Names);
        Assert.Equal(RulesCatalogue.Linux.Default.Name, new Rules().Name);
        Assert.Equal("linux-6.15", new Rules(6, 15).Name);
    }

    [Fact]
    public void A_version_between_has_what_was_new_before_it_and_not_what_came_later()
    {
        Assert.Equal([false, false, true, true, true], Versions().Select(rules => rules.MremapMovesSeveralVmas));
        Assert.Equal([false, false, true, true, true], Versions().Select(rules => rules.MergesWhereItCan));
        Assert.Equal([false, false, true, true, false], Versions().Select(rules => rules.DontUnmapCountsLockedTwice));
        Assert.Equal([true, true, true, true, false], Versions().Select(rules => rules.ChainEndsWithRoot));
        Assert.Equal([true, true, false, false, false], Versions().Select(rules => rules.MergeAnyRegistersFor(VmFlags.Shared)));

        static Rules[] Versions() => [new(6, 12), new(6, 16), new(6, 17), new(6, 19), new(7, 0)];
    }

    [Fact]
    public void A_VMA_has_a_second_page_offset_since_7_3()
    {
        Rules[] versions = [new(7, 2), new(7, 3), new(8, 0)];
        Assert.Equal([5L, 20L, 20L], versions.Select(rules => rules.AnonPageOffsetOfNew(PageRange.Of(new(20), 1), pageOffset: 5)));
    }

    [Fact]
    public void An_older_version_may_have_a_fix_that_a_later_one_has_not()
    {
        Assert.True(new Linux612().DontUnmapSplitsLocked);
        Assert.False(new Linux618().DontUnmapSplitsLocked);
        Assert.True(new Rules(6, 18, Fix.DontUnmapUnlocksNeighbours).DontUnmapSplitsLocked);
        Assert.False(new Rules(6, 18, Fix.DontUnmapUnlocksNeighbours).DontUnmapResetsPageOffset);
        Assert.True(new Linux72().DontUnmapSplitsLocked);
    }
}
