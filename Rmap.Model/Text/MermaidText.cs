using System.Text;
using Rmap.Model.State;

namespace Rmap.Model.Text;

/// <summary>
/// The graph of AVs, AVCs, VMAs and pages as a Mermaid flowchart, which forges and editors render. Processes are boxes around their
/// VMAs. An AVC is an edge from VMA to AV, thick to the AV of the VMA's own pages, with its place in the VMA's chain, from 1; a PTE is an
/// edge from VMA to page, with the page's number (w: writable); dotted edges are <c>page->mapping</c> with the index, and an AV's parent.
/// Names are those of <see cref="StateText"/>.
/// </summary>
public sealed class MermaidText : StateVisitor
{
    private readonly StringBuilder text = new("flowchart LR\n");
    private readonly StateView view;

    /// <summary>What is drawn, and as what. Of references only those between two of these are, and those to a freed AV.</summary>
    private readonly OrderedDictionary<object, string> nodes = new(ReferenceEqualityComparer.Instance);

    /// <summary>What is being told: where edges begin.</summary>
    private object? from;
    private int place;

    private MermaidText(Machine machine, StateNames? names) => view = new StateView(machine, names);

    /// <summary>The graph of a machine.</summary>
    /// <param name="machine">The machine; it is only looked at.</param>
    /// <param name="names">Names used before, to be kept; new ones if null.</param>
    public static string Of(Machine machine, StateNames? names = null)
    {
        var graph = new MermaidText(machine, names);
        graph.AnonVmas();
        graph.Nodes("[", graph.view.Pages, "]");
        graph.Nodes("[/", machine.Files.All, "/]");
        graph.Nodes("[(", graph.view.Slots, ")]");
        graph.Nodes("{{", machine.Ksm.StableTree, "}}");
        graph.Edges();
        foreach (Pin pin in machine.Pins.All.Where(pin => pin.Page is not null))
            graph.Line($"{pin.Id} -- {Label($"{StateColumns.Word(pin.Kind)}")} --> {graph.nodes[pin.Page!]}");

        return graph.text.ToString();
    }

    /// <summary>The part of the graph of anon_vmas alone: VMAs, their AVCs and the AVs with their parents.</summary>
    /// <param name="machine">The machine; it is only looked at.</param>
    /// <param name="names">Names used before, to be kept; new ones if null.</param>
    public static string OfAnonVmas(Machine machine, StateNames? names = null)
    {
        var graph = new MermaidText(machine, names);
        graph.AnonVmas();
        graph.Edges();
        return graph.text.ToString();
    }

    /// <inheritdoc/>
    protected override void Thing(string field, object? thing, Role role)
    {
        string? arrow = (from, field) switch
        {
            (VmArea vma, "vm_file") => $"-- {Label($"@{vma.PageOffset}{(vma.HasTwoPageOffsets ? $",{vma.AnonPageOffset}" : "")}")} -->",
            (VmArea vma, "chain") when thing == vma.AnonVma => $"== {Label($"avc {++place}")} ==>",
            (VmArea, "chain") => $"-- {Label($"avc {++place}")} -->",
            (AnonVma, "parent") when thing != from => "-. parent .->",
            (Page page, "mapping") => $"-. {Label($"@{page.Index}")} .->",
            (Page, "swapcache") => "-. cache .->",
            (StableNode, "hlist") when thing is RmapItem item => $"-- {Label($"{view.Of(item.Mm)} {item.Address}")} -->",
            _ => null,
        };
        if (arrow is not null)
            Edge(arrow, thing switch { OpenFile opening => opening.Mapping, RmapItem item => item.AnonVma, _ => thing });
    }

    /// <inheritdoc/>
    protected override void Entry(VirtualPage page, Pte pte)
    {
        var mm = (Mm)from!;
        from = mm.Lookup(page) ?? from;
        Edge($"-- {Label($"{page}{(pte.IsWritable ? " w" : "")}")} -->", pte.Target);
        from = mm;
    }

    private void AnonVmas()
    {
        foreach (IGrouping<Mm, Process> mm in view.Machine.Processes.GroupBy(process => process.Mm))
        {
            string id = view.Of(mm.Key);
            Line($"subgraph {id}[{Label($"{string.Join(", ", mm.Select(process => process.Id))}")}]");
            foreach (VmArea vma in mm.Key.Vmas)
            {
                nodes[vma] = $"{id}v{vma.Start}";
                Line($"  {nodes[vma]}[{Label($"{vma.Range} {vma.Flags.Letters()}")}]");
            }

            nodes[mm.Key] = id;
            Line($"end");
        }

        Nodes("([", view.AnonVmas, "])");
    }

    /// <summary>Things by their names; files by their place, as their names could mean something to Mermaid.</summary>
    private void Nodes(string open, IEnumerable<object> things, string close)
    {
        foreach ((int index, object thing) in things.Index())
        {
            string name = view.Names.Of(thing)!;
            nodes[thing] = thing is AddressSpace ? FormattableString.Invariant($"file{index}") : name;
            Line($"{nodes[thing]}{open}{Label($"{name}{(thing is Page page ? $" = {page.Value}" : "")}")}{close}");
        }
    }

    private void Edges()
    {
        foreach (object thing in nodes.Keys)
        {
            (from, place) = (thing, 0);
            Visit(thing);
        }
    }

    private void Edge(string arrow, object? to)
    {
        string? node = to is null ? null : nodes.GetValueOrDefault(to) ?? (to is AnonVma ? view.Names.Of(to) : null);
        if (node is not null)
            Line($"{nodes[from!]} {arrow} {node}");
    }

    /// <summary>A label in quotes. Only names of files can hold signs that mean something to Mermaid.</summary>
    private static string Label(FormattableString label)
    {
        string words = FormattableString.Invariant(label);
        return $"\"{words.Replace("#", "#35;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal)}\"";
    }

    private void Line(FormattableString line) => text.Append("  ").Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
