using Rmap.Properties.Defects;

namespace Rmap.Properties.Running;

/// <summary>Where wrong rules would let Linux walk for ever, the machine says that it cannot go on.</summary>
public class EndlessTests
{
    /// <summary>mbind goes on with the first VMA of all, whichever it was.</summary>
    private sealed class MbindGoesBack : Rules
    {
        public override VmArea MbindGoesOnWith(VmArea found, VmArea modified) => modified.Mm.Vmas[0];
    }

    [Fact]
    public void A_chain_that_is_copied_to_itself() => Ends(new N12MergeLinksTwice(), "anon_vma_clone", """
        P0 mmap 2+1 rw private anon
        P0 write 2 = 0
        P0 mmap 0+1 rw private anon
        P0 mremap 0+1 -> 1+1
        """);

    [Fact]
    public void A_walk_over_VMAs_that_goes_back() => Ends(new MbindGoesBack(), "mbind", """
        P0 mmap 0+1 rw private anon
        P0 mmap 4+1 rw private anon
        P0 mbind 4+1 bind
        """);

    private static void Ends(Rules rules, string saw, string scenario)
    {
        Failure? failure = ScenarioRunner.FirstFailure(ScenarioText.Parse(scenario), rules);
        Assert.Equal(Invariants.GoesOn, failure?.Violation.Invariant);
        Assert.Matches($"{saw}.*never ends", failure!.Violation.Saw.ToString());
    }
}
