using Rmap.Properties.Defects;

namespace Rmap.Properties.Running;

/// <summary>Whoever looks into what has been freed is stopped, and told what it was.</summary>
[Trait("Speed", "Quick")]
public class UseAfterFreeTests
{
    /// <summary>What each operation would look into, once it has been freed under it.</summary>
    public static TheoryData<string, string, Action<Machine>> Freed => new()
    {
        { "P0 write 1 = 1", "P0 write 1 = 1 uses the VMA P0 0+2, which has been freed", machine => Vma(machine).IsDetached = true },
        { "P0 reclaim 0", "P0 reclaim 0 uses the AV A1, which has been freed", machine => Vma(machine).AnonVma!.IsFreed = true },
        { "P0 fork P1", "P0 fork P1 uses the AV A1, which has been freed", machine => Vma(machine).AnonVma!.IsFreed = true },
        { "P0 migrate 0", "P0 migrate 0 uses the stable node K1, which has been freed", machine => Node(machine).IsFreed = true },
        {
            "P0 migrate 0", "P0 migrate 0 uses the rmap_item of P0 1, which has been freed",
            machine => Node(machine).Items[0].IsFreed = true
        },
        { "P0 write 8 = 1", "P0 write 8 = 1 uses the file shmem1, which has been freed", machine => machine.Files.All[0].IsFreed = true },
    };

    [Theory]
    [MemberData(nameof(Freed))]
    public void What_was_freed_is_named(string operation, string saw, Action<Machine> free)
    {
        bool isKsm = saw.Contains("node", StringComparison.Ordinal) || saw.Contains("item", StringComparison.Ordinal);
        string before = "P0 mmap 0+2 rw private anon\nP0 mmap 8+1 rw shared anon\nP0 write 0 = 1\n"
            + (isKsm ? "P0 write 1 = 1\nP0 madvise 0+2 mergeable\nksm scan\n" : "");
        var run = new CheckedMachine(new Linux618(), MachineOptions.Default);
        foreach (Step step in ScenarioText.Parse(before).Steps)
            Assert.Null(run.Execute(step.Operation, out _));

        free(run.Machine);
        Violation violation = Invariants.Stuck(
            Assert.Throws<KernelBug>(() => run.Machine.Execute(ScenarioText.Parse(operation).Steps[0].Operation)), operation);
        Assert.Equal(saw, violation.Saw.ToString());
    }

    [Fact]
    public void A_page_that_was_freed()
    {
        var machine = new Machine(new Linux618());
        foreach (Step step in ScenarioText.Parse("F0 create 1 tmpfs = 1\nP0 mmap 0+1 r shared F0").Steps)
            machine.Execute(step.Operation);

        machine.Files.All[0].Cache[0].IsFreed = true;
        Operation read = ScenarioText.Parse("P0 read 0").Steps[0].Operation;
        Assert.Equal(
            "P0 read 0 uses the page f1, which has been freed",
            new StateNames().Tell(Invariants.Stuck(Assert.Throws<KernelBug>(() => machine.Execute(read)), "P0 read 0").Saw));
    }

    /// <summary>A pointer to nothing is told as such.</summary>
    private sealed class NewPagesBelongToNothing : Rules
    {
        public override AnonVma AnonVmaForNewPage(VmArea vma, bool exclusive) => ((VmArea?)null)!.AnonVma!;
    }

    [Fact]
    public void A_pointer_to_nothing_is_a_sentence() => Assert.Equal(
        "P0 write 0 = 1 follows a pointer to nothing",
        ScenarioRunner.FirstFailure(
            ScenarioText.Parse("P0 mmap 0+1 rw private anon\nP0 write 0 = 1"), new NewPagesBelongToNothing())?.Violation.Saw.ToString());

    [Fact]
    public void A_copy_that_was_freed() => Assert.Equal(
        "P0 mremap 0+1 -> 1+1 uses the VMA P0 0+1, which has been freed",
        ScenarioRunner.FirstFailure(
            ScenarioText.Parse("P0 mmap 0+1 rw private anon\nP0 mremap 0+1 -> 1+1"), DefectCatalogue.Get("N42"))?.Violation.Saw.ToString());

    private static VmArea Vma(Machine machine) => machine.Processes[0].Mm.Vmas[0];

    private static StableNode Node(Machine machine) => machine.Ksm.StableTree.Single();
}
