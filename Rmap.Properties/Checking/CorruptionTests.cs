using System.Text;

namespace Rmap.Properties.Checking;

/// <summary>Every invariant can fail: a machine that is sound but for one thing breaks it, and none before it.</summary>
[Trait("Speed", "Quick")]
public class CorruptionTests
{
    [Fact]
    public Task What_is_said_of_each_corruption()
    {
        var told = new StringBuilder();
        var others = new List<string>();
        foreach (IGrouping<string, Corruption> invariant in Corruption.All.GroupBy(corruption => corruption.Invariant))
        {
            told.Append(invariant.Key).Append('\n');
            foreach (Corruption corruption in invariant)
            {
                Violation? violation = corruption.FirstViolation();
                if (violation?.Invariant.Id != corruption.Invariant)
                {
                    others.Add($"{corruption}: {violation}");
                    continue;
                }

                told.Append($"  {corruption.What}\n    saw       {violation.Saw}\n    expected  {violation.Expected}\n");
            }
        }

        Assert.Empty(others);
        return Verify(told.ToString());
    }

    public static TheoryData<string> Exemptions => [.. Corruption.Exempt.Select(exempt => exempt.What)];

    [Theory]
    [MemberData(nameof(Exemptions))]
    public void What_only_looks_like_a_corruption_breaks_nothing(string what) =>
        Assert.Null(Corruption.Exempt.Single(exempt => exempt.What == what).FirstViolation());

    [Fact]
    public void Every_invariant_of_the_list_has_a_corruption() => Assert.Equal(
        Invariants.All.Select(invariant => invariant.Id).Order(StringComparer.Ordinal),
        Corruption.All.Select(corruption => corruption.Invariant).Distinct().Order(StringComparer.Ordinal));

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
        public override VirtualPage? VmaAddress(VmArea vma, long index, long first) =>
            base.VmaAddress(vma, index, first) is { } address ? address + 1 : null;
    }
}
