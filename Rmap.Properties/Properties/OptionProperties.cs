using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Running;

namespace Rmap.Properties.Properties;

/// <summary>No setting, however far out, lets sound rules be reported as broken, or stops the machine.</summary>
public class OptionProperties
{
    private static readonly int[] Counts = [2, 3, 5, 256, int.MaxValue - 1, int.MaxValue];
    private static readonly int[] Vmas = [1, 2, 4, 6, 9, 65530, int.MaxValue];
    private static readonly long[] Pages =
        [long.MinValue, -1, 0, 1, 2, 20, 511, 512, PageTable.Pages - 2, PageTable.Pages, 1L << 52, long.MaxValue - 1, long.MaxValue];

    public static TheoryData<string> Versions => [.. RulesCatalogue.Linux.Names];

    [Theory]
    [MemberData(nameof(Versions))]
    public void All_invariants_hold_with_options_of_their_whole_range(string version)
    {
        Rules rules = RulesCatalogue.Linux.Find(version)!;
        for (long i = 0; i < SuiteSettings.Scenarios / 40; i++)
        {
            ulong seed = SuiteSettings.Seed + (ulong)i;
            Scenario drawn = GeneratedRun.Check(Profile.All[(int)(i % Profile.All.Count)], seed, rules).Scenario;
            Scenario scenario = drawn with { Options = Draw(new SplitMix(seed)) };
            Failure? failure = ScenarioRunner.FirstFailure(scenario, rules);
            Assert.True(failure is null, $"{failure?.Violation.Invariant.Id}: {failure?.Violation.Saw}, "
                + $"expected {failure?.Violation.Expected}, at step {failure?.Step + 1} of\n{ScenarioText.Print(scenario)}");
        }
    }

    private static MachineOptions Draw(SplitMix random) => new()
    {
        SwapSync = random.Chance(30),
        FaultAround = 1 << random.Below(10),
        KsmMaxPageSharing = Counts[random.Below(Counts.Length)],
        KsmUseZeroPages = random.Chance(30),
        MmapBase = random.Chance(50) ? MachineOptions.Default.MmapBase : Pages[random.Below(Pages.Length)],
        UserModeLinux = random.Chance(20),
        PgoffLimit = random.Chance(50) ? MachineOptions.Default.PgoffLimit : Pages[random.Below(Pages.Length)],
        MaxMapCount = random.Chance(50) ? MachineOptions.Default.MaxMapCount : Vmas[random.Below(Vmas.Length)],
    };
}
