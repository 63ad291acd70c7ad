using Rmap.Properties.Reporting;

namespace Rmap.Properties.Drawing;

/// <summary>A line of a state text, as a page shows it.</summary>
/// <param name="Level">0 for the heading of a section, 1 for a thing, more for what belongs to it.</param>
/// <param name="Id">By which links, walks and other states know it again: see <see cref="StateIds"/>.</param>
/// <param name="Columns">What it says.</param>
internal sealed record StateLine(int Level, string Id, string[] Columns);

/// <summary>
/// By what a page knows a line of a state text again: its section, the names of what it belongs to and its own,
/// <c>PROCESSES/P0/pte 16</c>. The dups of a chain are called as if they stood in no chain.
/// </summary>
internal static class StateIds
{
    private const string Ksm = "KSM";

    /// <summary>The lines of a state text, with their ids; of two that are called alike the second has <c>#2</c> behind it.</summary>
    internal static IReadOnlyList<StateLine> Lines(string state)
    {
        var lines = new List<StateLine>();
        var ids = new Repeats();
        foreach (StateThing section in StateThing.Read(state))
            Add(section, 0, section.Name);

        return lines;

        void Add(StateThing thing, int level, string id)
        {
            lines.Add(new StateLine(level, ids.Next(id), thing.Columns));
            foreach (StateThing part in thing.Parts)
                Add(part, level + 1, $"{(thing.Name == "chain" ? Ksm : id)}/{Name(thing, part)}");
        }
    }

    /// <summary>ksmd's counters are one line, whatever they have counted; all others are called by what they are about.</summary>
    private static string Name(StateThing owner, StateThing part) =>
        owner.Name == Ksm && part.Name.StartsWith("shared ", StringComparison.Ordinal) ? "counters" : part.Name;

    /// <summary>The line of a thing; null for nothing, for what is gone, and for what has no line of its own.</summary>
    internal static string? Of(StateView view, object? thing) => thing switch
    {
        Page => $"PAGES/{view.Names.Of(thing)}",
        SwapSlot => $"SWAP/{view.Names.Of(thing)}",
        AnonVma { IsFreed: false } => $"ANON_VMAS/{view.Names.Of(thing)}",
        StableNode { IsFreed: false } node when node != StableNode.Null => $"{Ksm}/{view.Names.Of(thing)}",
        AddressSpace => $"FILES/{view.Names.Of(thing)}",
        OpenFile opening => Of(view, opening.Mapping),
        RmapItem { Head: not null, IsFreed: false } item => $"{Of(view, item.Head)}/{view.Of(item.Mm)} {item.Address}",
        Mm mm => $"PROCESSES/{view.Of(mm)}",
        VmArea { IsDetached: false } vma => $"{Of(view, vma.Mm)}/vma {vma.Range}",
        Pin pin => $"PINS/{pin.Id}",
        _ => null,
    };

    /// <summary>The line of an entry.</summary>
    internal static string OfEntry(StateView view, Mm mm, VirtualPage page) => $"{Of(view, mm)}/pte {page}";

    /// <summary>The line of an interval, in the tree of an AV or of a file.</summary>
    internal static string OfInterval(StateView view, object owner, string tree, VmArea vma) =>
        $"{Of(view, owner)}/{tree} {view.Of(vma)}";
}

/// <summary>Tells ids apart that come more than once.</summary>
internal sealed class Repeats
{
    private readonly Dictionary<string, int> met = [];

    internal string Next(string id)
    {
        int times = met[id] = met.GetValueOrDefault(id) + 1;
        return times == 1 ? id : FormattableString.Invariant($"{id}#{times}");
    }
}
