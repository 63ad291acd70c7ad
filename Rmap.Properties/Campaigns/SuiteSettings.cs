using System.Globalization;
using Rmap.Properties.Reporting;
using Rmap.Properties.Running;

namespace Rmap.Properties.Campaigns;

/// <summary>
/// How much the tests try, from two environment variables: RMAP_SEED (a number, or <c>fresh</c> for another one at every run; the seed
/// used is always told) and RMAP_SCENARIOS (cases in all profiles together).
/// </summary>
public static class SuiteSettings
{
    /// <summary>The seed from which every generated case follows.</summary>
    public static ulong Seed { get; } = ReadSeed(Environment.GetEnvironmentVariable("RMAP_SEED"));

    /// <summary>Where failing scenarios are kept: shared with the command line, if that runs at the root of the repository.</summary>
    public static ReproStore Repros { get; } = new(Checkout.PathOf("repros"));

    /// <summary>Whether RMAP_SCENARIOS says how many cases there are to be.</summary>
    public static bool AreScenariosChosen { get; } = Environment.GetEnvironmentVariable("RMAP_SCENARIOS") is { Length: > 0 };

    /// <summary>Cases that the invariants are checked on.</summary>
    public static long Scenarios { get; } = ReadScenarios(Environment.GetEnvironmentVariable("RMAP_SCENARIOS"));

    private static ulong ReadSeed(string? setting) => setting switch
    {
        null or "" => 1,
        "fresh" => (ulong)Random.Shared.NextInt64(),
        _ when ulong.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) => seed,
        _ => throw new InvalidOperationException($"RMAP_SEED is '{setting}'. Set it to a whole number, or to 'fresh'."),
    };

    private static long ReadScenarios(string? setting) => setting switch
    {
        null or "" => 24_000,
        _ when long.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out long scenarios) => scenarios,
        _ => throw new InvalidOperationException($"RMAP_SCENARIOS is '{setting}'. Set it to a whole number."),
    };
}
