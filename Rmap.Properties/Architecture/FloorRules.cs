using System.Text.RegularExpressions;

namespace Rmap.Properties.Architecture;

/// <summary>What the arrows of the projects must be like. Each rule gives what breaks it, a line each.</summary>
internal static class FloorRules
{
    /// <summary>An arrow of the model goes down, or stays in its room, and leads to what its room may look at.</summary>
    internal static IEnumerable<string> Upward(IEnumerable<Arrow> arrows) =>
        InModel(arrows).Where(arrow => !MayLook(Floors.RoomOf(arrow.From), arrow.To)).Select(arrow => $"{arrow}");

    /// <summary>Files of the model use each other in no circle, but for the structs.</summary>
    internal static IEnumerable<string> FileCycles(IEnumerable<Arrow> arrows) => Told(Graph.Cycles(
        InModel(arrows).Where(arrow => Floors.RoomOf(arrow.From) != Floors.Structs || Floors.RoomOf(arrow.To) != Floors.Structs),
        file => file));

    /// <summary>Folders of a project use each other in no circle.</summary>
    internal static IEnumerable<string> FolderCycles(IEnumerable<Arrow> arrows, Project project) =>
        Told(Graph.Cycles(arrows.Where(arrow => project.Has(arrow.From) && project.Has(arrow.To)), Source.FolderOf));

    /// <summary>Only a few rooms know by which structs a page is found again; for the others it may be done in another way.</summary>
    internal static IEnumerable<string> NamesTheDesign(IEnumerable<Arrow> arrows)
    {
        var design = new Regex($@"\b({string.Join('|', Floors.Design)})\b");
        return InModel(arrows)
            .Where(arrow => !Floors.KnowTheDesign.Contains(Floors.RoomOf(arrow.From)))
            .Where(arrow => design.IsMatch(arrow.Symbol) || design.IsMatch(arrow.Gives))
            .Select(arrow => $"{arrow}");
    }

    /// <summary>Every file of the model stands in a room, but for the one that declares nothing.</summary>
    internal static IEnumerable<string> Homeless(IEnumerable<Source> model) => model
        .Where(source => source.Path != Floors.Imports && FloorOf(Floors.RoomOf(source.Path)) < 0)
        .Select(source => source.Path);

    /// <summary>A room has no more lines than it is meant to have.</summary>
    internal static IEnumerable<string> TooLarge(IEnumerable<Source> model) =>
        from room in Floors.Rooms
        let lines = model.Where(source => Floors.RoomOf(source.Path) == room.Name).Sum(source => source.Lines)
        where Room.Rounded(lines) > room.Lines
        select $"{room.Name} has {lines} lines and is meant to have {room.Lines}: take some out, or give it another room's in Floors";

    private static IEnumerable<Arrow> InModel(IEnumerable<Arrow> arrows) =>
        arrows.Where(arrow => Project.Model.Has(arrow.From) && Project.Model.Has(arrow.To));

    private static bool MayLook(string room, string file)
    {
        (int from, int to) = (FloorOf(room), FloorOf(Floors.RoomOf(file)));
        if (from < 0 || to < 0)
            return false;

        if (to == from || Floors.Rooms[from].LooksAt is not { } looksAt)
            return to <= from;

        return looksAt.Contains(Floors.RoomOf(file)) || looksAt.Any(allowed => file == $"{Project.Model.Folder}/{allowed}");
    }

    /// <summary>The floor of a room, from 0; -1 if there is no such room.</summary>
    private static int FloorOf(string room) => Floors.Rooms.Select(known => known.Name).ToList().IndexOf(room);

    private static IEnumerable<string> Told(IEnumerable<IReadOnlyList<Arrow>> cycles) =>
        cycles.Select(cycle => string.Join("\n    ", cycle));
}
