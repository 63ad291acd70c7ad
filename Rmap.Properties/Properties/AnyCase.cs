using FsCheck;
using FsCheck.Fluent;
using Rmap.Properties.Campaigns;
using Rmap.Properties.Generating;
using Rmap.Properties.Running;
using Rmap.Properties.Shrinking;

namespace Rmap.Properties.Properties;

/// <summary>
/// Generated scenarios for FsCheck: one draw picks profile and seed, the rest follows from these. What fails is shrunk by the
/// <see cref="Minimiser"/>; FsCheck asks for shrinks of passing cases too, so nothing is done before the first is asked for.
/// </summary>
public static class AnyCase
{
    /// <summary>Scenarios of all profiles.</summary>
    public static Arbitrary<Scenario> Scenarios() => Arb.From(
        Gen.Choose(0, int.MaxValue).Select(Generate),
        Shrink);

    private static Scenario Generate(int draw)
    {
        Profile profile = Profile.All[draw % Profile.All.Count];
        return GeneratedRun.Check(profile, SuiteSettings.Seed ^ (ulong)draw, new Linux618()).Scenario;
    }

    private static IEnumerable<Scenario> Shrink(Scenario scenario)
    {
        var rules = new Linux618();
        if (ScenarioRunner.FirstFailure(scenario, rules) is { } failure)
        {
            Scenario minimal = Minimiser.Minimise(scenario, failure, rules).Scenario;
            if (!minimal.Equals(scenario))
                yield return minimal;

            yield break;
        }

        for (int size = scenario.Steps.Length / 2; size >= 1; size /= 2)
        {
            for (int start = 0; start + size <= scenario.Steps.Length; start += size)
                yield return scenario with { Steps = scenario.Steps.RemoveRange(start, size) };
        }
    }
}
