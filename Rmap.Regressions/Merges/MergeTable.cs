namespace Rmap.Regressions.Merges;

/// <summary>
/// How many VMAs each process has at the end of each scenario: one text for all versions, or one each for 6.12, 6.18, and 7.2 with 7.3.
/// The rows whose names begin with <c>observed</c> were seen on a real 6.18 kernel.
/// </summary>
internal static class MergeTable
{
    internal static readonly IReadOnlyDictionary<string, string[]> Rows = new SortedDictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["observed-unfaulted-next-to-unfaulted"] = ["P0 1"],
        ["observed-faulted-next-to-new"] = ["P0 1"],
        ["observed-new-before-faulted"] = ["P0 1"],
        ["observed-gap-between-two-faulted"] = ["P0 2"],
        ["observed-gap-left-faulted"] = ["P0 1"],
        ["observed-gap-right-faulted"] = ["P0 1"],
        ["observed-mprotect-before-any-fault"] = ["P0 2"],
        ["observed-fault-before-mprotect"] = ["P0 1"],
        ["observed-fork-child-new-mapping"] = ["P0 1, P1 2"],
        ["observed-fork-child-faulted-later"] = ["P0 1, P1 1"],
        ["observed-fork-child-own-neighbour"] = ["P0 1, P1 2"],
        ["observed-fork-child-grows"] = ["P0 1, P1 2", "P0 1, P1 1", "P0 1, P1 1"],
        ["observed-halves-faulted-apart"] = ["P0 1"],
        ["observed-read-only-half-written"] = ["P0 2"],
        ["observed-read-only-half-not-written"] = ["P0 1"],
        ["observed-replaced-in-the-middle"] = ["P0 1, P1 3"],
        ["observed-moved-away-and-back"] = ["P0 1"],
        ["observed-dontunmap"] = ["P0 2"],
        ["observed-file-in-two-pieces"] = ["P0 4"],
        ["observed-shared-anon"] = ["P0 2"],
        ["observed-advice-and-back"] = ["P0 1"],
        ["observed-sysv-mprotect"] = ["P0 3, P1 3"],

        ["mprotect-joins-unfaulted"] = ["P0 1"],
        ["mprotect-unfaulted-joins-faulted"] = ["P0 1"],
        ["mprotect-faulted-joins-unfaulted"] = ["P0 2", "P0 1", "P0 1"],
        ["mprotect-faulted-joins-unfaulted-on-its-right"] = ["P0 2", "P0 1", "P0 1"],
        ["mprotect-part-joins-unfaulted"] = ["P0 3", "P0 2", "P0 2"],
        ["mprotect-joins-both-sides"] = ["P0 3", "P0 1", "P0 1"],
        ["mprotect-fork-child-joins-unfaulted"] = ["P0 2, P1 2", "P0 1, P1 2", "P0 1, P1 2"],
        ["mprotect-unfaulted-joins-fork-child"] = ["P0 2, P1 2"],
        ["mprotect-next-to-mergeable"] = ["P0 1"],

        ["mmap-next-to-mergeable"] = ["P0 1"],
        ["mmap-between-parts-of-one"] = ["P0 1"],
        ["mmap-between-unrelated-unfaulted"] = ["P0 1"],
        ["mmap-between-in-fork-child"] = ["P0 2, P1 3"],
        ["mmap-under-memory-merge"] = ["P0 4", "P0 2", "P0 2"],
        ["mbind-and-back"] = ["P0 1"],

        ["mremap-unfaulted-joins-unfaulted"] = ["P0 1"],
        ["mremap-faulted-next-to-faulted"] = ["P0 2"],
        ["mremap-faulted-back-to-its-place"] = ["P0 1"],
        ["mremap-faulted-back-between-unfaulted"] = ["P0 3", "P0 1", "P0 1"],
        ["mremap-fork-child-joins-unfaulted"] = ["P0 1, P1 2"],
        ["mremap-grows-over-neighbour"] = ["P0 2", "P0 1", "P0 1"],
        ["mremap-mergeable"] = ["P0 2"],
        ["mremap-dontunmap-to-its-neighbour"] = ["P0 2", "P0 1", "P0 2"],
        ["mremap-dontunmap-locked"] = ["P0 3", "P0 2", "P0 3"],
        ["mremap-several"] = ["P0 2"],
    };
}
