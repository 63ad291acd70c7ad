namespace Rmap.Properties.Mending;

/// <summary>
/// The rules of a version of Linux with some of its known faults mended as proposed in <c>docs/linux.md</c>, of which those are excused
/// that are told. What is proposed for a fault is one override here.
/// </summary>
public sealed class FaultRules : Rules, IExcusing
{
    private readonly IReadOnlyCollection<KnownFault> mended;
    private readonly IReadOnlyCollection<KnownFault> excused;

    private FaultRules(
        string name, (int Major, int Minor, Fix[] Fixes) version, IReadOnlyCollection<KnownFault> mended,
        IReadOnlyCollection<KnownFault> excused)
        : base(version.Major, version.Minor, version.Fixes)
    {
        Name = $"linux-{version.Major}.{version.Minor}-{name}";
        this.mended = mended;
        this.excused = excused;
    }

    /// <summary>
    /// For each version the strict rules, which excuse nothing, and the fixed ones, which mend all and excuse nothing; of 6.18 also those
    /// that do not excuse one fault, and those that mend one, each with the others excused; and 6.18 with what the model does not meet by
    /// itself.
    /// </summary>
    internal static IReadOnlyList<Rules> All { get; } =
    [
        .. Versions.Select(version => new FaultRules(Strict, version, [], [])),
        .. Versions.Select(version => new FaultRules("fixed", version, Known, [])),
        .. Known.Select(fault => new FaultRules($"{Strict}-{Faults.Of(fault).Letter}", Versions[0], [], Except(fault))),
        .. Known.Select(fault => new FaultRules($"fixed-{Faults.Of(fault).Letter}", Versions[0], [fault], Except(fault))),
        new FreedNodeIsFollowed(), new MlockCountsInInt(),
    ];

    private static KnownFault[] Except(KnownFault fault) => [.. Known.Where(other => other != fault)];

    /// <summary>What stands behind a version in the name of its strict rules.</summary>
    internal const string Strict = "strict";

    private static KnownFault[] Known => Enum.GetValues<KnownFault>();

    /// <summary>Those that have recordings; the default first.</summary>
    private static (int Major, int Minor, Fix[] Fixes)[] Versions =>
    [
        (6, 18, []),
        (6, 12, [Fix.DontUnmapMergesWithSource, Fix.DontUnmapUnlocksNeighbours, Fix.DontUnmapKeepsPageOffset]),
        (7, 2, []),
    ];

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    bool IExcusing.Excuses(KnownFault fault) => excused.Contains(fault);

    /// <summary>A page of several mappings is left alone, be it clean; a KSM page always.</summary>
    public override bool FreeWantsPageAlone(Page page) =>
        Mends(KnownFault.FreeTakesCleanShared) || (Mends(KnownFault.FreedStaysInStableTree) && page.IsKsm) || base.FreeWantsPageAlone(page);

    /// <inheritdoc/>
    public override bool FreeMayTake(Page page) =>
        !(Mends(KnownFault.FreedStaysInStableTree) && page.IsKsm) && base.FreeMayTake(page);

    /// <summary>What KSM has put in a private copy's place stays as the copy would have.</summary>
    public override bool HoleSpares(Pte pte) => (Mends(KnownFault.PunchTakesMergedZero) && pte.IsKsmZero) || base.HoleSpares(pte);

    /// <summary>Counted as they are copied.</summary>
    public override int KsmZeroPagesOfChild(Mm parent, int copied) =>
        Mends(KnownFault.ForkCountsZeroPagesLeftOut) ? copied : base.KsmZeroPagesOfChild(parent, copied);

    /// <summary>Counted as they are copied.</summary>
    public override bool FailedForkCountsKsmZeroPages => Mends(KnownFault.FailedForkUncountsZeroPages);

    /// <summary>The zero page that is moved is counted off, as the one at its new place is an ordinary one.</summary>
    public override bool UffdMoveUncountsKsmZeroPage => Mends(KnownFault.UffdMoveKeepsZeroPageCounted);

    /// <summary>As since 7.0.</summary>
    public override bool DontUnmapCountsLockedTwice =>
        !Mends(KnownFault.DontUnmapCountsLockedTwice) && base.DontUnmapCountsLockedTwice;

    /// <summary>As since 7.2: what is emptied is a VMA of its own when it is unlocked.</summary>
    public override bool DontUnmapSplitsLocked => Mends(KnownFault.DontUnmapCountsLockedTwice) || base.DontUnmapSplitsLocked;

    /// <inheritdoc/>
    public override bool DontUnmapUnlocksItsPartOnly => Mends(KnownFault.DontUnmapCountsLockedTwice) || base.DontUnmapUnlocksItsPartOnly;

    /// <summary>As since 7.2: the copy does not become one VMA with what is to be unlocked.</summary>
    public override bool CopyMayMergeWithKeptSource =>
        !Mends(KnownFault.DontUnmapCountsLockedTwice) && base.CopyMayMergeWithKeptSource;

    private bool Mends(KnownFault fault) => mended.Contains(fault);

    /// <summary>
    /// 6.18 where the memory of a stable node that was freed is used for the next one, as happens: the rmap_items of the first are taken
    /// for
    /// those of the second.
    /// </summary>
    private sealed class FreedNodeIsFollowed : Rules
    {
        public override string Name => "linux-6.18-freed-node";

        public override bool KsmFreedNodeIsForgotten => false;
    }

    /// <summary>
    /// 6.18 as it counts what mlock locks: in an int, which the pages of 8 TiB turn negative. The model counts as 6.12.117.
    /// </summary>
    private sealed class MlockCountsInInt : Rules
    {
        public override string Name => "linux-6.18-mlock-int";

        public override long PagesCountedByMlock(PageRange range, bool locks) => locks ? (int)range.Pages : -(int)range.Pages;
    }
}
