using static Rmap.Regressions.Scenarios.TextRun;

namespace Rmap.Regressions.KsmTests;

/// <summary>What ksmd does where the recordings do not lead: the sharing limit, chains, stale nodes, failing merges.</summary>
[Trait("Speed", "Quick")]
public class KsmTests
{
    /// <summary>Two processes that are no relatives: pages 0 to 3 of each are mergeable.</summary>
    private const string TwoProcesses = """
        P0 mmap 0+4 rw private anon
        P0 madvise 0+4 mergeable
        P0 fork P1

        """;

    private const string Unmerged = TwoProcesses + """
        P0 write 0 = 1
        P1 write 0 = 1
        ksm scan
        P0 madvise 0+4 unmergeable
        """;

    /// <summary>Twelve equal pages under a sharing limit of 4 (kernel-facts, appendix, C1).</summary>
    private const string TwelveEqualPages = """
        option ksm-max-sharing 4
        P0 mmap 0+12 rw private anon
        P0 madvise 0+12 mergeable
        P0 madvise 0+12 populate-write
        ksm scan

        """;

    /// <summary>ksmd has unregistered an mm without anything to merge; process-wide KSM goes on.</summary>
    [Fact]
    public void A_new_shared_mapping_registers_an_mm_with_process_wide_KSM_anew_only_in_6_12()
    {
        foreach (Rules rules in new Rules[] { new Linux612(), new Linux618(), new Linux72(), new Linux73() })
        {
            Machine machine = Run(
                """
                P0 memory-merge on
                ksm scan 1
                P0 mmap 0+1 rw shared anon
                """,
                rules);
            Assert.Equal(rules is Linux612, machine.Processes[0].Mm.KsmSlot is not null);
            RunOn(machine, "P0 mmap 4+1 rw private anon");
            Assert.NotNull(machine.Processes[0].Mm.KsmSlot);
        }
    }

    /// <summary>One more page with that content.</summary>
    private const string NewPage = """
        P0 mmap 20+1 rw private anon
        P0 madvise 20+1 mergeable
        P0 madvise 20+1 populate-write

        """;

    [Fact]
    public void The_sharing_limit_makes_a_chain_of_full_dups()
    {
        Machine machine = Run(TwelveEqualPages);

        StablePlace place = Assert.Single(machine.Ksm.StablePlaces);
        Assert.True(place.IsChain);
        Assert.Equal([4, 4, 4], place.Nodes.Select(node => node.Length));
        Assert.Equal([4, 4, 4], place.Nodes.Select(node => machine.Frames[node.KPfn]!.MapCount));
        Assert.Equal((3, 9, 0, 0), Counters(machine));
    }

    [Fact]
    public void A_chain_that_has_one_dup_left_becomes_a_plain_node_when_a_search_meets_it()
    {
        Machine machine = Run(TwelveEqualPages);
        StablePlace chain = machine.Ksm.StablePlaces.Single();
        StableNode last = chain.Nodes[^1];
        RunOn(
            machine, string.Concat(AddressesOf(chain.Nodes.Where(node => node != last)).Select(page => $"P0 madvise {page}+1 dontneed\n")));
        RunOn(machine, NewPage + "ksm scan 1");
        Assert.True(chain.IsChain);
        Assert.Equal([last], chain.Nodes);

        RunOn(machine, "ksm scan 1");
        Assert.False(chain.IsChain);
        Assert.Equal([last], machine.Ksm.StableTree);
    }

    [Fact]
    public void A_chain_that_has_lost_all_dups_disappears_when_a_search_meets_it()
    {
        Machine machine = Run(TwelveEqualPages + "P0 madvise 0+12 dontneed\n" + NewPage + "ksm scan 1");
        Assert.Empty(machine.Ksm.StablePlaces.Single().Nodes);

        RunOn(machine, "ksm scan 1");
        Assert.Empty(machine.Ksm.StablePlaces);
    }

    [Fact]
    public void A_node_that_lost_its_items_takes_no_new_ones_while_its_page_lives_on()
    {
        Machine machine = Run("""
            P0 mmap 0+2 rw private anon
            P0 write 0 = 1
            P0 write 1 = 1
            P0 fork P1              # P1's VMA is not mergeable: it keeps the KSM page, and no item knows
            P0 madvise 0+2 mergeable
            ksm scan
            P0 write 0 = 2
            P0 write 1 = 2
            ksm scan
            P0 write 0 = 1
            P0 write 1 = 1
            ksm scan
            """);

        StablePlace place = Assert.Single(machine.Ksm.StablePlaces, place => place.IsChain);
        Assert.Equal([2, 0], place.Nodes.Select(node => node.Length));
        Assert.Equal([2, 1], place.Nodes.Select(node => machine.Frames[node.KPfn]!.MapCount));
    }

    [Fact]
    public void A_fork_may_exceed_the_sharing_limit()
    {
        Machine machine = Run("""
            option ksm-max-sharing 2
            P0 mmap 0+2 rw private anon
            P0 madvise 0+2 mergeable
            P0 madvise 0+2 populate-write
            ksm scan
            P0 fork P1
            """);
        Assert.Equal((1, 1, 0, 0), Counters(machine));
        RunOn(machine, "ksm scan");

        Assert.Equal(4, Assert.Single(machine.Ksm.StableTree).Length);
        Assert.Equal((1, 3, 0, 0), Counters(machine));
    }

    [Fact]
    public void Each_mm_counts_its_own_items()
    {
        Machine machine = Run(TwoProcesses + """
            P0 write 0 = 1
            P0 write 1 = 1
            P0 write 2 = 2
            P1 write 0 = 1
            ksm scan
            P0 fork P2
            """);

        Assert.Equal((2, 3), CountersOf(machine, 0));
        Assert.Equal((1, 1), CountersOf(machine, 1));
        Assert.Equal((0, 0), CountersOf(machine, 2));
    }

    [Fact]
    public void A_page_joins_a_stable_page_only_when_it_has_not_changed_for_a_pass()
    {
        const string scenario = TwoProcesses + """
            P0 write 0 = 1
            P0 write 1 = 1
            ksm scan
            P1 write 0 = 1
            ksm scan 1
            """;

        Assert.Equal((1, 1, 0, 1), Counters(Run(scenario)));
        Assert.Equal((1, 2, 0, 0), Counters(Run(scenario, new Linux61())));
    }

    [Fact]
    public void A_page_just_given_up_by_a_locked_VMA_is_merged_a_pass_later()
    {
        const string scenario = """
            P0 mmap 0+4 rw private anon
            P0 madvise 0+4 mergeable
            P0 write 0 = 1
            P0 write 1 = 1
            ksm scan
            P0 write 2 = 1
            lock
            P0 fork P1
            ksm scan 2
            """;
        Machine unlocked = Run(scenario.Replace("lock", "", StringComparison.Ordinal));
        Machine locked = Run(scenario.Replace("lock", "P0 mlock 2+1", StringComparison.Ordinal));

        Assert.Equal((1, 5, 0, 0), Counters(unlocked));
        Assert.Equal((1, 4, 0, 1), Counters(locked));
        RunOn(locked, "ksm scan 1");
        Assert.Equal((1, 5, 0, 0), Counters(locked));
    }

    [Fact]
    public void A_merge_that_fails_half_way_is_undone()
    {
        Machine machine = Run(TwoProcesses + """
            P0 write 0 = 1
            P1 write 1 = 1
            ksm scan
            P1 read 1 => 1
            """, new FirstPageOnly());

        Assert.Empty(machine.Ksm.StablePlaces);
        Assert.Equal((0, 0, 1, 1), Counters(machine));
        Assert.All(machine.Frames.All, page => Assert.False(page.IsKsm));
        Assert.All(machine.Ksm.Slots.SelectMany(slot => slot.Items), item => Assert.Null(item.AnonVma));
    }

    [Fact]
    public void A_stale_node_stays_until_it_is_met_and_then_goes_with_its_items()
    {
        Machine machine = Run(TwoProcesses + """
            P0 write 0 = 1
            P1 write 0 = 1
            ksm scan
            """);
        StableNode node = Assert.Single(machine.Ksm.StableTree);
        RunOn(machine, """
            P0 write 0 = 2
            P1 write 0 = 3
            """);
        Assert.Equal([node], machine.Ksm.StableTree);
        Assert.Equal((1, 1, 0, 0), Counters(machine));

        RunOn(machine, "ksm scan 1");
        Assert.Empty(machine.Ksm.StableTree);
        Assert.True(node.IsFreed);
        Assert.Throws<KernelBug>(() => node.Items);
        Assert.Equal((0, 0, 0, 2), Counters(machine));
    }

    [Fact]
    public void A_frame_used_again_is_not_taken_for_the_nodes_page()
    {
        Machine machine = Run(TwoProcesses + """
            P0 write 0 = 1
            P1 write 0 = 1
            ksm scan
            P0 munmap 0+1
            P1 munmap 0+1
            P0 write 1 = 1
            P0 write 2 = 1
            """);
        StableNode stale = Assert.Single(machine.Ksm.StableTree);
        Assert.Equal(stale.KPfn, machine.Find(new ProcessId(0))!.Mm.PageTable[new VirtualPage(2)].Page.Pfn);

        RunOn(machine, "ksm scan 1");
        Assert.Empty(machine.Ksm.StableTree);
    }

    [Fact]
    public void The_slot_of_an_exited_mm_goes_at_once_only_if_it_has_no_items()
    {
        Machine machine = Run(TwoProcesses + """
            P1 write 0 = 1
            P0 fork P2
            P0 exit
            ksm scan 1
            P1 exit
            """);

        Assert.Equal(["P1", "P2"], machine.Ksm.Slots.Select(slot => slot.Mm.ToString()));
        Assert.True(machine.Ksm.Slots[0].Mm.HasExited);
        RunOn(machine, "ksm scan 1");
        Assert.Equal(["P2"], machine.Ksm.Slots.Select(slot => slot.Mm.ToString()));
        RunOn(machine, """
            P2 munmap 0+4
            ksm scan => 1
            ksm scan => 0
            """);
        Assert.Empty(machine.Ksm.Slots);
    }

    [Fact]
    public void Unmerging_gives_each_its_own_copy_and_leaves_the_items_to_the_next_pass()
    {
        Machine machine = Run(Unmerged);

        Pte pte = machine.Find(new ProcessId(0))!.Mm.PageTable[new VirtualPage(0)];
        Assert.False(pte.Page.IsKsm);
        Assert.True(pte.Page.IsAnonExclusive);
        Assert.False(pte.IsWritable || pte.IsDirty);
        Assert.Equal((1, 1, 0, 0), Counters(machine));
        RunOn(machine, "ksm scan 1");
        Assert.Equal((1, 0, 0, 0), Counters(machine));
    }

    [Fact]
    public void Until_6_2_a_write_fault_unmerged()
    {
        Machine machine = Run(Unmerged, new Linux61());

        Pte pte = machine.Find(new ProcessId(0))!.Mm.PageTable[new VirtualPage(0)];
        Assert.False(pte.Page.IsKsm);
        Assert.True(pte.IsWritable && pte.IsDirty);
    }

    /// <summary>A second page never joins a first one.</summary>
    private sealed class FirstPageOnly : Rules
    {
        public override bool KsmIsIdentical(Page page, Page kpage) => false;
    }

    private static IEnumerable<VirtualPage> AddressesOf(IEnumerable<StableNode> nodes) =>
        nodes.SelectMany(node => node.Items).Select(item => item.Address);

    private static (int Shared, int Sharing, int Unshared, int Volatile) Counters(Machine machine) =>
        (machine.Ksm.PagesShared, machine.Ksm.PagesSharing, machine.Ksm.PagesUnshared, machine.Ksm.PagesVolatile);

    private static (int Merging, int Items) CountersOf(Machine machine, int process)
    {
        Mm mm = machine.Find(new ProcessId(process))!.Mm;
        return (mm.KsmMergingPages, mm.KsmRmapItems);
    }
}
