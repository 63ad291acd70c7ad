using System.Text;
using Rmap.Model.Rmap;

namespace Rmap.Model.Text;

/// <summary>
/// The whole state of a machine as text in fixed columns, one thing a line, so that two of them can be compared line by line:
/// processes with their VMAs and page-table entries, pages with mapping and index, AVs as a tree with their AVCs in order, files,
/// swap, KSM. Sections without content are left out. The columns are explained in <c>docs/state.md</c>.
/// </summary>
public static class StateText
{
    /// <summary>The state of a machine.</summary>
    /// <param name="machine">The machine; it is only looked at.</param>
    /// <param name="names">Names used before, to be kept; new ones if null.</param>
    public static string Of(Machine machine, StateNames? names = null)
    {
        var writer = new Writer(new StateView(machine, names ?? new StateNames()));
        writer.Processes();
        writer.Pages();
        writer.AnonVmas();
        writer.Files();
        writer.Swap();
        writer.Ksm();
        writer.Pins();
        return writer.ToString();
    }

    private sealed class Writer(StateView view)
    {
        private const VmFlags Told = VmFlags.LockedMask | VmFlags.DontCopy | VmFlags.WipeOnFork | VmFlags.Account | VmFlags.NoReserve
            | VmFlags.Mergeable | VmFlags.UffdMissing;

        private readonly StringBuilder text = new();
        private readonly StateNames names = view.Names;

        public override string ToString() => text.ToString();

        internal void Processes()
        {
            Heading("PROCESSES");
            foreach (Process process in view.Machine.Processes)
            {
                string mm = view.Of(process.Mm);
                bool isOwn = mm == process.Id.ToString();
                Line(
                    0,
                    isOwn ? mm : $"{process.Id} shares {mm}",
                    isOwn && process.Mm.LockedVm != 0 ? Number($"locked_vm {process.Mm.LockedVm}") : "",
                    isOwn && process.Mm.IsMergeAny ? "merge-any" : "",
                    process.FailNth == 0 ? "" : Number($"fail-nth {process.FailNth}"));
                if (isOwn)
                {
                    AddressSpace(process.Mm);
                }
            }
        }

        internal void Pages()
        {
            Section("PAGES", view.Pages, page =>
            {
                string mapping = page.Mapping is null ? "-" : Number($"{names.Of(page.Mapping)}@{page.Index}");
                Line(
                    0,
                    Column(names.Of(page), 6),
                    Column(mapping, 12),
                    Column(Number($"value {page.Value}"), 9),
                    Column(Number($"mapcount {page.MapCount}"), 11),
                    Column(Number($"refcount {page.RefCount}"), 11),
                    page.SwapCache is null ? "" : $"swapcache {names.Of(page.SwapCache)}",
                    page.Pins == 0 ? "" : Number($"pins {page.Pins}"),
                    page.Gets == 0 ? "" : Number($"gets {page.Gets}"),
                    page.Flags == PageFlags.None ? "" : Words(page.Flags));
                string found = string.Join(", ", Walk(page));
                if (found.Length > 0)
                {
                    Line(2, "rmap", found);
                }
            });
        }

        internal void AnonVmas()
        {
            ILookup<AnonVma, AnonVma> children = view.AnonVmas
                .Where(anonVma => anonVma.Parent != anonVma)
                .ToLookup(anonVma => anonVma.Parent.IsFreed ? anonVma.Root : anonVma.Parent);
            Section("ANON_VMAS", view.AnonVmas.Where(anonVma => anonVma.Parent == anonVma || anonVma.Root.IsFreed), Tree(0));
            int unreachable = view.Machine.AnonVmas.InUse - view.AnonVmas.Count();
            if (unreachable != 0)
            {
                Line(0, Number($"{unreachable} more that nothing leads to"));
            }

            Action<AnonVma> Tree(int indent) => anonVma =>
            {
                Line(
                    indent,
                    Column(names.Of(anonVma), 12 - indent),
                    Number($"children {anonVma.NumChildren}  active {anonVma.NumActiveVmas}  refcount {anonVma.RefCount}"),
                    anonVma.Parent.IsFreed ? "parent stale" : "");
                foreach (AnonVmaChain link in anonVma.Tree.InOrder())
                {
                    Line(indent + 2, Column(view.Of(link.Vma), 14), Number($"@{link.Node.Start}..{link.Node.Last}"));
                }

                foreach (AnonVma child in children[anonVma])
                {
                    Tree(indent + 2)(child);
                }
            };
        }

        internal void Files()
        {
            Section("FILES", view.Machine.Files.All, file =>
            {
                Line(
                    0,
                    Column(names.Of(file), 8),
                    Column(Word(file.Kind), 16),
                    Number($"pages {file.Pages}"),
                    file.Kind == FileKind.SysV ? Number($"attached {file.Attached}") : "",
                    file.IsDestroyed ? "removed" : "");
                foreach (VmArea vma in file.IMmap.InOrder())
                {
                    Line(2, Column($"i_mmap {view.Of(vma)}", 21), Number($"@{vma.Shared.Start}..{vma.Shared.Last}"));
                }

                foreach ((long index, Page page) in file.Cache)
                {
                    Line(2, Column(Number($"cached @{index}"), 12), names.Of(page));
                }

                foreach ((long index, SwapSlot slot) in file.Swapped)
                {
                    Line(2, Column(Number($"swapped @{index}"), 12), names.Of(slot));
                }

                foreach (long index in file.Shadows)
                {
                    Line(2, Number($"shadow @{index}"));
                }
            });
        }

        internal void Swap()
        {
            Section("SWAP", names.InOrder(view.Machine.Swap.All), slot => Line(
                0,
                Column(names.Of(slot), 6),
                Column(Number($"count {slot.Count}"), 8),
                Column(Number($"value {slot.Value}"), 9),
                slot.Cache is null ? "" : $"cache {names.Of(slot.Cache)}",
                slot.Owner is null ? "" : $"of {names.Of(slot.Owner)}"));
            if (view.Machine.Faults.FailsSwapRead)
            {
                Heading("FAULTS");
                Line(0, "the next read from swap fails");
            }
        }

        internal void Ksm()
        {
            KsmState ksm = view.Machine.Ksm;
            if (ksm.Slots.Count == 0 && !ksm.StablePlaces.Any() && ksm.ZeroPages == 0)
            {
                return;
            }

            Heading("KSM");
            Line(0, Number(
                $"shared {ksm.PagesShared}  sharing {ksm.PagesSharing}  unshared {ksm.PagesUnshared}  volatile {ksm.PagesVolatile}"),
                ksm.ZeroPages == 0 ? "" : Number($"zero {ksm.ZeroPages}"),
                ksm.Run == 2 ? "unmerging" : "");
            foreach (StablePlace place in ksm.StablePlaces)
            {
                if (place.IsChain)
                {
                    Line(0, "chain");
                }

                place.Nodes.ForEach(node => Node(node, place.IsChain ? 2 : 0));
            }

            foreach (KsmMmSlot slot in ksm.Slots)
            {
                Line(0, $"slot {view.Of(slot.Mm)}");
                foreach (RmapItem item in slot.Items)
                {
                    string state = item.Head is { } head ? names.Of(head) : item.IsUnstable ? "unstable" : "-";
                    Line(2, Column(item.Address.ToString(), 9), state);
                }
            }
        }

        internal void Pins() => Section("PINS", view.Machine.Pins.All, pin => Line(
            0,
            Column(pin.Id.ToString(), 6),
            Column(pin.Page is null ? "zero" : names.Of(pin.Page), 5),
            pin.Kind switch { GupKind.PinWrite => "write", GupKind.Get => "get", _ => "" }));

        private static string Column(string content, int width) => content.PadRight(width);

        private static string Number(FormattableString number) => number.ToString(CultureInfo.InvariantCulture);

        private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

        /// <summary>The names of the flags that are set; their zero and their unions have names too, but are none.</summary>
        private static string Words<T>(T flags) where T : struct, Enum => string.Join(
            ' ',
            Enum.GetValues<T>()
                .Where(flag => flags.HasFlag(flag) && int.IsPow2(Convert.ToInt32(flag, CultureInfo.InvariantCulture)))
                .Select(Word));

        private static string Access(VmFlags flags) =>
            $"{(flags.HasFlag(VmFlags.Read) ? 'r' : '-')}{(flags.HasFlag(VmFlags.Write) ? 'w' : '-')}"
            + $"{(flags.HasFlag(VmFlags.Exec) ? 'x' : '-')}";

        private void AddressSpace(Mm mm)
        {
            foreach (VmArea vma in mm.Vmas)
            {
                Line(
                    2,
                    Column($"vma {vma.Range}", 12),
                    Access(vma.Flags),
                    Column(vma.Has(VmFlags.Shared) ? "shared" : vma.Has(VmFlags.MayShare) ? "mayshare" : "private", 8),
                    Column(Number($"{(vma.File is null ? "anon" : names.Of(vma.File.Mapping))}@{vma.PageOffset}"), 10),
                    Column(vma.AnonVma is null ? "-" : names.Of(vma.AnonVma), 4),
                    Column($"[{string.Join(' ', vma.Chain.Select(link => names.Of(link.AnonVma)))}]", 14),
                    Words(vma.Flags & Told),
                    vma.Policy == MemoryPolicy.Default ? "" : Word(vma.Policy));
            }

            foreach ((VirtualPage page, Pte pte) in mm.PageTable.Entries())
            {
                string target = pte.Kind switch
                {
                    PteKind.ZeroPage => "zero",
                    PteKind.Poisoned => "poisoned",
                    PteKind.Swap => names.Of(pte.Slot),
                    _ => names.Of(pte.Page),
                };
                string kind = pte.Kind == PteKind.Migration ? "migration" : "";
                string outside = mm.Lookup(page) is null ? "in no VMA" : "";
                Line(2, Column($"pte {page}", 12), Column(target, 5), kind, Words(pte.Bits), outside);
            }
        }

        /// <summary>What the walk looks at, in its order; in brackets where it finds the page not mapped.</summary>
        private List<string> Walk(Page page)
        {
            List<string> places = [];
            if (page.Mapping is StableNode node && node.Items.Exists(item => item.AnonVma is null))
            {
                return ["nothing: an rmap_item has no AV"];
            }

            foreach (RmapVisit visit in RmapWalk.Visits(page, view.Machine.Rules))
            {
                string place = $"{view.Of(visit.Vma.Mm)} {visit.Address}";
                places.Add(visit.Maps(page, view.Machine.Rules) ? place : $"({place})");
            }

            return places;
        }

        private void Node(StableNode node, int indent)
        {
            Page? page = view.Machine.Frames[node.KPfn];
            Line(
                indent,
                Column(names.Of(node), 6 - indent),
                Column(page?.Mapping == node ? names.Of(page) : "stale", 6),
                Number($"items {node.Length}"));
            foreach (RmapItem item in node.Items)
            {
                Line(indent + 2, $"{view.Of(item.Mm)} {item.Address}", item.AnonVma is null ? "-" : names.Of(item.AnonVma));
            }
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
            Line(0, heading);
        }

        private void Line(int indent, params ReadOnlySpan<string> columns)
        {
            int start = text.Length;
            text.Append(' ', indent);
            foreach (string column in columns)
            {
                if (column.Length > 0)
                {
                    text.Append(text.Length == start + indent ? "" : "  ").Append(column);
                }
            }

            while (text[^1] == ' ')
            {
                text.Length--;
            }

            text.Append('\n');
        }
    }
}
