namespace Rmap.Properties.Defects;

/// <summary>All defects, historic ones first, each group by number.</summary>
public static class DefectCatalogue
{
    /// <summary>The defects.</summary>
    public static IReadOnlyList<Defect> All { get; } =
    [
        new A01AvDegreeDoubleReuse(), new A02MremapFaultedOntoUnfaulted(), new A03MremapMergeIgnoresForkChild(),
        new A04AnonVmaEndlessGrowth(), new A06CloneFailDegreeUnderflow(), new A07SharedPageYoungestAnonVma(),
        new A08VmaAdjustForgetsChain(),
        new A09PrepareReusesMultichainNeighbour(), new A10MergeCase3PageOffset(), new A12PageOffsetWrap(),
        new A16KsmWalkKeyIsAddress(), new A17KsmMremapPoison(), new A18KsmWalkMissesFork(), new A19KsmItemHoldsNoAnonVma(),
        new A21KsmSwapInForeignAnonVma(), new A24KsmCleanStablePageLost(), new A25CowReuseByCount(), new A26ForkSharesPinnedPage(),
        new A26ForkCopiesFilePage(), new A27ReuseIgnoresSwapCount(), new A27SwapDropsExclusive(),
        new A28ExclusiveNotClearedOnFork(), new A29KsmPageReusedInPlace(), new A30TruncateLeavesSwappedCow(),
        new A31AnonPageInFileMap(), new A32ShmReadOnlyWritable(), new A32MadvRemoveReadOnly(), new A33MadvPageoutSharedCow(),
        new A36MergeRefusedAfterFork(), new A36ClonedMerge(), new A37KsmFlagBlocksMerge(), new A39KsmUnmergeSkipsZeroPages(),
        new A41KsmForkCopiesCounters(), new A41KsmForkForgetsChild(), new A41MergeAnyIsNotInherited(),
        new A42MigrateLosesMlocked(), new A44DontUnmapLockedVmLeak(), new A46MbindMergeStaleVma(), new A47PutAnonVmaRootFirst(),
        new A48DupAnonVmaErrorUnwind(), new A49HalfBuiltForkVisible(), new A51SwapOffRandomData(),
        new A53SwapCountOverflow(), new A55KsmStaleStableNodes(),

        new M01VmaAddressOffByOne(), new M02WalkPastEnd(), new M03SplitKeepsPageOffset(), new M05SplitForgetsChain(),
        new M06StaleIntervalKey(), new M09CloneCopiesPointerOnly(), new M10MergeIgnoresPageOffset(), new M11MergeOfDifferentAnonVmas(),
        new M12MergeIgnoresFlags(), new M16PrepareReusesUnlikeNeighbour(), new M18ForkForgetsAncestors(),
        new M19ForkSharesParentsAnonVma(), new M21CloneWalksNewestFirst(), new M22ReuseWhileActive(), new M23ReuseWithTwoChildren(),
        new M25RootNotPinned(), new M27ForkLeavesParentWritable(), new M29ForkForgetsSwapCount(), new M31ForkKeepsLock(),
        new M32ForkKeepsExclusiveSwapEntry(), new M34ReuseWhateverIsShared(), new M39SwapInAlwaysExclusive(), new M41UnmapForgetsDirty(),
        new M42UnmapStopsAtFirst(), new M43ReferencedSkipsLocked(), new M44UnmapIgnoresLocked(), new M45MoveResetsPageOffset(),
        new M52DontUnmapKeepsPointer(), new M56KsmComparesChecksumsOnly(), new M57KsmLeavesFirstMappingWritable(),
        new M58KsmIgnoresChanges(), new M60KsmNodeOutlivesItsPage(), new M61KsmSharingWithoutLimit(), new M63KsmUnmergeSkipsPages(),
        new M63KsmForkForgetsZeroPages(),
        new M65TruncateSparesCopies(), new M66PunchTakesCopies(), new M67TruncateEndInclusive(), new M67PunchEndExclusive(),
        new M68IMmapByAddress(), new M71MigrationChangesIndex(), new M72MigrationRestoresWritable(),
        new M72MigrationRestoresExclusive(), new M74LazyFreeDropsWritten(), new M76MunlockIgnoresOthers(),
        new M77UffdMoveKeepsIndex(), new M77UffdMoveKeepsAnonVma(), new M82KsmWalkRestarts(),

        new N01GrowthOverNeighbour(), new N02CloneVmNotCounted(), new N03ZapSkipsZeroPage(), new N04CacheRemovalFreesAnySlot(),
        new N05KsmNodeStaysBehind(), new N06DelayedRmapForgotten(), new N07MigrationForgetsSwapCache(), new N08ShmemSwapNotCounted(),
        new N09MigrationForgetsPageCache(), new N10KsmLeaksReplacedPage(), new N11CacheRemovalLeaksSlot(), new N12MergeLinksTwice(),
        new N13MergeJoinsTrees(), new N14ForkSkipsGrandparents(), new N15CloneDoesNotCount(), new N16UnlinkKeepsChild(),
        new N17UnlinkLeaksAnonVma(), new N18SplitDoesNotOpen(), new N19MprotectIgnoresVmWrite(), new N20PrivatePageProtWritable(),
        new N21FreeIgnoresSwapCache(), new N22ForkForgetsMmList(), new N23KsmItemAtHead(), new N24KsmStaysInUnstableTree(),
        new N25KsmLengthOnlyGrows(), new N26KsmCountsBeforeRemoval(), new N27KsmInsertsBehindEqual(), new N28FaultAroundFromWindow(),
        new N29MigrationForgetsDirtyPte(), new N30MigrationForgetsDirtyPage(),
        new N31PutPageOfPinned(),
        new N32UffdMoveStaysInTree(),
    ];
}
