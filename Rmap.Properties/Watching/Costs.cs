namespace Rmap.Properties.Watching;

/// <summary>
/// What keeps the reverse mapping cheap. Breaking one of these does no harm to anybody's data: walks get longer, more memory is used,
/// or ksmd works in vain. Each is checked where it is decided, by <see cref="CostChecker"/>, since later states need not show it.
/// </summary>
public static class Costs
{
    internal static readonly Invariant ForkOwn = Of(
        "fork-own", "A fork child's VMA has another own AV than its parent's, so that walks from its pages leave the parent out.",
        "anon_vma_fork(): an AV of its own, or one that nobody uses");

    internal static readonly Invariant ForkReuse = Of(
        "fork-reuse", "Fork makes an AV only if none of the chain can be taken over: nobody's own, with at most one child.",
        "anon_vma_clone(): 7a3ef208e662, else chains grow with every generation");

    internal static readonly Invariant Lender = Of(
        "lender", "A VMA takes the AV of a neighbour only if the two could merge but for what mprotect changes.",
        "reusable_anon_vma(), anon_vma_compatible()");

    internal static readonly Invariant Inherited = Of(
        "inherited", "A VMA that has inherited AVs does not come to cover memory that had none, unless mremap grows it in place.",
        "is_mergeable_anon_vma(), vma_is_fork_child(): 965f55dea0e3, 3b617fd3d317");

    internal static readonly Invariant Canonical = Of(
        "canonical", "Where mmap, mprotect, mremap, madvise or mlock have been, no VMAs touch that could be one.",
        "vma_merge_new_range(), vma_merge_existing_range(): 879bca0a2c4f, cf7e7a3503df");

    internal static readonly Invariant KsmVolatile = Of(
        "ksm-volatile", "ksmd replaces a page only if it has not changed since the pass before.",
        "cmp_and_merge_page(): oldchecksum");

    internal static readonly Invariant KsmSharing = Of(
        "ksm-sharing", "A stable node takes no more than max_page_sharing items, but for those of places that had its page before.",
        "is_page_sharing_candidate(); WARN_ON_ONCE in stable_tree_append()");

    internal static readonly Invariant WalkOnce = Of(
        "walk-once", "The walk of a KSM page looks at a place once at most for each item of that address.",
        "rmap_walk_ksm(): search_new_forks");

    /// <summary>All of them, in the order in which they are checked, after all <see cref="Invariants"/>.</summary>
    public static IReadOnlyList<Invariant> All { get; } =
        [ForkOwn, ForkReuse, Lender, Inherited, Canonical, KsmVolatile, KsmSharing, WalkOnce];

    /// <summary>Whether one of them has this id.</summary>
    public static bool Contains(string id) => All.Any(cost => cost.Id == id);

    private static Invariant Of(string id, string sentence, string kernel) => new(Subject.Costs, id, sentence, kernel);
}
