using System.Text;

namespace Rmap.Model.Text;

/// <summary>
/// The graph of AVs, AVCs, VMAs and pages as a Mermaid flowchart, which forges and editors render. Processes are boxes around their
/// VMAs. An AVC is an edge from VMA to AV, thick to the AV of the VMA's own pages; a PTE is an edge from VMA to page, with the page's
/// number (w: writable); dotted edges are <c>page->mapping</c> with the index, and an AV's parent. Names are those of
/// <see cref="StateText"/>.
/// </summary>
public static class MermaidText
{
    /// <summary>The graph of a machine.</summary>
    /// <param name="machine">The machine; it is only looked at.</param>
    /// <param name="names">Names used before, to be kept; new ones if null.</param>
    public static string Of(Machine machine, StateNames? names = null)
    {
        var writer = new Writer(new StateView(machine, names ?? new StateNames()));
        writer.Processes();
        writer.AnonVmas();
        writer.Nodes();
        writer.Edges();
        return writer.ToString();
    }

    /// <summary>
    /// The part of the graph of anon_vmas alone: VMAs, their AVCs and the AVs with their parents. A number on an AVC is
    /// its place in the VMA's chain, from 1.
    /// </summary>
    /// <param name="machine">The machine; it is only looked at.</param>
    /// <param name="names">Names used before, to be kept; new ones if null.</param>
    public static string OfAnonVmas(Machine machine, StateNames? names = null)
    {
        var writer = new Writer(new StateView(machine, names ?? new StateNames()));
        writer.Processes();
        writer.AnonVmas();
        writer.NumberedLinks();
        writer.Parents();
        return writer.ToString();
    }

    private sealed class Writer(StateView view)
    {
        private readonly StringBuilder text = new("flowchart LR\n");
        private readonly StateNames names = view.Names;

        public override string ToString() => text.ToString();

        internal void Processes()
        {
            foreach (IGrouping<Mm, Process> mm in view.Machine.Processes.GroupBy(process => process.Mm))
            {
                string id = view.Of(mm.Key);
                Line($"subgraph {id}[{Label($"{string.Join(", ", mm.Select(process => process.Id))}")}]");
                foreach (VmArea vma in mm.Key.Vmas)
                    Line($"  {Id(vma)}[{Label($"{vma.Range} {vma.Flags.Letters()}")}]");

                Line($"end");
            }
        }

        internal void AnonVmas()
        {
            foreach (AnonVma anonVma in view.AnonVmas)
                Line($"{names.Of(anonVma)}([{Label($"{names.Of(anonVma)}")}])");
        }

        internal void Nodes()
        {
            foreach (Page page in view.Pages)
                Line($"{names.Of(page)}[{Label($"{names.Of(page)} = {page.Value}")}]");

            foreach (AddressSpace file in view.Machine.Files.All)
                Line($"{Id(file)}[/{Label($"{names.Of(file)}")}/]");

            foreach (SwapSlot slot in names.InOrder(view.Machine.Swap.All))
                Line($"{names.Of(slot)}[({Label($"{names.Of(slot)}")})]");

            foreach (StableNode node in view.Machine.Ksm.StableTree)
                Line($"{names.Of(node)}{{{{{Label($"{names.Of(node)}")}}}}}");
        }

        internal void Edges()
        {
            foreach (Mm mm in view.Mms)
            {
                foreach (VmArea vma in mm.Vmas)
                    Links(vma);

                foreach ((VirtualPage page, Pte pte) in mm.PageTable.Entries())
                {
                    Entry(mm, page, pte);
                }
            }

            Parents();
            foreach (Page page in view.Pages)
                Mapping(page);

            foreach (Pin pin in view.Machine.Pins.All.Where(pin => pin.Page is not null))
                Line($"{pin.Id} -- {Label($"{pin.Kind.ToString().ToLowerInvariant()}")} --> {names.Of(pin.Page!)}");

            foreach (StableNode node in view.Machine.Ksm.StableTree)
            {
                foreach (RmapItem item in node.Items.Where(item => item.AnonVma is { IsFreed: false }))
                    Line($"{names.Of(node)} -- {Label($"{view.Of(item.Mm)} {item.Address}")} --> {names.Of(item.AnonVma!)}");
            }
        }

        internal void NumberedLinks()
        {
            foreach (VmArea vma in view.Mms.SelectMany(mm => mm.Vmas))
            {
                foreach ((int index, AnonVmaChain link) in vma.Chain.Index())
                {
                    Link(vma, link, Label($"{index + 1}"));
                }
            }
        }

        internal void Parents()
        {
            foreach (AnonVma anonVma in view.AnonVmas.Where(anonVma => anonVma.Parent != anonVma && !anonVma.Parent.IsFreed))
                Line($"{names.Of(anonVma)} -. parent .-> {names.Of(anonVma.Parent)}");
        }

        private void Link(VmArea vma, AnonVmaChain link, string label)
        {
            string arrow = link.AnonVma == vma.AnonVma ? $"== {label} ==>" : $"-- {label} -->";
            Line($"{Id(vma)} {arrow} {names.Of(link.AnonVma)}");
        }

        private void Links(VmArea vma)
        {
            foreach (AnonVmaChain link in vma.Chain.Where(link => !link.AnonVma.IsFreed))
                Link(vma, link, "avc");

            if (vma.File is not null)
                Line($"{Id(vma)} -- {Label($"@{vma.PageOffset}")} --> {Id(vma.File.Mapping)}");
        }

        private void Entry(Mm mm, VirtualPage page, Pte pte)
        {
            string? target = pte.Kind switch
            {
                PteKind.Present or PteKind.Migration => names.Of(pte.Page),
                PteKind.Swap => names.Of(pte.Slot),
                _ => null,
            };
            if (target is not null)
            {
                string from = mm.Lookup(page) is { } vma ? Id(vma) : view.Of(mm);
                Line($"{from} -- {Label($"{page}{(pte.IsWritable ? " w" : "")}")} --> {target}");
            }
        }

        private void Mapping(Page page)
        {
            string? target = page.Mapping switch
            {
                AnonVma { IsFreed: false } anonVma => names.Of(anonVma),
                StableNode { IsFreed: false } node when node != StableNode.Null => names.Of(node),
                AddressSpace file => Id(file),
                _ => null,
            };
            if (target is not null)
                Line($"{names.Of(page)} -. {Label($"@{page.Index}")} .-> {target}");

            if (page.SwapCache is not null)
                Line($"{names.Of(page)} -. cache .-> {names.Of(page.SwapCache)}");
        }

        private string Id(VmArea vma) => $"{view.Of(vma.Mm)}v{vma.Start}";

        /// <summary>A file's place in the table: its name could mean something to Mermaid.</summary>
        private string Id(AddressSpace file) =>
            FormattableString.Invariant($"file{view.Machine.Files.All.Index().FirstOrDefault(entry => entry.Item == file).Index}");

        /// <summary>A label in quotes. Only names of files can hold signs that mean something to Mermaid.</summary>
        private static string Label(FormattableString label)
        {
            string words = FormattableString.Invariant(label);
            return $"\"{words.Replace("#", "#35;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal)}\"";
        }

        private void Line(FormattableString line) => text.Append("  ").Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
