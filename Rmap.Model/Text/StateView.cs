using Rmap.Model.State;

namespace Rmap.Model.Text;

/// <summary>
/// A machine seen for writing it down: what there is, and what it is called. Names are given in one order, whatever is written first:
/// processes by number (their VMAs with their AVs, then their pages), files, swap, KSM, then what only those lead to.
/// </summary>
internal sealed class StateView : StateVisitor
{
    private readonly Dictionary<Mm, string> labels = [];
    private readonly HashSet<AnonVma> anonVmas = [];

    internal StateView(Machine machine, StateNames? names)
    {
        Machine = machine;
        Names = names ?? new StateNames();
        foreach (Process process in machine.Processes)
        {
            if (labels.TryAdd(process.Mm, process.Id.ToString()))
                Visit(process.Mm);
        }

        Visit(machine);
    }

    internal Machine Machine { get; }

    internal StateNames Names { get; }

    /// <summary>The AVs that something leads to and that have not been freed, by name.</summary>
    internal IEnumerable<AnonVma> AnonVmas => Names.InOrder(anonVmas);

    /// <summary>The pages in use, by name.</summary>
    internal IEnumerable<Page> Pages => Names.InOrder(Machine.Frames.All);

    /// <summary>The swap slots in use, by name.</summary>
    internal IEnumerable<SwapSlot> Slots => Names.InOrder(Machine.Swap.All);

    /// <summary>An address space by the lowest process that has it.</summary>
    internal string Of(Mm mm) => labels.TryGetValue(mm, out string? label) ? label : $"{mm} (gone)";

    /// <summary>The pages of a range, behind the label of their address space.</summary>
    internal string Of(VmArea vma) => vma.IsDetached ? "stale" : $"{Of(vma.Mm)} {vma.Range}";

    /// <inheritdoc/>
    protected override void Thing(string field, object? thing, Role role)
    {
        Names.Of(thing);
        bool isNewAnonVma = thing is AnonVma { IsFreed: false } anonVma && anonVmas.Add(anonVma);
        if (isNewAnonVma || (thing is not null && field is "vmas" or "files" or "frames" or "rmap_list"))
            Visit(thing!);
    }
}
