namespace Rmap.Properties.Checking;

/// <content>ksmd's notes, lists and counters.</content>
internal sealed partial record Corruption
{
    private const string KsmZeroPage = "option ksm-use-zero-pages\nP0 mmap 0+4 rw private anon\nP0 madvise 0+4 mergeable\n"
        + "P0 write 0 = 0\nksm scan 2\n";

    /// <summary>Five equal pages, of which no more than two may share a stable node.</summary>
    private const string Chained = "option ksm-max-sharing 2\nP0 mmap 0+5 rw private anon\nP0 madvise 0+5 mergeable\n"
        + "P0 write 0 = 5\nP0 write 1 = 5\nP0 write 2 = 5\nP0 write 3 = 5\nP0 write 4 = 5\nksm scan\n";

    private static Corruption[] OfKsm =>
    [
        new("ksm-registered", "no mm slot", Written, machine => Vma(machine).Flags |= VmFlags.Mergeable),
        new("ksm-registered", "the mm slot of another", Forked + "P1 madvise 0+4 mergeable",
            machine => Mm(machine, 1).KsmSlot = new KsmMmSlot(Mm(machine))),
        new("ksm-item-order", "descending", Merged, machine => machine.Ksm.Slots[0].Items.Reverse()),
        new("ksm-item-order", "one address twice", Merged, machine => machine.Ksm.Slots[0].Items.Insert(
            1, new RmapItem(machine.Ksm.Slots[0], new(0)))),
        new("ksm-item", "an AV without stable node", Merged, machine => Item(machine).Head = null),
        new("ksm-item", "a stable node without AV", Merged, machine =>
        {
            AnonVmas.Put(new TaskStruct(machine), Item(machine).AnonVma!);
            Item(machine).AnonVma = null;
        }),
        new("ksm-item", "in both trees", Merged, machine => Item(machine).IsUnstable = true),
        new("ksm-item", "the stable node does not list it", Merged, machine => Node(machine).Items.Remove(Item(machine))),
        new("ksm-item", "a stable node lists an item of another", TwoNodes, machine => Node(machine).Items.Add(Node(machine, 2).Items[0])),
        new("ksm-item", "a stable node lists an item of none", Merged + "P0 write 2 = 6\nksm scan",
            machine => Node(machine).Items.Add(Item(machine, 2))),
        new("ksm-item", "a stable node lists an item twice", Merged, machine => Node(machine).Items.Add(Node(machine).Items[0])),
        new("ksm-length", "one too many", Merged, machine => Node(machine).Length++),
        new("ksm-length", "one too few", Merged, machine => Node(machine).Length--),
        new("ksm-length", "one too many of a stable node without items", Merged + "P0 pin 0 G0 get\nP0 munmap 0+4\nksm scan",
            machine => machine.Ksm.StableTree.Single().Length++),
        new("ksm-zero-page", "in a VMA that is not mergeable", Written, machine => Store(machine, 1, Pte.Zero(PteBits.Dirty))),
        new("ksm-pages", "one unstable item too many", Written + "P0 madvise 0+4 mergeable\nksm scan 1",
            machine => Item(machine).IsUnstable = true),
        new("ksm-pages", "one stable node more, one item less than it says", TwoNodes, MoveItem),
        new("ksm-pages", "one zero page too few", KsmZeroPage, machine => Store(machine, 1, Pte.Zero(PteBits.Dirty))),
        new("ksm-pages", "one zero page too few beside one that is lost",
            KsmZeroPage + "P0 mmap 8+4 rw private anon\nP0 mprotect 8+4 rw\nP0 uffd-move 0+1 -> 8",
            machine => Store(machine, 1, Pte.Zero(PteBits.Dirty))),
        new("ksm-mm", "one item too many", Merged, machine => Mm(machine).KsmRmapItems++),
        new("ksm-mm", "one merged page too many", Merged, machine => Mm(machine).KsmMergingPages++),
        new("ksm-mm", "an item of an mm without mm slot", Written, machine => Mm(machine).KsmRmapItems++),
        new("ksm-mm", "a merged page of an mm without mm slot", Written, machine => Mm(machine).KsmMergingPages++),
        new("ksm-mm", "one zero page too many", KsmZeroPage, machine => Mm(machine).KsmZeroPages++),
        new("ksm-mm", "one zero page too many beside one that is lost",
            KsmZeroPage + "P0 mmap 8+4 rw private anon\nP0 uffd-move 0+1 -> 8", machine => Mm(machine).KsmZeroPages++),
        new("ksm-mm", "one zero page too few of a second process", KsmZeroPage + "P0 fork P1", machine => Mm(machine, 1).KsmZeroPages--),
        new("ksm-content", "one content twice", TwoNodes, machine => Page(machine, 2).Value = 5),
        new("ksm-content", "descending", TwoNodes, machine => Page(machine, 2).Value = 4),
        new("ksm-content", "two contents in one chain", Chained, machine => Page(machine).Value = 6),
    ];

    /// <summary>Moves the last item of page 2's stable node to that of page 0.</summary>
    private static void MoveItem(Machine machine)
    {
        (StableNode from, StableNode to) = (Node(machine, 2), Node(machine));
        foreach (RmapItem item in from.Items.ToArray())
        {
            from.Items.Remove(item);
            to.Items.Add(item);
            item.Head = to;
        }

        (from.Length, to.Length) = (from.Items.Count, to.Items.Count);
    }
}
