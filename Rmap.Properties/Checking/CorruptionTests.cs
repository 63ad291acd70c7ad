using Rmap.Model;

namespace Rmap.Properties.Checking;

/// <summary>Every invariant can fail: a machine that is sound but for one thing breaks it, and none before it.</summary>
public class CorruptionTests
{
    public static TheoryData<string> Ids => [.. Corruption.All.Select(corruption => corruption.Invariant)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_machine_corrupted_by_hand_breaks_the_invariant_and_none_before_it(string id)
    {
        Corruption corruption = Corruption.All.Single(each => each.Invariant == id);
        Machine machine = Build(corruption.Scenario, new Linux618());
        var checker = new InvariantChecker(machine);
        Assert.Null(checker.FirstViolation());

        corruption.Corrupt(machine);

        Violation violation = Assert.IsType<Violation>(checker.FirstViolation());
        Assert.Equal(id, violation.Invariant.Id);
        Assert.NotEmpty(violation.Saw.ToString());
        Assert.NotEmpty(violation.Expected.ToString());
    }

    [Fact]
    public void Every_invariant_of_the_list_has_a_corruption()
    {
        string[] ids = [.. Invariants.All.Select(invariant => invariant.Id)];
        IEnumerable<string> corrupted = Corruption.All.Select(corruption => corruption.Invariant).Append("walk");
        Assert.Equal(ids.Order(StringComparer.Ordinal), corrupted.Order(StringComparer.Ordinal));
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void A_walk_that_computes_addresses_wrongly_is_seen_although_all_structures_are_sound()
    {
        Machine machine = Build("P0 mmap 0+4 rw private anon\nP0 write 0 = 1", new OnePageOff());
        Violation violation = Assert.IsType<Violation>(new InvariantChecker(machine).FirstViolation());
        Assert.Equal("walk", violation.Invariant.Id);
        Assert.Equal("the walk of f1, index 0 of A1 with P0 0+4, looks at P0 1", violation.Saw.ToString());
        Assert.Equal("to find P0 0", violation.Expected.ToString());
    }

    [Fact]
    public void A_walk_out_of_a_VMA_is_seen()
    {
        Machine machine = Build("P0 mmap 0+4 rw private anon\nP0 write 3 = 1", new OnePageOff());
        Violation violation = Assert.IsType<Violation>(new InvariantChecker(machine).FirstViolation());
        Assert.Equal("walk", violation.Invariant.Id);
        Assert.Equal("an address inside a VMA of its mm", violation.Expected.ToString());
    }

    [Fact]
    public void A_check_that_passes_allocates_nothing()
    {
        Machine machine = Build(
            "F0 create 4 tmpfs = 7\nP0 mmap 0+4 rw private anon\nP0 madvise 0+4 mergeable\nP0 write 0 = 5\nP0 write 1 = 5\nksm scan\n"
            + "P0 mmap 8+4 rw private F0\nP0 read 8\nP0 write 9 = 1\nP0 fork P1\nP1 write 9 = 2\nP0 reclaim 9\nP0 mlock 8+1",
            new Linux618());
        var checker = new InvariantChecker(machine);
        Assert.Null(checker.FirstViolation());
        Assert.Null(checker.FirstViolation());

        long before = GC.GetAllocatedBytesForCurrentThread();
        Violation? violation = checker.FirstViolation();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Null(violation);
        Assert.Equal(0, allocated);
    }

    internal static Machine Build(string text, Rules rules)
    {
        Scenario scenario = ScenarioText.Parse(text);
        var machine = new Machine(rules, scenario.Options);
        foreach (Step step in scenario.Steps)
        {
            Outcome outcome = machine.Execute(step.Operation);
            Assert.True(outcome.Succeeded, $"{ScenarioText.Print(step.Operation)} => {outcome}");
        }

        return machine;
    }

    private sealed class OnePageOff : Rules
    {
        public override VirtualPage? VmaAddress(VmArea vma, long index) => base.VmaAddress(vma, index) is { } address ? address + 1 : null;
    }
}
