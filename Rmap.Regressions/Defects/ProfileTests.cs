using Rmap.Properties.Defects;
using Rmap.Properties.Generating;
using Rmap.Regressions.Reporting;

namespace Rmap.Regressions.Defects;

/// <summary>The table of profiles is what measuring gives, as far as that is fast, and no profile is there for nothing.</summary>
public class ProfileTests(Announcer announcer) : IClassFixture<Announcer>
{
    /// <summary>Rows are measured again if the mix finds the defect in so many scenarios.</summary>
    private const int Soon = 10;

    [Fact]
    public void The_table_is_what_measuring_gives()
    {
        announcer.Announce(ProfileTable.Text.Split('\n').SkipWhile(line => !line.StartsWith("The best", StringComparison.Ordinal)));
        var differing = ProfileTable.Rows.Where(row => row.Mix <= Soon).AsParallel().AsOrdered()
            .Where(row => row.Mix != ProfileRow.MeasureMix(DefectCatalogue.All.Single(defect => defect.Name == row.Defect), row.Mix!.Value))
            .Select(row => row.Defect).ToList();
        Assert.True(
            differing.Count == 0,
            $"Defects/Profiles.txt is old: {string.Join(", ", differing)} take other numbers of scenarios now. Make it anew with\n"
            + "dotnet run --project Rmap.Regressions -c Release -- profiles\nand read what changed.");
    }

    [Fact]
    public void The_summary_follows_from_the_rows() => Assert.Equal(ProfileTable.Text, ProfileTable.TextOf([.. ProfileTable.Rows]));

    /// <summary>But the uniform one, which is there for what the others never say.</summary>
    [Fact]
    public void Every_profile_is_the_best_for_some_defect() => Assert.All(
        Profile.All.Index().Where(profile => profile.Item.Name != "uniform"),
        profile => Assert.Contains(
            ProfileTable.Rows, row => row.ByProfile[profile.Index] is { } own && own == row.ByProfile.Min()));
}
