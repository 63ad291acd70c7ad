using BenchmarkDotNet.Attributes;
using Rmap.Properties.Generating;

namespace Rmap.Benchmarks;

/// <summary>What is measured for each profile, and for all of them in turn.</summary>
public abstract class OfProfiles
{
    private IReadOnlyList<Profile> profiles = [];

    [ParamsSource(nameof(Profiles))]
    public string Profile { get; set; } = "";

    public static IEnumerable<string> Profiles => Cases.ProfileNames;

    protected Rules Rules { get; } = new Linux618();

    [GlobalSetup]
    public void Choose() => profiles = Cases.ProfilesOf(Profile);

    protected Profile ProfileOf(int number) => profiles[number % profiles.Count];
}
