using Rmap.Properties.Generating;

namespace Rmap.Benchmarks;

/// <summary>The generated cases that are measured: the same every time.</summary>
internal static class Cases
{
    /// <summary>Cases of one measurement, so that no single one of them decides.</summary>
    internal const int Number = 240;

    /// <summary>Operations of one measurement.</summary>
    internal const int Operations = Number * 50;

    private const string Every = "all";

    /// <summary>The profiles, and all of them in turn.</summary>
    internal static IEnumerable<string> ProfileNames => Profile.All.Select(profile => profile.Name).Append(Every);

    /// <summary>The profiles that a name stands for.</summary>
    internal static IReadOnlyList<Profile> ProfilesOf(string name) => name == Every ? Profile.All : [Profile.Find(name)!];

    internal static ulong SeedOf(int number) => (ulong)number + 1;
}
