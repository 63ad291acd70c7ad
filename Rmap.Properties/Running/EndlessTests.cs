using Rmap.Properties.Defects;

namespace Rmap.Properties.Running;

/// <summary>Where wrong rules would let Linux walk for ever, the machine says that it cannot go on.</summary>
[Trait("Speed", "Quick")]
public class EndlessTests
{
    /// <summary>mbind goes on with the first VMA of all, whichever it was.</summary>
    private sealed class MbindGoesBack : Rules
    {
        public override VmArea MbindGoesOnWith(VmArea found, VmArea modified) => modified.Mm.Vmas[0];
    }

    [Fact]
    public void A_chain_that_is_copied_to_itself() => Ends(new N12MergeLinksTwice(), "in anon_vma_clone", """
        P0 mmap 2+1 rw private anon
        P0 write 2 = 0
        P0 mmap 0+1 rw private anon
        P0 mremap 0+1 -> 1+1
        """);

    [Fact]
    public void A_walk_over_VMAs_that_goes_back() => Ends(new MbindGoesBack(), @"mbind 4\+1", """
        P0 mmap 0+1 rw private anon
        P0 mmap 4+1 rw private anon
        P0 mbind 4+1 bind
        """);

    [Fact]
    public void A_fault_that_changes_nothing() => Ends(new N43GupUnsharesFilePage(), "pin 0 G0 faults at page 0 of P0", """
        P0 mmap 0+1 r shared anon
        P0 pin 0 G0
        """);

    /// <summary>An interval that is found again behind itself, of a VMA that has another page there by now.</summary>
    [Fact]
    public void A_walk_in_a_circle()
    {
        var run = new CheckedMachine(new Linux618(), MachineOptions.Default);
        foreach (Step step in ScenarioText.Parse("P0 mmap 0+1 rw private anon\nP0 write 0 = 1\nP0 fork P1\nP0 write 0 = 2").Steps)
            Assert.Null(run.Execute(step.Operation, out _));

        IntervalNode<AnonVmaChain> node = run.Machine.Processes[0].Mm.Vmas[0].AnonVma!.Tree.FirstInOrder!;
        node.Right = node;
        Violation? violation = run.Execute(new Operation.Referenced(new ProcessId(1), new VirtualPage(0)), out _);
        Assert.Equal(Invariants.GoesOn, violation?.Invariant);
        Assert.Equal("P1 referenced 0 walks the rmap of the pages with index 0 without end", violation!.Saw.ToString());
    }

    private static void Ends(Rules rules, string saw, string scenario)
    {
        Failure? failure = ScenarioRunner.FirstFailure(ScenarioText.Parse(scenario), rules);
        Assert.Equal(Invariants.GoesOn, failure?.Violation.Invariant);
        Assert.Matches($"({saw}.*without end|without end.*{saw})", failure!.Violation.Saw.ToString());
    }
}
