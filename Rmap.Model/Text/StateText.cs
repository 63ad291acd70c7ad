using System.Text;
using Rmap.Model.Rmap;
using Rmap.Model.State;
using static System.FormattableString;
using static Rmap.Model.Text.StateColumns;

namespace Rmap.Model.Text;

/// <summary>
/// The state of a machine as text in fixed columns, one thing a line, so that two of them can be compared line by line:
/// processes with their VMAs and page-table entries, pages with mapping and index, AVs with their AVCs in order, files,
/// swap, KSM. Sections without content are left out. The columns are explained in <c>docs/state.md</c>. What a thing tells of itself
/// becomes columns of its line, and the lines below it.
/// </summary>
public sealed class StateText : StateVisitor
{
    private const VmFlags Told = VmFlags.LockedMask | VmFlags.DontCopy | VmFlags.WipeOnFork | VmFlags.Account | VmFlags.NoReserve
        | VmFlags.Mergeable | VmFlags.UffdMissing | VmFlags.DontDump | VmFlags.HugePage | VmFlags.NoHugePage | VmFlags.RandRead
        | VmFlags.SeqRead | VmFlags.Sealed | VmFlags.Pkey;

    private readonly Machine machine;
    private readonly StateView view;
    private readonly StringBuilder text = new();
    private List<string> line = [];
    private Mm? mm;
    private int indentOfNodes;

    private StateText(Machine machine, StateNames? names) => (this.machine, view) = (machine, new StateView(machine, names));

    /// <summary>The state of a machine.</summary>
    /// <param name="machine">The machine; it is only looked at.</param>
    /// <param name="names">Names used before, to be kept; new ones if null.</param>
    public static string Of(Machine machine, StateNames? names = null)
    {
        var state = new StateText(machine, names);
        state.Section("PROCESSES", state.Processes);
        state.Section("PAGES", state.Pages);
        state.Section("ANON_VMAS", state.AnonVmas);
        state.Section("FILES", () => state.Lines(machine.Files.All, 8));
        state.Section("SWAP", () => state.Lines(state.view.Slots, 6));
        state.Section("FAULTS", state.Faults);
        state.Section("KSM", state.Ksm);
        state.Section("PINS", state.Pins);
        return state.text.ToString();
    }

    private void Processes()
    {
        foreach (Process process in machine.Processes)
        {
            string label = view.Of(process.Mm);
            bool isOwn = label == process.Id.ToString();
            Line(0, [isOwn ? label : $"{process.Id} shares {label}"], () =>
            {
                mm = process.Mm;
                if (isOwn)
                    Visit(process.Mm);

                Visit(process);
            });
        }
    }

    private void Pages()
    {
        foreach (Page page in view.Pages)
        {
            Line(0, [Name(page, 6)], () =>
            {
                Visit(page);
                line.Add(Words(page.Flags));
                string found = Found(page);
                if (found.Length > 0)
                    Line(2, ["rmap", found]);
            });
        }
    }

    private void AnonVmas()
    {
        Lines(view.AnonVmas, 6);
        int unreachable = machine.AnonVmas.InUse - view.AnonVmas.Count();
        if (unreachable != 0)
            Line(0, [Invariant($"{unreachable} more that nothing leads to")]);
    }

    private void Lines(IEnumerable<object> things, int width)
    {
        foreach (object thing in things)
            Line(0, [Name(thing, width)], () => Visit(thing));
    }

    private void Faults() => Line(0, [machine.Faults.FailsSwapRead ? "the next read from swap fails" : ""]);

    private void Ksm()
    {
        if (machine.Ksm is not { Slots.Count: 0, Stable.IsEmpty: true, ZeroPages: 0 })
            Line(0, [], () => Visit(machine.Ksm));
    }

    private void Pins()
    {
        foreach (Pin pin in machine.Pins.All)
            Line(0, [pin.Id.ToString().PadRight(6)], () => Visit(pin));
    }

    /// <inheritdoc/>
    protected override void Number(string field, long value, Role role)
    {
        switch (field)
        {
            case "shadow":
                Line(2, [Invariant($"shadow @{value}")]);
                break;
            case "index" or "vm_pgoff":
                string into = line[^1];
                line[^1] = (into == "-" ? into : Invariant($"{into}@{value}")).PadRight(field == "index" ? 12 : 10);
                break;
            case "anon_pgoff":
                line[^1] = Invariant($"{line[^1].TrimEnd()},{value}").PadRight(10);
                break;
            default:
                line.Add(Column(field, value));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void Fact(string field, bool isSo, Role role)
    {
        if (field == "chain")
        {
            indentOfNodes = isSo ? 2 : 0;
            Line(0, [isSo ? "chain" : ""]);
        }
        else if (isSo)
        {
            line.Add(Column(field));
        }
    }

    /// <inheritdoc/>
    protected override void Thing(string field, object? thing, Role role)
    {
        switch (thing)
        {
            case VmArea vma when field == "vmas":
                Vma(vma);
                break;
            case StableNode node when field == "nodes":
                Node(node);
                break;
            case Mm registered when field == "slot":
                Line(0, [$"slot {view.Of(registered)}"]);
                break;
            case RmapItem item when field == "hlist":
                Line(indentOfNodes + 2, [$"{view.Of(item.Mm)} {item.Address}", Name(item.AnonVma)]);
                break;
            case RmapItem item:
                Line(2, [item.Address.ToString().PadRight(9), item is { Head: null, IsUnstable: true } ? "unstable" : Name(item.Head)]);
                break;
            default:
                line.Add(Column(field, view.Names.Of(thing)));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void Item(string list, long key, object thing) =>
        Line(2, [Invariant($"{list} @{key}").PadRight(12), Name(thing)]);

    /// <inheritdoc/>
    protected override void Interval(string tree, long start, long last, VmArea vma) =>
        Line(2, [$"{tree} {view.Of(vma)}".PadRight(21), Invariant($"@{start}..{last}")]);

    /// <inheritdoc/>
    protected override void Entry(VirtualPage page, Pte pte)
    {
        string target = pte.Kind switch
        {
            PteKind.ZeroPage => "zero",
            PteKind.Poisoned => "poisoned",
            _ => Name(pte.Target),
        };
        string kind = pte.Kind == PteKind.Migration ? "migration" : "";
        string outside = mm!.Lookup(page) is null ? "in no VMA" : "";
        Line(2, [$"pte {page}".PadRight(12), target.PadRight(5), kind, Words(pte.Bits), outside]);
    }

    /// <summary>The name of a thing, in a column of a width; a dash if there is none.</summary>
    private string Name(object? thing, int width = 0) => (view.Names.Of(thing) ?? "-").PadRight(width);

    private void Vma(VmArea vma)
    {
        string access = $"{(vma.Has(VmFlags.Read) ? 'r' : '-')}{(vma.Has(VmFlags.Write) ? 'w' : '-')}{(vma.Has(VmFlags.Exec) ? 'x' : '-')}";
        string sharing = vma.Has(VmFlags.Shared) ? "shared" : vma.Has(VmFlags.MayShare) ? "mayshare" : "private";
        Line(2, [$"vma {vma.Range}".PadRight(12), access, sharing.PadRight(8)], () =>
        {
            Visit(vma);
            line.Add($"[{string.Join(' ', vma.Chain.Select(link => Name(link.AnonVma)))}]".PadRight(14));
            line.Add(Words(vma.Flags & Told));
            line.Add(vma.Policy == MemoryPolicy.Default ? "" : Word(vma.Policy));
        });
    }

    private void Node(StableNode node)
    {
        Page? page = machine.Frames[node.KPfn];
        string kpfn = page?.Mapping == node ? Name(page, 6) : "stale ";
        Line(indentOfNodes, [Name(node, 6 - indentOfNodes), kpfn], () => Visit(node));
    }

    /// <summary>What the walk looks at, in its order; in brackets where it finds the page not mapped.</summary>
    private string Found(Page page)
    {
        try
        {
            return page.Mapping is AnonVma { IsFreed: true } or StableNode { IsFreed: true } ? "" : string.Join(", ", Walk(page));
        }
        catch (KernelBug)
        {
            return "what has been freed";
        }
    }

    private IEnumerable<string> Walk(Page page)
    {
        if (page.Mapping is StableNode node && node.Items.Exists(item => item.AnonVma is null))
        {
            yield return "nothing: an rmap_item has no AV";
            yield break;
        }

        foreach (RmapVisit visit in RmapWalk.Visits(page, machine.Rules))
        {
            string place = $"{view.Of(visit.Vma.Mm)} {visit.Address}";
            yield return visit.Maps(page, machine.Rules) ? place : $"({place})";
        }
    }

    private void Section(string heading, Action tell)
    {
        int start = text.Length;
        tell();
        if (text.Length > start)
            text.Insert(start, $"{(start == 0 ? "" : "\n")}{heading}\n");
    }

    /// <summary>Writes a line, if there is anything on it, and what is told meanwhile below it.</summary>
    private void Line(int indent, List<string> columns, Action? tell = null)
    {
        (List<string> outer, int start) = (line, text.Length);
        line = columns;
        tell?.Invoke();
        string told = string.Join("  ", line.Where(column => column.Length > 0)).TrimEnd();
        text.Insert(start, told.Length == 0 ? "" : $"{new string(' ', indent)}{told}\n");
        line = outer;
    }
}
