namespace Rmap.Properties.Checking;

/// <summary>Which entries that map a KSM page are excused from being found by its walk, and for how long.</summary>
[Trait("Speed", "Quick")]
public class KsmReachabilityTests
{
    /// <summary>P0 and P1 share page 1 by fork; ksmd merges it with page 0 of P1. P0 maps a KSM page behind ksmd's back.</summary>
    private const string SharedByFork =
        "P0 mmap 0+3 rw private anon\nP0 write 1 = 1\nP0 fork P1\nP1 madvise 0+3 mergeable\nP1 write 0 = 1\nksm scan\n";

    [Theory]
    [InlineData("")]
    [InlineData("P0 mremap 0+3 -> 8+3\n")]
    [InlineData("P0 fork P2\nksm scan\n")]
    [InlineData("ksm scan 1\nP1 reclaim 0\n")]
    public void A_page_shared_by_fork_may_be_merged_behind_the_back_of_a_VMA_that_is_not_mergeable(string more)
    {
        Machine machine = CorruptionTests.Build(SharedByFork, new Linux618());
        var checker = new InvariantChecker(machine);
        Assert.Null(checker.FirstViolation());
        foreach (Step step in ScenarioText.Parse(more).Steps)
        {
            machine.Execute(step.Operation);
            Assert.Null(checker.FirstViolation());
        }
    }

    [Fact]
    public void A_whole_pass_ends_the_excuse_of_a_mergeable_VMA()
    {
        Machine machine = CorruptionTests.Build(SharedByFork, new Linux618());
        var truth = new Truth(machine);
        machine.Processes[0].Mm.Vmas[0].Flags |= VmFlags.Mergeable;

        Assert.Null(Check(truth));
        machine.Execute(new Operation.KsmScan(1));

        Assert.Equal("page 1 of P0 maps f1 of K1 with P1 1 (A2), P1 0 (A2); P0 0+3 has the chain [A1]", Check(truth)?.Saw.ToString());
    }

    [Fact]
    public void An_entry_that_was_moved_after_the_merge_is_not_excused()
    {
        Machine machine = CorruptionTests.Build(SharedByFork, new Linux618());
        var truth = new Truth(machine);
        Assert.Null(Check(truth));
        PageTable table = machine.Processes[0].Mm.PageTable;
        table[new(2)] = table[new(1)];
        table[new(1)] = default;

        Assert.NotNull(Check(truth));
    }

    [Fact]
    public void A_swap_entry_may_have_moved_before_it_maps_the_page_again()
    {
        // Page 1 of P0 keeps the page in memory, so that its swap entries in P1 lead back to it.
        Machine machine = CorruptionTests.Build(
            SharedByFork + "P1 reclaim 0\nP1 madvise 0+3 unmergeable\nP1 mremap 0+1 -> 9+1\n", new Linux618());
        var checker = new InvariantChecker(machine);
        Assert.Null(checker.FirstViolation());

        machine.Execute(new Operation.Read(new(1), new(9)));

        Assert.True(machine.Processes[1].Mm.PageTable[new(9)].Page.IsKsm);
        Assert.Null(checker.FirstViolation());
    }

    private static Finding? Check(Truth truth)
    {
        truth.Read();
        Finding? finding = KsmReachability.KsmReach.Check(truth);
        truth.KsmHistory.Remember(truth.Pages);
        return finding;
    }
}
