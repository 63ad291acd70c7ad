using Rmap.Properties.Running;
using Rmap.Regressions.Scenarios;

namespace Rmap.Regressions.Cases;

/// <summary>
/// Small cases, each of a kind that something once went wrong with: sound rules reported as broken, or a loss that nobody saw.
/// </summary>
[Trait("Speed", "Quick")]
public class CaseTests
{
    private const string Folder = "Cases";

    public static TheoryData<string> Names => [.. StoredScenario.In(Folder)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_what_it_says_and_holds_under_all_versions(string name)
    {
        StoredScenario stored = StoredScenario.Read(Folder, name);
        Scenario scenario = stored.File.Scenario;
        foreach (string version in RulesCatalogue.Linux.Names.Where(version => (scenario.Rules ?? version) == version))
        {
            var run = new CheckedMachine(RulesCatalogue.Linux.Find(version)!, scenario.Options);
            foreach ((int index, Step step) in scenario.Steps.Index())
            {
                Violation? violation = run.Execute(step.Operation, out Outcome? outcome);
                Assert.True(violation is null, $"{ScenarioText.Print(step.Operation)}: {violation?.Invariant.Id}, {violation?.Saw}");
                if (version == (scenario.Rules ?? RulesCatalogue.Linux.Default.Name))
                {
                    Assert.Equal(step.Expected ?? outcome, outcome);
                    stored.AssertSeen(index + 1, run.Machine);
                }
            }
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

    /// <summary>ksm_might_need_to_copy asks for the root of an AV first, and for the index after.</summary>
    private sealed class AsksRootFirst : Rules
    {
        public override bool KsmMustCopy(Page page, VmArea vma, VirtualPage address, int run) =>
            (page.Mapping is AnonVma anonVma && anonVma.Root != vma.AnonVma!.Root) || base.KsmMustCopy(page, vma, address, run);
    }

    public static TheoryData<string, Rules, string[]> Mistakes => new()
    {
        { "madv-free-shared", new FreeTakesShared(), ["content"] },
        { "lazyfree-held", new DropsHeldLazyFree(), ["content"] },
        { "lazyfree-held-write", new DropsHeldLazyFree(), ["content"] },
        { "swap-in-after-anon-vma-went", new AsksRootFirst(), ["goes-on"] },
        { "mremap-over-neighbour", new ExpandsOverMapped(), ["vma-order", "map", "content"] },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_that_loses_data_is_seen(string name, Rules mistake, string[] seen)
    {
        Failure? failure = ScenarioRunner.FirstFailure(StoredScenario.Read(Folder, name).File.Scenario, mistake);
        Assert.Contains(failure?.Violation.Invariant.Id, seen);
    }
}
