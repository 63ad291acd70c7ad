using Rmap.Properties.Running;

namespace Rmap.Regressions.Mutation;

/// <summary>What is kept of the measurement by mutation is whole, and about the sources that are there.</summary>
public class MutationResultTests
{
    /// <summary>Why a mutant may survive. The last kind is a debt.</summary>
    private static readonly string[] Reasons = ["equivalent: ", "speed: ", "defects: ", "words: ", "seen: ", "blind: "];

    private static readonly MutationResult Kept = MutationResult.Kept();

    [Fact]
    public void Nine_of_ten_mutants_are_killed()
    {
        Assert.InRange(Kept.Killed, Kept.Measured * 9 / 10, Kept.Measured);
        Assert.All(Kept.Rooms, room => Assert.Equal(room.Measured, room.Killed + room.Survived));
    }

    [Theory]
    [InlineData("Rmap")]
    [InlineData("Walks")]
    public void The_rooms_of_rmap_and_of_its_walks_are_measured_whole(string name)
    {
        MeasuredRoom room = Kept.Rooms.Single(room => room.Name == name);
        Assert.Equal(room.Mutants, room.Measured);
    }

    [Fact]
    public void Each_survivor_is_told() => Assert.Equal(
        Kept.Rooms.Where(room => room.Survived > 0).Select(room => (room.Name, room.Survived)),
        Kept.Survivors.CountBy(survivor => survivor.Mutant.Room).Select(room => (room.Key, room.Value)));

    [Fact]
    public void Each_survivor_has_a_reason() => Assert.All(
        Kept.Survivors,
        survivor => Assert.Contains(Reasons, kind => survivor.Reason.StartsWith(kind, StringComparison.Ordinal)));

    [Fact]
    public void Each_survivor_is_in_a_member_that_is_there()
    {
        foreach (IGrouping<string, Survivor> file in Kept.Survivors.GroupBy(survivor => survivor.Mutant.File))
        {
            string path = Checkout.PathOf($"Rmap.Model/{file.Key}");
            HashSet<string> members = File.Exists(path) ? [.. Members.DeclaredIn(File.ReadAllText(path))] : [];
            Assert.All(file, survivor => Assert.True(
                members.Contains(survivor.Mutant.Member),
                $"survivors.tsv tells of {survivor.Mutant.Member} in {file.Key}, which is gone: measure again (CONTRIBUTING.md, 10)."));
        }
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    public void A_page_has_the_figures(string page) =>
        Assert.Contains($"{Kept.Killed:N0} of {Kept.Measured:N0}", Checkout.Text(page), StringComparison.Ordinal);
}
