using static Rmap.Properties.Generating.OperationKind;

namespace Rmap.Properties.Generating;

/// <summary>
/// How often each kind of operation is drawn. A case does not use a profile as it is: it first draws which kinds it uses and how
/// often (swarm), so that what a kind hides is found by the cases that leave it out.
/// </summary>
public sealed class Profile
{
    private readonly int[] weights = new int[Enum.GetValues<OperationKind>().Length];

    private Profile(string name, string purpose, params ReadOnlySpan<(OperationKind Kind, int Weight)> changes)
    {
        Name = name;
        Purpose = purpose;
        foreach ((OperationKind kind, int weight) in Usual)
        {
            weights[(int)kind] = weight;
        }

        foreach ((OperationKind kind, int weight) in changes)
        {
            weights[(int)kind] = weight;
        }
    }

    /// <summary>Its name on the command line.</summary>
    public string Name { get; }

    /// <summary>What it is good at.</summary>
    public string Purpose { get; }

    /// <summary>The profiles, the mixed one first.</summary>
    public static IReadOnlyList<Profile> All { get; } =
    [
        new("mixed", "a bit of everything"),
        new("fork", "deep fork chains with exiting parents",
            (Fork, 30), (Exit, 18), (Write, 22), (MmapAnonymous, 5), (Munmap, 6), (Mremap, 4), (MmapFile, 0), (MmapShared, 0),
            (FileCreate, 0), (SysV, 0), (Truncate, 0), (FileWrite, 0), (KsmScan, 0), (KsmAdvice, 0)),
        new("vma", "merging, splitting and moving of VMAs",
            (MmapAnonymous, 18), (Munmap, 8), (Mprotect, 12), (Mremap, 26), (Write, 20), (Fork, 4), (ForkAdvice, 5), (Mlock, 4),
            (KsmScan, 0), (SysV, 1), (FileWrite, 0), (SwapOffOn, 0)),
        new("ksm", "equal pages in several processes, merged, forked, moved, reclaimed",
            (KsmScan, 14), (KsmAdvice, 16), (Write, 26), (Fork, 6), (Exit, 3), (Mremap, 6), (Reclaim, 5), (Migrate, 4), (MmapFile, 1),
            (MmapShared, 0), (SysV, 0), (FileCreate, 0), (Truncate, 0), (FileWrite, 0)),
        new("reclaim", "pages out to swap and back, from every process that has them",
            (Reclaim, 18), (Write, 22), (Read, 16), (Fork, 8), (Exit, 4), (SwapOffOn, 2), (Migrate, 6), (Referenced, 4), (Mlock, 4),
            (ReclaimAdvice, 6), (Discard, 5), (SysV, 1)),
        new("file", "files, segments and shared memory, truncated under their mappings",
            (FileCreate, 6), (MmapFile, 16), (MmapShared, 5), (SysV, 9), (Truncate, 8), (FileWrite, 7), (Read, 16), (Write, 18),
            (Reclaim, 8), (MmapAnonymous, 4), (KsmScan, 0), (KsmAdvice, 0)),
        Of("uniform", "anything of the whole grammar, without a look at the machine", [Blind]),
    ];

    private static ReadOnlySpan<(OperationKind Kind, int Weight)> Usual => new[]
    {
        (MmapAnonymous, 8), (MmapShared, 1), (MmapFile, 3), (Munmap, 5), (Mprotect, 4), (Mremap, 8), (Read, 8), (Mincore, 1), (Write, 20),
        (Fork, 7), (CloneVm, 1), (Exec, 1), (Exit, 5), (Discard, 3), (ForkAdvice, 2), (KsmAdvice, 4), (PopulateAdvice, 2),
        (ReclaimAdvice, 2), (KsmScan, 3), (Reclaim, 6), (Migrate, 2), (Referenced, 2), (SwapOffOn, 1), (Mlock, 2), (Forbid, 1),
        (FileCreate, 1),
        (Truncate, 2), (FileWrite, 2), (SysV, 2), (UffdMove, 1), (OperationKind.Pin, 3), (FailNth, 2), (Blind, 2),
    };

    /// <summary>A profile that draws only these kinds, all alike.</summary>
    internal static Profile Of(IEnumerable<OperationKind> kinds) => Of("redrawn", "what a failing case consists of", kinds);

    private static Profile Of(string name, string purpose, IEnumerable<OperationKind> kinds)
    {
        var profile = new Profile(name, purpose);
        Array.Clear(profile.weights);
        foreach (OperationKind kind in kinds)
            profile.weights[(int)kind] = 10;

        return profile;
    }

    /// <summary>The profile of this name, or null.</summary>
    public static Profile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);

    /// <summary>
    /// Draws how often each kind is drawn in one case, as a list to draw from: about a third of the kinds is left out, the others are drawn
    /// more or less often than usual. Mapping and writing always stay, for without them nothing happens.
    /// </summary>
    internal OperationKind[] DrawKinds(ref SplitMix random)
    {
        Span<int> drawn = stackalloc int[weights.Length];
        int total = 0;
        while (total == 0)
        {
            for (int kind = 0; kind < weights.Length; kind++)
            {
                bool stays = (OperationKind)kind is MmapAnonymous or Write or Fork;
                drawn[kind] = stays || !random.Chance(30) ? weights[kind] * (1 + random.Below(4)) : 0;
                total += drawn[kind];
            }
        }

        var kinds = new OperationKind[total];
        Span<OperationKind> rest = kinds;
        for (int kind = 0; kind < weights.Length; kind++)
        {
            rest[..drawn[kind]].Fill((OperationKind)kind);
            rest = rest[drawn[kind]..];
        }

        return kinds;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
