using FsCheck.Xunit;
using Rmap.Properties.Defects;
using Rmap.Properties.Generating;
using Rmap.Properties.Running;
using Rmap.Properties.Shrinking;

namespace Rmap.Properties.Properties;

/// <summary>Property 7: what the minimiser promises, on rules with a planted mistake of known shortest length.</summary>
public class MinimiserProperties
{
    /// <summary>The page is looked for one page too far up.</summary>
    private sealed class OffByOne : Rules
    {
        public override VirtualPage? VmaAddress(VmArea vma, long index, long first) => base.VmaAddress(vma, index, first) + 1;
    }

    /// <summary>Fork leaves the parent's entries writable.</summary>
    private sealed class ParentStaysWritable : Rules
    {
        public override bool Skips(LinuxStep step) => step == LinuxStep.ForkWriteProtectsParent;
    }

    /// <summary>Merging forgets to hand over the AV.</summary>
    private sealed class MergeForgetsAnonVma : Rules
    {
        public override bool MergeTakesOverAnonVma(VmArea target, VmArea source) => false;
    }

    [Fact]
    public void An_address_one_page_off_shrinks_to_two_operations() => AllShrinkTo(2, 2, new OffByOne());

    [Fact]
    public void A_parent_that_stays_writable_shrinks_to_three_operations() => AllShrinkTo(3, 3, new ParentStaysWritable());

    [Fact]
    public void A_merge_that_forgets_the_AV_shrinks_to_five_operations_at_most_in_17_of_20_cases() =>
        AllShrinkTo(3, 5, new MergeForgetsAnonVma(), exceptions: 3);

    [Property(MaxTest = 100, Replay = "1,17")]
    public void The_result_fails_alike_and_no_operation_of_it_can_go(ulong seed)
    {
        var rules = new ParentStaysWritable();
        if (Failing(seed, rules) is not var (scenario, failure))
            return;

        (Scenario minimal, Failure last) = Minimiser.Minimise(scenario, failure, rules);
        Assert.Equal(failure.Violation.Invariant, last.Violation.Invariant);
        Assert.Equal(minimal.Steps.Length - 1, last.Step);
        Assert.True(LengthOf(minimal.Steps) <= LengthOf(scenario.Steps[..(failure.Step + 1)]));
        for (int i = 0; i < minimal.Steps.Length; i++)
        {
            Failure? without = ScenarioRunner.FirstFailure(minimal with { Steps = minimal.Steps.RemoveAt(i) }, rules);
            Assert.NotEqual(failure.Violation.Invariant, without?.Violation.Invariant);
        }
    }

    private static int LengthOf(IEnumerable<Step> steps) => Cost.Of([.. steps.Select(step => step.Operation)]).Length;

    [Property(MaxTest = 30, Replay = "1,19")]
    public void The_result_is_the_same_every_time_and_minimal_already(ulong seed)
    {
        var rules = new MergeForgetsAnonVma();
        if (Failing(seed, rules) is not var (scenario, failure))
            return;

        (Scenario once, Failure end) = Minimiser.Minimise(scenario, failure, rules);
        Assert.Equal(once, Minimiser.Minimise(scenario, failure, rules).Scenario);
        Assert.Equal(once, Minimiser.Minimise(once, end, rules).Scenario);
    }

    /// <summary>Else minimising would take what is as long as before, for ever. Six operations show the mistake, the last a load.</summary>
    [Fact]
    public void What_is_drawn_afresh_is_no_longer_than_asked()
    {
        var fault = new BrokenInvariantFault(DefectCatalogue.Get("M41"), "content");
        var profile = Profile.Of([OperationKind.MmapAnonymous, OperationKind.Write, OperationKind.Discard, OperationKind.Reclaim]);
        Assert.Null(fault.Draw(profile, new Limits(Processes: 1, Pages: 6, Operations: 5), 100_000));
    }

    [Fact]
    public void Settings_that_do_not_matter_get_their_defaults_and_what_lies_far_off_comes_near()
    {
        const string text =
            """
            option swap-sync
            option fault-around 8
            option ksm-max-sharing 3
            option ksm-use-zero-pages
            option mmap-base 77
            option user-mode-linux
            option pgoff-limit 1000
            option max-map-count 9
            option frames 99
            P0 mmap 4097+3 rw private anon
            P0 mmap 34359738360+2 rw private anon
            P0 write 34359738361 = 200
            P0 fork P1
            P0 write 34359738361 = 1
            P1 read 34359738361
            """;
        Assert.All(Setting.All, setting => Assert.Contains($"option {setting.Word}", text, StringComparison.Ordinal));
        Scenario far = ScenarioText.Parse(text);
        var rules = new ParentStaysWritable();
        Scenario minimal = Minimiser.Minimise(far, ScenarioRunner.FirstFailure(far, rules)!, rules).Scenario;
        Assert.Equal("P0 mmap 0+1 rw private anon\nP0 write 0 = 0\nP0 fork P1\n", ScenarioText.Print(minimal));
    }

    /// <summary>Shrinks twenty failing cases. Exceptions are two operations longer at most.</summary>
    private static void AllShrinkTo(int shortest, int longest, Rules rules, int exceptions = 0)
    {
        int found = 0;
        var longer = new List<Scenario>();
        for (ulong seed = 1; seed <= 3000 && found < 20; seed++)
        {
            if (Failing(seed, rules) is var (scenario, failure))
            {
                found++;
                Scenario minimal = Minimiser.Minimise(scenario, failure, rules).Scenario;
                Assert.InRange(minimal.Steps.Length, shortest, longest + 2);
                longer.AddRange(minimal.Steps.Length > longest ? [minimal] : []);
            }
        }

        Assert.Equal(20, found);
        Assert.True(longer.Count <= exceptions, string.Join('\n', longer));
    }

    private static (Scenario, Failure)? Failing(ulong seed, Rules rules)
    {
        (Scenario scenario, Failure? failure) = GeneratedRun.Check(Profile.All[0], seed, rules);
        return failure is null ? null : (scenario, failure);
    }
}
