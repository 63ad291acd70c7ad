namespace Rmap.Properties.Architecture;

/// <summary>The arrows of this checkout run one way (<see cref="Floors"/>, ARCHITECTURE.md).</summary>
public class FloorTests
{
    /// <summary>What the benchmarks use of their own package is not known to the tests.</summary>
    [Fact]
    public void All_names_are_known() => None(Arrows.Unknown.Where(place => !place.StartsWith("bench/", StringComparison.Ordinal)));

    [Fact]
    public void Every_file_of_the_model_stands_in_a_room() => None(FloorRules.Homeless(Arrows.Model));

    [Fact]
    public void No_arrow_of_the_model_goes_up() => None(FloorRules.Upward(Arrows.All));

    [Fact]
    public void Files_of_the_model_use_each_other_in_no_circle() => None(FloorRules.FileCycles(Arrows.All));

    [Fact]
    public void Only_a_few_rooms_know_by_which_structs_a_page_is_found_again() => None(FloorRules.NamesTheDesign(Arrows.All));

    [Theory]
    [InlineData("Rmap.Model")]
    [InlineData("Rmap.Properties")]
    [InlineData("Rmap.Regressions")]
    [InlineData("Rmap.Benchmarks")]
    public void Folders_of_a_project_use_each_other_in_no_circle(string project) =>
        None(FloorRules.FolderCycles(Arrows.All, Project.All.Single(known => known.Name == project)));

    [Fact]
    public void The_model_is_compact()
    {
        Assert.InRange(Floors.Rooms.Sum(room => room.Lines), 1, Floors.MostLines);
        Assert.InRange(Arrows.Model.Sum(source => source.Lines), 1, Floors.MostLines);
    }

    [Fact]
    public void No_room_is_larger_than_it_is_meant_to_be() => None(FloorRules.TooLarge(Arrows.Model));

    private static void None(IEnumerable<string> complaints)
    {
        string[] all = [.. complaints];
        Assert.True(all.Length == 0, $"{all.Length}:\n{string.Join('\n', all)}");
    }
}
