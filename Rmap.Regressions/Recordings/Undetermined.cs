namespace Rmap.Regressions.Recordings;

/// <summary>
/// What recordings say but a real kernel does not determine, so that it is not compared: all of it in one list, with the reasons.
/// </summary>
internal static class Undetermined
{
    /// <summary>Pages of the arena in which the recorded operations happen.</summary>
    private const long Arena = 4096;

    private const string Reuse = "the anon_vma is freed and the pointer stays; whether its memory has been used again, and for what, "
        + "depends on the allocator and on processes outside the recording";

    public static readonly IReadOnlyList<(string Field, string Reason)> Fields =
    [
        ("mapping, rmap, rmapOrder and rmapVisited of a page that nothing maps and whose anon_vma is freed", Reuse),
        ("parent of an anon_vma whose parent is freed", Reuse),
        ("an anon_vma that has only VMAs outside the arena, and those above it", "only such a pointer leads there"),
    ];

    public static bool HasMapping(Page page) => page.MapCount == 0 && page.Mapping is AnonVma { IsFreed: true };

    public static bool IsParent(AnonVma parent) => parent.IsFreed;

    /// <summary>The anon_vmas of a state that are to be compared.</summary>
    public static RecordedAnonVma[] Compared(RecordedAnonVma[] all)
    {
        if (!all.Any(IsOutside))
            return all;

        HashSet<string> outside = [];
        foreach (RecordedAnonVma anonVma in all.Where(IsOutside))
            Exclude(all, anonVma, outside);

        return [.. all.Where(each => !outside.Contains(each.Name))];
    }

    private static void Exclude(RecordedAnonVma[] all, RecordedAnonVma anonVma, HashSet<string> outside)
    {
        if (outside.Add(anonVma.Name))
        {
            foreach (RecordedAnonVma above in all.Where(each => each.Name == anonVma.Root || each.Name == anonVma.Parent))
                Exclude(all, above, outside);
        }
    }

    private static bool IsOutside(RecordedAnonVma anonVma) =>
        anonVma.Tree.Length > 0 && anonVma.Tree.All(entry => entry.Start is < 0 or >= Arena);
}
