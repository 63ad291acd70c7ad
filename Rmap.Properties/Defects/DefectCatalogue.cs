namespace Rmap.Properties.Defects;

/// <summary>All defects, historic ones first, each group by number.</summary>
public static class DefectCatalogue
{
    /// <summary>The defects.</summary>
    public static IReadOnlyList<Defect> All { get; } =
    [
        new A01AvDegreeDoubleReuse(), new A02MremapFaultedOntoUnfaulted(), new A03MremapMergeIgnoresForkChild(),
        new A04AnonVmaEndlessGrowth(), new A07SharedPageYoungestAnonVma(), new A08VmaAdjustForgetsChain(),
        new A09PrepareReusesMultichainNeighbour(), new A10MergeCase3PageOffset(), new A12PageOffsetWrap(),
        new A16KsmWalkKeyIsAddress(), new A17KsmMremapPoison(), new A18KsmWalkMissesFork(), new A19KsmItemHoldsNoAnonVma(),
        new A21KsmSwapInForeignAnonVma(), new A24KsmCleanStablePageLost(), new A27ReuseIgnoresSwapCount(), new A27SwapDropsExclusive(),
        new A28ExclusiveNotClearedOnFork(), new A29KsmPageReusedInPlace(), new A30TruncateLeavesSwappedCow(),
        new A31AnonPageInFileMap(), new A32ShmReadOnlyWritable(), new A32MadvRemoveReadOnly(), new A33MadvPageoutSharedCow(),
        new A36MergeRefusedAfterFork(), new A36ClonedMerge(), new A37KsmFlagBlocksMerge(),
        new A41KsmForkCopiesCounters(), new A41KsmForkForgetsChild(), new A41MergeAnyIsNotInherited(),
        new A42MigrateLosesMlocked(), new A53SwapCountOverflow(),

        new M01VmaAddressOffByOne(), new M02WalkPastEnd(), new M03SplitKeepsPageOffset(), new M05SplitForgetsChain(),
        new M06StaleIntervalKey(), new M09CloneCopiesPointerOnly(), new M10MergeIgnoresPageOffset(), new M11MergeOfDifferentAnonVmas(),
        new M12MergeIgnoresFlags(), new M16PrepareReusesUnlikeNeighbour(), new M18ForkForgetsAncestors(),
        new M19ForkSharesParentsAnonVma(), new M21CloneWalksNewestFirst(), new M22ReuseWhileActive(), new M23ReuseWithTwoChildren(),
        new M25RootNotPinned(), new M27ForkLeavesParentWritable(), new M29ForkForgetsSwapCount(), new M31ForkKeepsLock(),
        new M32ForkKeepsExclusiveSwapEntry(), new M34ReuseWhateverIsShared(), new M39SwapInAlwaysExclusive(), new M41UnmapForgetsDirty(),
        new M42UnmapStopsAtFirst(), new M43ReferencedSkipsLocked(), new M44UnmapIgnoresLocked(), new M45MoveResetsPageOffset(),
        new M52DontUnmapKeepsPointer(), new M56KsmComparesChecksumsOnly(), new M57KsmLeavesFirstMappingWritable(),
        new M58KsmIgnoresChanges(), new M60KsmNodeOutlivesItsPage(), new M61KsmSharingWithoutLimit(), new M63KsmUnmergeSkipsPages(),
        new M65TruncateSparesCopies(), new M66PunchTakesCopies(), new M67TruncateEndInclusive(), new M67PunchEndExclusive(),
        new M68IMmapByAddress(), new M71MigrationChangesIndex(), new M72MigrationRestoresWritable(),
        new M72MigrationRestoresExclusive(), new M74LazyFreeDropsWritten(), new M76MunlockIgnoresOthers(),
        new M77UffdMoveKeepsIndex(), new M77UffdMoveKeepsAnonVma(),
    ];
}
