namespace Rmap.Properties.Generating;

/// <summary>
/// A small deterministic source of random numbers (splitmix64): the same seed gives the same scenario on every machine, whatever
/// the runtime's own generator does.
/// </summary>
public struct SplitMix(ulong seed)
{
    private ulong state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="end"/> (exclusive).</summary>
    public int Below(int end) => (int)(((Next() >> 32) * (ulong)end) >> 32);

    /// <summary>A number of up to 63 bits, as often of the one length as of any other.</summary>
    public long Long() => (long)(Next() >> (1 + Below(63)));

    /// <summary>A number of up to 31 bits, as often of the one length as of any other.</summary>
    public int Int() => (int)(Next() >> (33 + Below(31)));

    /// <summary>True in so many cases of a hundred.</summary>
    public bool Chance(int percent) => Below(100) < percent;
}
