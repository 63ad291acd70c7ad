using System.Globalization;

namespace Rmap.Properties.Architecture;

/// <summary>The part of ARCHITECTURE.md that is made from the sources: the rooms of the model, and where their arrows lead.</summary>
internal static class ArchitecturePage
{
    private const string Begin = "<!-- made from the sources; CONTRIBUTING.md says how -->\n";
    private const string End = "<!-- end of what is made -->\n";

    /// <summary>The page with this part as it should be.</summary>
    internal static string Renewed(string page, IReadOnlyList<Source> model, IReadOnlyList<Arrow> arrows)
    {
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        return page[..begin] + Table(model, arrows) + page[end..];
    }

    /// <summary>A row for each room, the top floor first.</summary>
    private static string Table(IReadOnlyList<Source> model, IReadOnlyList<Arrow> arrows) =>
        "\n| room | what it is for | files | lines | meant | arrows to |\n|---|---|---:|---:|---:|---|\n"
        + string.Concat(Floors.Rooms.Reverse().Select(room => Row(
            room,
            [.. model.Where(source => Floors.RoomOf(source.Path) == room.Name)],
            arrows.Where(arrow => Project.Model.Has(arrow.From) && Floors.RoomOf(arrow.From) == room.Name))))
        + $"| all | | {Count(model.Count)} | {Count(Room.Rounded(model.Sum(source => source.Lines)))} | {Count(Floors.MostLines)} | |\n\n";

    private static string Row(Room room, IReadOnlyList<Source> sources, IEnumerable<Arrow> arrows)
    {
        ILookup<string, Arrow> to = arrows.ToLookup(arrow => Floors.RoomOf(arrow.To));
        IEnumerable<string> used =
            from other in Floors.Rooms.Reverse()
            where other != room && to.Contains(other.Name)
            select $"{other.Name} {Magnitude(to[other.Name].Count())}";
        return $"| `{room.Name}` | {room.Holds} | {Count(sources.Count)} | {Count(Room.Rounded(sources.Sum(source => source.Lines)))}"
            + $" | {Count(room.Lines)} | {string.Join(", ", used)} |\n";
    }

    /// <summary>1, 2, 5, 10, 20, 50 and so on: the largest of these that a number reaches.</summary>
    private static string Magnitude(int number)
    {
        int ten = (int)Math.Pow(10, Math.Floor(Math.Log10(number)));
        return Count((number / ten) switch { >= 5 => 5 * ten, >= 2 => 2 * ten, _ => ten });
    }

    private static string Count(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
