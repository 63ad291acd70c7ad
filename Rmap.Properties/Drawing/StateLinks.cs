using Rmap.Model.State;

namespace Rmap.Properties.Drawing;

/// <summary>A line from one thing to another.</summary>
/// <param name="From">The id of the line that it begins at.</param>
/// <param name="Field">What it is.</param>
/// <param name="To">The id of the line that it ends at.</param>
internal sealed record StateLink(string From, string Field, string To);

/// <summary>What in a state leads to what: between the lines that <see cref="StateIds"/> names.</summary>
internal sealed class StateLinks : StateVisitor
{
    private readonly StateView view;
    private readonly List<StateLink> links = [];
    private readonly Repeats intervals = new();

    /// <summary>What is being told, and how many AVs of its chain were.</summary>
    private object from = null!;
    private int place;

    private StateLinks(StateView view) => this.view = view;

    /// <summary>The links of a state, in the order in which it is told.</summary>
    internal static IReadOnlyList<StateLink> Of(StateView view)
    {
        Machine machine = view.Machine;
        var told = new StateLinks(view);
        foreach (Mm mm in machine.Processes.Select(process => process.Mm).Distinct())
        {
            told.Tell(mm, () => told.Visit(mm));
            told.TellEach(mm.Vmas);
        }

        told.TellEach(view.Pages);
        told.TellEach(view.AnonVmas);
        told.TellEach(machine.Files.All);
        told.TellEach(view.Slots);
        told.TellEach(machine.Ksm.StableTree);
        foreach (Pin pin in machine.Pins.All)
            told.Tell(pin, () => told.Visit(pin));

        return told.links;
    }

    private void TellEach(IEnumerable<object> things)
    {
        foreach (object thing in things)
            Tell(thing, () => Visit(thing));
    }

    private void Tell(object thing, Action visit)
    {
        (from, place) = (thing, 0);
        visit();
    }

    /// <inheritdoc/>
    protected override void Thing(string field, object? thing, Role role)
    {
        switch (from, field)
        {
            case (Mm, "vmas") or (VmArea, "vm_mm"):
                break;
            case (VmArea, "chain"):
                Link(StateIds.Of(view, from), FormattableString.Invariant($"chain {++place}"), thing);
                break;
            case (StableNode, "hlist") when thing is RmapItem item:
                Link(StateIds.Of(view, item), "anon_vma", item.AnonVma);
                break;
            default:
                Link(StateIds.Of(view, from), field, thing);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void Item(string list, long key, object thing) =>
        Link(FormattableString.Invariant($"{StateIds.Of(view, from)}/{list} @{key}"), list, thing);

    /// <inheritdoc/>
    protected override void Interval(string tree, long start, long last, VmArea vma) =>
        Link(intervals.Next(StateIds.OfInterval(view, from, tree, vma)), tree, vma);

    /// <inheritdoc/>
    protected override void Entry(VirtualPage page, Pte pte) =>
        Link(StateIds.OfEntry(view, (Mm)from, page), "pte", pte.Target);

    private void Link(string? at, string field, object? thing)
    {
        if (at is not null && StateIds.Of(view, thing) is { } to)
            links.Add(new StateLink(at, field, to));
    }
}
