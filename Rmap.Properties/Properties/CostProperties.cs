using Rmap.Properties.Running;

namespace Rmap.Properties.Properties;

/// <summary>What forking costs in the long run: it depends on how many live, not on how many there ever were (7a3ef208e662).</summary>
[Trait("Speed", "Quick")]
public class CostProperties
{
    public static TheoryData<string> Versions => [.. RulesCatalogue.Linux.Names];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_daemon_that_forks_and_exits_for_ever_has_three_AVs_at_most(string version)
    {
        Machine machine = Daemon(RulesCatalogue.Linux.Find(version)!, generations: 200);
        VmArea vma = Assert.Single(Assert.Single(machine.Processes).Mm.Vmas);
        Assert.InRange(vma.ChainLength, 1, 3);
    }

    [Fact]
    public void Without_taking_over_a_chain_grows_with_every_generation()
    {
        Machine machine = Daemon(new NeverReused(), generations: 200);
        Assert.Equal(201, Assert.Single(Assert.Single(machine.Processes).Mm.Vmas).ChainLength);
    }

    [Fact]
    public void Costs_are_looked_at_only_when_asked_for()
    {
        Operation[] operations = [.. Operations(generations: 5)];
        Failure failure = Assert.IsType<Failure>(ScenarioRunner.FirstFailure(operations, MachineOptions.Default, new NeverReused()));
        Assert.Equal("fork-reuse", failure.Violation.Invariant.Id);
        Assert.Null(ScenarioRunner.FirstFailure(operations, MachineOptions.Default, new NeverReused(), checksCosts: false));
    }

    private static Machine Daemon(Rules rules, int generations)
    {
        var machine = new Machine(rules);
        foreach (Operation operation in Operations(generations))
            Assert.True(machine.Execute(operation).Succeeded);

        return machine;
    }

    /// <summary>Each generation writes, forks and exits.</summary>
    private static IEnumerable<Operation> Operations(int generations)
    {
        yield return new Operation.Mmap(new(0), PageRange.Of(new(0), 1), Protection.Read | Protection.Write, Shared: false);
        for (int i = 0; i < generations; i++)
        {
            yield return new Operation.Write(new(i), new(0), 1);
            yield return new Operation.Fork(new(i), new(i + 1));
            yield return new Operation.Exit(new(i));
        }
    }

    private sealed class NeverReused : Rules
    {
        public override bool ForkMayReuse(AnonVma anonVma, VmArea parent) => false;
    }
}
