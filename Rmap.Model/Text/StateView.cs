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

    internal StateView(Machine machine, StateNames names)
    {
        Machine = machine;
        Names = names;
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

    /// <summary>The address spaces of the processes, in the order of the lowest process that has it.</summary>
    internal IEnumerable<Mm> Mms => Machine.Processes.Select(process => process.Mm).Distinct();

    /// <summary>An address space by the lowest process that has it.</summary>
    internal string Of(Mm mm) => labels.TryGetValue(mm, out string? label) ? label : $"{mm} (gone)";

    /// <summary>The pages of a range, behind the label of their address space.</summary>
    internal string Of(VmArea vma) => $"{Of(vma.Mm)} {vma.Range}";

    /// <inheritdoc/>
    protected override void Thing(string field, object? thing, Role role)
    {
        switch (thing)
        {
            case AnonVma { IsFreed: false } anonVma when anonVmas.Add(anonVma):
                Names.Of(anonVma);
                Visit(anonVma);
                break;
            case VmArea vma when field == "vmas":
                Visit(vma);
                break;
            case OpenFile { Mapping: var mapped }:
                Names.Of(mapped);
                break;
            case AddressSpace file:
                Names.Of(file);
                Visit(file);
                break;
            case Page page:
                Names.Of(page);
                Thing("mapping", field == "frames" ? page.Mapping as AnonVma : null, role);
                break;
            case SwapSlot slot:
                Names.Of(slot);
                break;
            case StableNode node:
                Names.Of(node);
                break;
            case RmapItem item when field == "rmap_list":
                Thing("anon_vma", item.AnonVma, role);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void Number(string field, long value, Role role)
    {
    }

    /// <inheritdoc/>
    protected override void End()
    {
    }
}
