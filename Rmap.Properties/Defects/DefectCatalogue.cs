namespace Rmap.Properties.Defects;

/// <summary>All defects, historic ones first, each group by number.</summary>
public static class DefectCatalogue
{
    /// <summary>The defects.</summary>
    public static IReadOnlyList<Defect> All { get; } =
        [.. ((IEnumerable<Defect>)[.. OfTheirOwn(), .. SkippingDefects.All]).OrderBy(defect => defect.Name, StringComparer.Ordinal)];

    /// <summary>The defect of this name.</summary>
    public static Defect Get(string name) => All.Single(defect => defect.Name == name);

    private static IEnumerable<Defect> OfTheirOwn() =>
    [
        new A01AvDegreeDoubleReuse(), new A02MremapFaultedOntoUnfaulted(), new A03MremapMergeIgnoresForkChild(),
        new A04AnonVmaEndlessGrowth(), new A07SharedPageYoungestAnonVma(), new A08VmaAdjustForgetsChain(),
        new A09PrepareReusesMultichainNeighbour(), new A10MergeCase3PageOffset(), new A16KsmWalkKeyIsAddress(), new A18KsmWalkMissesFork(),
        new A21KsmSwapInForeignAnonVma(), new A25CowReuseByCount(), new A26ForkSharesPinnedPage(), new A26ForkCopiesFilePage(),
        new A27ReuseIgnoresSwapCount(), new A27SwapDropsExclusive(), new A29KsmPageReusedInPlace(), new A31AnonPageInFileMap(),
        new A32ShmReadOnlyWritable(), new A32MadvRemoveReadOnly(), new A33MadvPageoutSharedCow(), new A36MergeRefusedAfterFork(),
        new A36ClonedMerge(), new A37KsmFlagBlocksMerge(), new A39KsmUnmergeSkipsZeroPages(), new A44DontUnmapLockedVmLeak(),
        new A46MbindMergeStaleVma(), new A51SwapOffRandomData(), new A53SwapCountOverflow(),

        new M01VmaAddressOffByOne(), new M02WalkPastEnd(), new M03SplitKeepsPageOffset(), new M09CloneCopiesPointerOnly(),
        new M10MergeIgnoresPageOffset(), new M11MergeOfDifferentAnonVmas(), new M12MergeIgnoresFlags(),
        new M16PrepareReusesUnlikeNeighbour(), new M18ForkForgetsAncestors(), new M19ForkSharesParentsAnonVma(),
        new M21CloneWalksNewestFirst(), new M22ReuseWhileActive(), new M23ReuseWithTwoChildren(), new M29ForkForgetsSwapCount(),
        new M31ForkKeepsLock(), new M34ReuseWhateverIsShared(), new M39SwapInAlwaysExclusive(), new M42UnmapStopsAtFirst(),
        new M43ReferencedSkipsLocked(), new M44UnmapIgnoresLocked(), new M45MoveResetsPageOffset(), new M56KsmComparesChecksumsOnly(),
        new M58KsmIgnoresChanges(), new M60KsmNodeOutlivesItsPage(), new M61KsmSharingWithoutLimit(), new M63KsmUnmergeSkipsPages(),
        new M63KsmForkForgetsZeroPages(), new M67TruncateEndInclusive(), new M67PunchEndExclusive(), new M68IMmapByAddress(),
        new M71MigrationChangesIndex(), new M72MigrationRestoresWritable(), new M72MigrationRestoresExclusive(),
        new M74LazyFreeDropsWritten(), new M76MunlockIgnoresOthers(), new M77UffdMoveKeepsIndex(), new M77UffdMoveKeepsAnonVma(),
        new M82KsmWalkRestarts(), new M83SealStopsNothing(), new M84AdviceTakesSealed(), new M85SealStopsAllAdvice(),
        new M86MdweLetsGainExec(), new M87ForkKeepsMclFuture(), new M89MergeIgnoresDontDump(), new M90MprotectForgetsPkey(),

        new N01GrowthOverNeighbour(), new N03ZapSkipsZeroPage(), new N04CacheRemovalFreesAnySlot(), new N06DelayedRmapForgotten(),
        new N09MigrationForgetsPageCache(), new N11CacheRemovalLeaksSlot(), new N12MergeLinksTwice(), new N13MergeJoinsTrees(),
        new N14ForkSkipsGrandparents(), new N17UnlinkLeaksAnonVma(), new N18SplitDoesNotOpen(), new N19MprotectIgnoresVmWrite(),
        new N20PrivatePageProtWritable(), new N21FreeIgnoresSwapCache(), new N23KsmItemAtHead(), new N26KsmCountsBeforeRemoval(),
        new N27KsmInsertsBehindEqual(), new N28FaultAroundFromWindow(), new N30MigrationForgetsDirtyPage(), new N31PutPageOfPinned(),
        new N32UffdMoveStaysInTree(), new N43GupUnsharesFilePage(), new N44GupUnsharesExclusive(),
        new N45MunlockCountsTooFew(), new N47LongPinKeepsZeroPage(), new N48LongPinKeepsFilePage(),

        new U01FreeTakesShared(), new U02HeldLazyFreeIsDropped(), new U03MprotectRefusesWrite(), new U04MoveLacksRoom(),
        new U05CopyIsNotAccounted(), new U06StaysMergeable(), new U07SourceStaysLocked(), new U08UntouchedKeepsOffset(),
    ];
}
