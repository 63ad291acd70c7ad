using System.Text;
using Rmap.Model.Rmap;
using Rmap.Model.State;
using static System.FormattableString;
using static Rmap.Model.Text.StateColumns;

namespace Rmap.Model.Text;

/// <summary>
/// The state of a machine as text in fixed columns, one thing a line, so that two of them can be compared line by line:
/// processes with their VMAs and page-table entries, pages with mapping and index, AVs as a tree with their AVCs in order, files,
/// swap, KSM. Sections without content are left out. The columns are explained in <c>docs/state.md</c>. What a thing tells of itself
/// becomes columns of its line, and the lines below it.
/// </summary>
public sealed class StateText : StateVisitor
{
    private const VmFlags Told = VmFlags.LockedMask | VmFlags.DontCopy | VmFlags.WipeOnFork | VmFlags.Account | VmFlags.NoReserve
        | VmFlags.Mergeable | VmFlags.UffdMissing;

    private readonly StateView view;
    private readonly StateNames names;
    private StringBuilder text = new();
    private List<string> line = [];
    private Mm? mm;
    private int indentOfNodes;

    private StateText(StateView view)
    {
        this.view = view;
        names = view.Names;
    }

    /// <summary>The state of a machine.</summary>
    /// <param name="machine">The machine; it is only looked at.</param>
    /// <param name="names">Names used before, to be kept; new ones if null.</param>
    public static string Of(Machine machine, StateNames? names = null)
    {
        var state = new StateText(new StateView(machine, names ?? new StateNames()));
        state.Processes();
        state.Pages();
        state.AnonVmas();
        state.Files();
        state.Swap();
        state.Ksm();
        state.Pins();
        return state.text.ToString();
    }

    private void Processes()
    {
        Heading("PROCESSES");
        foreach (Process process in view.Machine.Processes)
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

    private void Pages() => Section("PAGES", view.Pages, page => Line(0, [names.Of(page).PadRight(6)], () =>
    {
        Visit(page);
        line.Add(page.Flags == PageFlags.None ? "" : Words(page.Flags));
        string found = string.Join(", ", Walk(page));
        if (found.Length > 0)
            Line(2, ["rmap", found]);
    }));

    private void AnonVmas()
    {
        ILookup<AnonVma, AnonVma> children = view.AnonVmas
            .Where(anonVma => anonVma.Parent != anonVma)
            .ToLookup(anonVma => anonVma.Parent.IsFreed ? anonVma.Root : anonVma.Parent);
        Section("ANON_VMAS", view.AnonVmas.Where(anonVma => anonVma.Parent == anonVma || anonVma.Root.IsFreed), Tree(0));
        int unreachable = view.Machine.AnonVmas.InUse - view.AnonVmas.Count();
        if (unreachable != 0)
            Line(0, [Invariant($"{unreachable} more that nothing leads to")]);

        Action<AnonVma> Tree(int indent) => anonVma =>
        {
            Line(indent, [names.Of(anonVma).PadRight(12 - indent)], () =>
            {
                indentOfNodes = indent + 2;
                Visit(anonVma);
                line.Add(anonVma.Parent.IsFreed ? "parent stale" : "");
            });
            foreach (AnonVma child in children[anonVma])
                Tree(indent + 2)(child);
        };
    }

    private void Files() =>
        Section("FILES", view.Machine.Files.All, file => Line(0, [names.Of(file).PadRight(8)], () => Visit(file)));

    private void Swap()
    {
        Section("SWAP", names.InOrder(view.Machine.Swap.All), slot => Line(0, [names.Of(slot).PadRight(6)], () => Visit(slot)));
        if (view.Machine.Faults.FailsSwapRead)
        {
            Heading("FAULTS");
            Line(0, ["the next read from swap fails"]);
        }
    }

    private void Ksm()
    {
        if (view.Machine.Ksm is { Slots.Count: 0, FirstPlace: null, ZeroPages: 0 })
            return;

        Heading("KSM");
        Line(0, [], () => Visit(view.Machine.Ksm));
    }

    private void Pins() =>
        Section("PINS", view.Machine.Pins.All, pin => Line(0, [pin.Id.ToString().PadRight(6)], () => Visit(pin)));

    /// <inheritdoc/>
    protected override void Number(string field, long value, Role role)
    {
        if (field == "shadow")
            Line(2, [Invariant($"shadow @{value}")]);
        else
            Add(line, field, value);
    }

    /// <inheritdoc/>
    protected override void Fact(string field, bool isSo, Role role)
    {
        if (field == "chain")
        {
            indentOfNodes = isSo ? 2 : 0;
            Line(0, isSo ? ["chain"] : []);
        }
        else if (isSo)
        {
            Add(line, field);
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
                Line(indentOfNodes + 2, [$"{view.Of(item.Mm)} {item.Address}", item.AnonVma is null ? "-" : names.Of(item.AnonVma)]);
                break;
            case RmapItem item:
                string state = item.Head is { } head ? names.Of(head) : item.IsUnstable ? "unstable" : "-";
                Line(2, [item.Address.ToString().PadRight(9), state]);
                break;
            default:
                Add(line, field, Name(thing));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void Name(string name)
    {
    }

    /// <inheritdoc/>
    protected override void Item(string list, long key, object thing) =>
        Line(2, [Invariant($"{list} @{key}").PadRight(12), Name(thing)!]);

    /// <inheritdoc/>
    protected override void Interval(string tree, long start, long last, VmArea vma)
    {
        string keys = Invariant($"@{start}..{last}");
        bool isFile = tree == "i_mmap";
        Line(isFile ? 2 : indentOfNodes, [isFile ? $"i_mmap {view.Of(vma)}".PadRight(21) : view.Of(vma).PadRight(14), keys]);
    }

    /// <inheritdoc/>
    protected override void Entry(VirtualPage page, Pte pte)
    {
        string target = pte.Kind switch
        {
            PteKind.ZeroPage => "zero",
            PteKind.Poisoned => "poisoned",
            _ => Name(pte.Target)!,
        };
        string kind = pte.Kind == PteKind.Migration ? "migration" : "";
        string outside = mm!.Lookup(page) is null ? "in no VMA" : "";
        Line(2, [$"pte {page}".PadRight(12), target.PadRight(5), kind, Words(pte.Bits), outside]);
    }

    /// <inheritdoc/>
    protected override void End()
    {
    }

    private string? Name(object? thing) => thing switch
    {
        Page page => names.Of(page),
        SwapSlot slot => names.Of(slot),
        OpenFile opening => names.Of(opening.Mapping),
        PageMapping mapping => names.Of(mapping),
        _ => null,
    };

    private void Vma(VmArea vma)
    {
        string access = $"{(vma.Has(VmFlags.Read) ? 'r' : '-')}{(vma.Has(VmFlags.Write) ? 'w' : '-')}{(vma.Has(VmFlags.Exec) ? 'x' : '-')}";
        string sharing = vma.Has(VmFlags.Shared) ? "shared" : vma.Has(VmFlags.MayShare) ? "mayshare" : "private";
        Line(2, [$"vma {vma.Range}".PadRight(12), access, sharing.PadRight(8)], () =>
        {
            Visit(vma);
            line.Add($"[{string.Join(' ', vma.Chain.Select(link => names.Of(link.AnonVma)))}]".PadRight(14));
            line.Add(Words(vma.Flags & Told));
            line.Add(vma.Policy == MemoryPolicy.Default ? "" : Word(vma.Policy));
        });
    }

    private void Node(StableNode node)
    {
        Page? page = view.Machine.Frames[node.KPfn];
        string name = names.Of(node).PadRight(6 - indentOfNodes);
        Line(indentOfNodes, [name, (page?.Mapping == node ? names.Of(page) : "stale").PadRight(6)], () => Visit(node));
    }

    /// <summary>What the walk looks at, in its order; in brackets where it finds the page not mapped.</summary>
    private List<string> Walk(Page page)
    {
        List<string> places = [];
        if (page.Mapping is StableNode node && node.Items.Exists(item => item.AnonVma is null))
            return ["nothing: an rmap_item has no AV"];

        foreach (RmapVisit visit in RmapWalk.Visits(page, view.Machine.Rules))
        {
            string place = $"{view.Of(visit.Vma.Mm)} {visit.Address}";
            places.Add(visit.Maps(page, view.Machine.Rules) ? place : $"({place})");
        }

        return places;
    }

    private void Section<T>(string heading, IEnumerable<T> things, Action<T> write)
    {
        bool isFirst = true;
        foreach (T thing in things)
        {
            if (isFirst)
            {
                Heading(heading);
                isFirst = false;
            }

            write(thing);
        }
    }

    private void Heading(string heading)
    {
        text.Append(text.Length == 0 ? "" : "\n");
        Line(0, [heading]);
    }

    /// <summary>Writes a line, if there is anything on it, and what is told meanwhile below it.</summary>
    private void Line(int indent, List<string> columns, Action? tell = null)
    {
        (StringBuilder above, List<string> outer) = (text, line);
        (text, line) = (new StringBuilder(), columns);
        tell?.Invoke();
        string told = string.Join("  ", line.Where(column => column.Length > 0)).TrimEnd();
        above.Append(' ', indent).Append(told).Append(told.Length > 0 ? "\n" : "").Append(text);
        (text, line) = (above, outer);
    }
}
