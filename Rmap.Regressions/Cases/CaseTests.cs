using Rmap.Properties.Running;
using Rmap.Regressions.Scenarios;

namespace Rmap.Regressions.Cases;

/// <summary>Small cases, each of a kind that something once went wrong with: sound rules reported as broken, or a loss that nobody saw.</summary>
public class CaseTests
{
    private const string Folder = "Cases";

    public static TheoryData<string, string> All => new(
        from name in StoredScenario.In(Folder)
        from rules in RulesCatalogue.Linux.Names
        where (StoredScenario.Read(Folder, name).File.Scenario.Rules ?? rules) == rules
        select (name, rules));

    [Theory]
    [MemberData(nameof(All))]
    public void Gives_what_it_says_and_holds(string name, string rules)
    {
        Scenario scenario = StoredScenario.Read(Folder, name).File.Scenario;
        var run = new CheckedMachine(RulesCatalogue.Linux.Find(rules)!, scenario.Options);
        foreach (Step step in scenario.Steps)
        {
            Violation? violation = run.Execute(step.Operation, out Outcome? outcome);
            Assert.True(violation is null, $"{ScenarioText.Print(step.Operation)}: {violation?.Invariant.Id}, {violation?.Saw}");
            Assert.Equal(step.Expected ?? outcome, outcome);
        }
    }

    /// <summary>MADV_FREE acts on a page that a fork shares.</summary>
    private sealed class FreeTakesShared : Rules
    {
        public override bool FreeMayTake(Page page) => true;
    }

    /// <summary>A lazyfree page goes although somebody holds it.</summary>
    private sealed class DropsHeldLazyFree : Rules
    {
        public override bool MayDropLazyFree(Page page) => true;
    }

    /// <summary>mremap grows a VMA over whatever lies behind it.</summary>
    private sealed class ExpandsOverMapped : Rules
    {
        public override bool MayExpand(VmArea vma, PageRange growth) => true;
    }

    public static TheoryData<string, Rules, string[]> Mistakes => new()
    {
        { "madv-free-shared", new FreeTakesShared(), ["content"] },
        { "lazyfree-held", new DropsHeldLazyFree(), ["content"] },
        { "lazyfree-held-write", new DropsHeldLazyFree(), ["content"] },
        { "mremap-over-own-mapping", new ExpandsOverMapped(), ["map", "content"] },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_that_loses_data_is_seen(string name, Rules mistake, string[] seen)
    {
        Failure? failure = ScenarioRunner.FirstFailure(StoredScenario.Read(Folder, name).File.Scenario, mistake);
        Assert.Contains(failure?.Violation.Invariant.Id, seen);
    }
}
