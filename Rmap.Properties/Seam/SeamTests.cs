using System.Reflection;
using Rmap.Properties.Defects;
using Rmap.Properties.Racing;
using Rmap.Properties.Running;

namespace Rmap.Properties.Seam;

/// <summary>
/// Decisions and steps are really asked: overriding each changes what a short scenario comes to, here or in the catalogue of defects, or
/// another version of Linux answers otherwise.
/// </summary>
public class SeamTests
{
    private const string Written = "P0 mmap 0+2 rw private anon; P0 write 0 = 1; P0 write 1 = 1";

    private const string SwappedOut = Written + "; P0 reclaim 0";

    private const string SplitAndMerged = Written + "; P0 mprotect 1+1 r; P0 mprotect 1+1 rw";

    private const string KsmZeroPage = "P0 mmap 0+1 rw private anon; P0 write 0 = 0; P0 madvise 0+1 mergeable; ksm scan";

    private static readonly MachineOptions UseZeroPages = new() { KsmUseZeroPages = true };

    /// <summary>Decisions that no defect and no test overrides, with the reasons.</summary>
    private static readonly (string Reason, string[] Members)[] NeverOverridden =
    [
        ("another version of Linux answers otherwise",
            ["ChainEndsWithRoot", "DontNeedFreesTables", "DontUnmapResetsPageOffset", "EmptiedHasOwnPageOffset",
                "ForkAllocatesOwnFirst", "HasMdwe", "HasMemoryMerge", "HasMseal", "HasUffdMove", "KeptLazyFreeIsSwapBacked",
                "KsmBreaksByWrite",
                "KsmChecksumBeforeStableTree", "KsmSparesChangedPages", "KsmZeroPageBits", "MergeAnyReachesAll", "MergeAnyRegistersFor",
                "MergesWhereItCan", "MremapChecksSourceFirst", "MremapHasRoom", "MremapMovesSeveralVmas", "PinsForLongSeeStores",
                "ReadAheadAlignment", "ReadAheadMarksAtEnd", "ReadAroundStaysInVma", "ReadFaultMayMapDirty", "ReferencedLocksFolio",
                "ReferencedPassesBy",
                "SwapInBypassesCache",
                "SwapInDrainsBatches", "SwapInFreesSlotBeforeMapping", "SwapReadsZeroPages", "ReclaimWaitsForDisk", "ZapDrainsMlockBatch"]),
        ("User-Mode Linux answers otherwise, and an option says that it runs",
            ["HasHugePages", "LoadMayFault", "MigrationEntryKeeps", "MprotectSets"]),
    ];

    /// <summary>
    /// What is overridden; the scenario; what becomes of it: the invariant that breaks, or what differs from Linux without a breach, the
    /// outcome of an operation or else the state.
    /// </summary>
    private static readonly (Rules Rules, string Scenario, string Effect, MachineOptions? Options)[] Rows =
    [
        (Skip(LinuxStep.PrepareCountsActiveVma), Written, "active-vmas", null),
        (Skip(LinuxStep.PrepareCountsBorrower),
            "P0 mmap 0+1 rw private anon; P0 write 0 = 1; P0 mmap 1+1 rwx private anon; P0 write 1 = 1", "active-vmas", null),
        (Skip(LinuxStep.ForkCountsActiveVma), Written + "; P0 fork P1", "active-vmas", null),
        (Skip(LinuxStep.UnlinkUncountsActiveVma), Written + "; P0 mprotect 1+1 r; P0 munmap 1+1", "active-vmas", null),
        (Skip(LinuxStep.ReferencedMakesOld), Written + "; P0 referenced 0", "effect", null),
        (Skip(LinuxStep.FaultMakesYoung), Written + "; P0 referenced 0; P0 read 0", "effect", null),
        (Skip(LinuxStep.SharedWriteIsNotified),
            "f create 1 ext4; P0 mmap 0+1 rw shared f; P0 read 0; P0 write 0 = 2", "state", null),
        (Skip(LinuxStep.SharedWriteMarksDirty), "f create 1 tmpfs; P0 mmap 0+1 rw shared f; P0 write 0 = 2", "state", null),
        (Skip(LinuxStep.ForkMakesChildOld), Written + "; P0 fork P1", "state", null),
        (Skip(LinuxStep.FreeMakesOldAndClean), Written + "; P0 madvise 0+1 free", "state", null),
        (Skip(LinuxStep.SplitClonesBeforeBounds), Written + "; P0 fail-nth 3; P0 munmap 1+1", "pte-in-vma", null),
        (Skip(LinuxStep.MergeUnlinksRemovedAnonVmas), SplitAndMerged, "link", null),
        (Skip(LinuxStep.MergeRemovesLast), SplitAndMerged, "goes-on", null),
        (Skip(LinuxStep.MergeUnlinksRemovedFile),
            "f create 2 tmpfs; P0 mmap 0+2 rw shared f; P0 mprotect 1+1 r; P0 mprotect 1+1 rw", "i-mmap", null),
        (Skip(LinuxStep.MergeClosesRemoved), "P0 mmap 0+2 rw shared anon; P0 mprotect 1+1 r; P0 mprotect 1+1 rw", "attached", null),
        (Skip(LinuxStep.MremapUnmapsTarget), Written + "; P0 mmap 4+1 r private anon; P0 mremap 0+1 -> 4+1", "vma-order", null),
        (Skip(LinuxStep.MoveUnmapsSource), Written + "; P0 mremap 0+2 -> 4+2", "map", null),
        (Skip(LinuxStep.MoveRestoresAccount), Written + "; P0 mremap 0+1 -> 4+1", "map", null),
        (Skip(LinuxStep.DontUnmapUnlinksAnonVmas), Written + "; P0 mremap 0+2 -> 4+2 maymove fixed dontunmap", "state", null),
        (Skip(LinuxStep.KsmDiscardLeavesTree),
            Written + "; P0 madvise 0+2 mergeable; ksm scan; P0 munmap 0+1; ksm scan 1", "av-refcount", null),
        (Skip(LinuxStep.KsmCountsZeroPage), KsmZeroPage, "ksm-pages", UseZeroPages),
        (Skip(LinuxStep.UnmapUncountsKsmZeroPage), KsmZeroPage + "; P0 munmap 0+1", "ksm-pages", UseZeroPages),
        (Skip(LinuxStep.ForkCountsKsmZeroPages), KsmZeroPage + "; P0 fork P1", "ksm-pages", UseZeroPages),
        (Skip(LinuxStep.SwapFreeUncounts), SwappedOut + "; P0 read 0", "swap-count", null),
        (Skip(LinuxStep.TruncateClearsMapping), "f create 1 tmpfs = 1; f truncate 0", "page-cache", null),

        (new IndexOnePageOff(), Written, "anon-index", null),
        (new OffsetIsTwiceTheAddress(),
            "f create 2 tmpfs; P0 mmap 4+1 rw private f; P0 write 4 = 1; P0 mmap 5+1 rw private f@1", "state", null),
        (new CopyHasItsAddress(), "f create 2 tmpfs; P0 mmap 4+1 rw private f; P0 write 4 = 1; P0 mremap 4+1 -> 8+1", "anon-index", null),
        (new IndexIsForgotten(),
            Written + "; P0 write 1 = 1; P0 madvise 0+2 mergeable; ksm scan; P0 write 0 = 2; P0 write 0 = 1; ksm scan 1", "state", null),
        (new NothingIsQueued(), SwappedOut, "outcome", null),
        (new ReuseKeepsAnonVma(), Written + "; P0 fork P1; P0 exit; P1 write 0 = 2", "state", null),
        (new ParentIsRoot(), Written + "; P0 fork P1; P1 fork P2", "one-root", null),
        (new SharedIsCopied(), "f create 1 ext4 = 1; P0 mmap 0+1 rw shared f; P0 read 0; P0 write 0 = 2", "shared-has-no-av", null),
        (new FrontIsLostOnly(), "P0 mmap 0+3 rw private anon; P0 write 2 = 1; P0 mprotect 1+2 r; P0 mprotect 1+1 rw", "anon-index", null),
        (new MergeIsDoneWithout(), Written + "; P0 mprotect 1+1 r; P0 fail-nth 1; P0 mprotect 1+1 rw", "outcome", null),
        (new CopyIsNotAccounted(), Written + "; P0 mremap 0+2 -> 4+2", "map", null),
        (new SwapEntriesStay(), SwappedOut + "; P0 mremap 0+2 -> 4+2; P0 read 4", "content", null),
        (new SourceStaysLocked(), Written + "; P0 mlock 0+2; P0 mremap 0+2 -> 4+2 maymove fixed dontunmap", "map", null),
        (new FreeTakesShared(), SwappedOut + "; P0 read 0; P0 fork P1; P0 madvise 0+1 free", "state", null),
        (new LocksAreNotCounted(), Written + "; P0 mlock 0+2", "locked-vm", null),
        (new ChainsStay(),
            "P0 mmap 0+4 rw private anon; P0 write 0 = 1; P0 write 1 = 1; P0 write 2 = 1; P0 write 3 = 1; P0 madvise 0+4 mergeable; "
            + "ksm scan; P0 munmap 0+2; P0 write 2 = 1; ksm scan", "state", new() { KsmMaxPageSharing = 2 }),
        (new StaysMergeable(), Written + "; P0 madvise 0+2 mergeable; P0 madvise 0+2 unmergeable", "map", null),
        (new SwapOffPassesBy(), SwappedOut + "; swap off-on", "swapoff-list", null),
        (new SwapOffShares(), SwappedOut + "; swap off-on", "state", null),
        (new ObjectsStay(), "P0 mmap 0+1 rw shared anon; P0 write 0 = 1; P0 munmap 0+1", "state", null),
        (new AccountStays(), "P0 mmap 0+1 r private anon; P0 mprotect 0+1 rw", "map", null),
        (new AnyEntryMaps(), Written + "; P0 fork P1; P1 write 0 = 2; P0 referenced 0", "state", null),
        (new OtherFilesMerge(),
            "f create 2 tmpfs; g create 2 tmpfs; P0 mmap 0+1 rw shared f; P0 mmap 1+1 rw shared g@1", "map", null),
        (new OtherPoliciesMerge(),
            "P0 mmap 0+2 rw private anon; P0 mbind 1+1 interleave; P0 mprotect 1+1 r; P0 mprotect 1+1 rw", "map", null),
        (new NothingMerges(), SplitAndMerged, "canonical", null),
        (new SegmentsAreRemoved(), "S shmget 2; P0 shmat S 0; P0 mprotect 1+1 r; P0 mprotect 1+1 rw", "state", null),
        (new NothingIsShared(), SwappedOut, "effect", null),
        (new HeldIsProtected(), Written + "; P0 pin 0 G0 get; P0 madvise 0+2 mergeable; ksm scan", "state", null),
        (new SwapInTakesNothingOver(),
            Written + "; P0 fork P1; P0 reclaim 0; P1 read 0; P1 exit; P0 mlock 0+2 onfault; P0 read 0", "state", null),
        (new SwapInKeepsSlot(), SwappedOut + "; P0 write 0 = 2", "state", null),
        (new UffdMoveTakesShared(),
            Written + "; P0 fork P1; P0 mmap 4+1 rw private anon; P0 uffd-move 0+1 -> 4", "writable-exclusive", null),
        (new UffdMoveCountsOff(), KsmZeroPage + "; P0 mmap 4+1 rw private anon; P0 uffd-move 0+1 -> 4", "state", UseZeroPages),
        (new MigratedIsReadOnly(), Written + "; P0 migrate 0", "state", null),
        (new SegmentsMoveAlong(),
            "P0 mmap 0+1 rw private anon; S shmget 1; P0 shmat S 1; P0 mremap 0+2 -> 8+2 maymove fixed", "outcome", null),
        (new ForkLeavesTables(), Written + "; P0 fork P1; P1 read 0", "content", null),
        (new NobodyIsNotified(),
            "f create 1 ext4; P0 mmap 0+1 rw shared f; P0 read 0; P0 mprotect 0+1 r; P0 mprotect 0+1 rw", "state", null),
        (new NothingIsMappedAround(), "f create 4 tmpfs = 1; P0 mmap 0+4 r shared f; P0 read 0", "state", new() { FaultAround = 16 }),
        (new NothingIsSealed(), "P0 mmap 0+1 rw private anon; P0 mseal 0+1; P0 munmap 0+1", "effect", null),
        (new AdviceTakesSealed(), "P0 mmap 0+1 r private anon; P0 mseal 0+1; P0 madvise 0+1 dontneed", "effect", null),
        (new NothingIsDenied(), "P0 mdwe; P0 mmap 0+1 rwx private anon", "effect", null),
        (new KeyStays(), "P0 mmap 0+1 rw private anon; P0 pkey-mprotect 0+1 rw 1; P0 mprotect 0+1 x", "map", null),
        (new UseAlwaysCounts(),
            "f create 1 ext4 = 1; P0 mmap 0+1 r shared f; P0 madvise 0+1 random; P0 read 0; P0 munmap 0+1", "state", null),
        (new ReuseIsABug(), Written + "; P0 fork P1; P0 write 0 = 2", "goes-on", null),
    ];

    public static TheoryData<string> Decisions => [.. Rows.Select(row => row.Rules.Name)];

    [Theory]
    [MemberData(nameof(Decisions))]
    public void Overriding_a_decision_changes_what_a_scenario_comes_to(string decision)
    {
        (Rules rules, string scenario, string effect, MachineOptions? options) = Rows.Single(row => row.Rules.Name == decision);
        Scenario parsed = ScenarioText.Parse(scenario.Replace("; ", "\n", StringComparison.Ordinal));
        (string? broken, string outcomes, string state) = Run(parsed, options, rules is ChangedLater ? new Linux73() : new Linux618());
        Assert.Null(broken);
        (string? brokenNow, string outcomesNow, string stateNow) = Run(parsed, options, rules);
        Assert.Equal(effect, brokenNow ?? (outcomesNow != outcomes ? "outcome" : stateNow != state ? "state" : "none"));
    }

    [Fact]
    public void Every_step_is_left_out_once()
    {
        IEnumerable<Rules> all = [.. DefectCatalogue.All, .. RaceCatalogue.All, .. Rows.Select(row => row.Rules)];
        Assert.DoesNotContain(Enum.GetValues<LinuxStep>(), step => !all.Any(rules => rules.Skips(step)));
    }

    /// <summary>Each decision is overridden by a defect or by a test, or varies with the version, which the snapshots show.</summary>
    [Fact]
    public void Every_decision_is_answered_otherwise_once()
    {
        HashSet<MethodInfo> overridden =
        [
            .. from type in typeof(SeamTests).Assembly.GetTypes()
            where type.IsSubclassOf(typeof(Rules))
            from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            select method.GetBaseDefinition(),
        ];
        string[] never =
        [
            .. from member in typeof(Rules).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            where member.IsVirtual && !overridden.Contains(member)
            select member.Name.Replace("get_", "", StringComparison.Ordinal),
        ];
        string[] listed = [.. NeverOverridden.SelectMany(each => each.Members)];
        Assert.True(never.All(listed.Contains), "Overridden by no defect and no test; give it a row here: "
            + string.Join(", ", never.Except(listed)));
        Assert.True(listed.All(never.Contains), "Overridden, and listed as never overridden: " + string.Join(", ", listed.Except(never)));
    }

    private static Skipping Skip(LinuxStep step) => new(step);

    private static (string? Broken, string Outcomes, string State) Run(Scenario scenario, MachineOptions? options, Rules rules)
    {
        var run = new CheckedMachine(rules, options ?? MachineOptions.Default);
        string outcomes = "";
        foreach (Step step in scenario.Steps)
        {
            if (run.Execute(step.Operation, out Outcome? outcome) is { } violation)
                return (violation.Invariant.Id, outcomes, "");

            outcomes += $"{outcome} ";
        }

        return (null, outcomes, StateText.Of(run.Machine));
    }

    private sealed class Skipping(LinuxStep skipped) : Rules
    {
        public override string Name { get; } = skipped.ToString();

        public override bool Skips(LinuxStep step) => step == skipped;
    }

    private abstract class Changed : Rules
    {
        public override string Name => GetType().Name;
    }

    private sealed class NothingIsSealed : Changed
    {
        public override bool MayModify(VmArea vma) => true;
    }

    private sealed class AdviceTakesSealed : Changed
    {
        public override bool MayAdvise(VmArea vma, Advice advice) => true;
    }

    private sealed class NothingIsDenied : Changed
    {
        public override bool MayHaveAccess(Mdwe mdwe, VmFlags old, VmFlags flags) => true;
    }

    private sealed class KeyStays : Changed
    {
        public override VmFlags PkeyAfterMprotect(VmArea vma, Protection protection) => vma.Flags & VmFlags.Pkey;
    }

    private sealed class UseAlwaysCounts : Changed
    {
        public override bool HasRecency(VmArea vma) => true;
    }

    private sealed class IndexOnePageOff : Changed
    {
        public override long IndexOfNewPage(VmArea vma, VirtualPage address) => vma.LinearPageIndex(address) + 1;
    }

    /// <summary>The same for what is new in 7.3.</summary>
    private abstract class ChangedLater() : Rules(7, 3)
    {
        public override string Name => GetType().Name;
    }

    private sealed class OffsetIsTwiceTheAddress : ChangedLater
    {
        public override long AnonPageOffsetOfNew(PageRange range, long pageOffset) => range.Start.Number * 2;
    }

    private sealed class CopyHasItsAddress : ChangedLater
    {
        public override long AnonPageOffsetOfCopy(VmArea source, VirtualPage from, VirtualPage to, long pageOffset) => to.Number;
    }

    private sealed class IndexIsForgotten : ChangedLater
    {
        public override bool KsmRemembersIndex => false;
    }

    private sealed class NothingIsQueued : ChangedLater
    {
        public override bool SwapOutIsQueued(Page page, MachineOptions options) => false;
    }

    private sealed class ReuseKeepsAnonVma : Changed
    {
        public override AnonVma? AnonVmaAfterReuse(Page page, VmArea vma) => page.Mapping as AnonVma;
    }

    private sealed class ParentIsRoot : Changed
    {
        public override AnonVma RootOfForkedAnonVma(AnonVma parent) => parent;
    }

    private sealed class SharedIsCopied : Changed
    {
        public override bool StoreIsShared(VmArea vma) => false;
    }

    private sealed class FrontIsLostOnly : Changed
    {
        public override long PageOffsetWithoutFront(VmArea vma, VirtualPage start) => vma.PageOffset;
    }

    private sealed class MergeIsDoneWithout : Changed
    {
        public override bool FailedMergeIsError(bool giveUpOnOom) => false;
    }

    private sealed class CopyIsNotAccounted : Changed
    {
        public override VmFlags FlagsOfCopy(VmArea source) => source.Flags & ~VmFlags.Account;
    }

    private sealed class SwapEntriesStay : Changed
    {
        public override bool MoveTakes(Pte pte) => pte.IsPresent;
    }

    private sealed class SourceStaysLocked : Changed
    {
        public override VmFlags FlagsOfKeptSource(VmArea source) => source.Flags;
    }

    private sealed class FreeTakesShared : Changed
    {
        public override bool FreeMayTake(Page page) => true;
    }

    private sealed class LocksAreNotCounted : Changed
    {
        public override long PagesCountedByMlock(PageRange range, bool locks) => 0;
    }

    private sealed class ChainsStay : Changed
    {
        public override bool KsmChainCollapses(StablePlace chain) => false;
    }

    private sealed class StaysMergeable : Changed
    {
        public override VmFlags FlagsAfterUnmergeable(VmArea vma) => vma.Flags;
    }

    private sealed class SwapOffPassesBy : Changed
    {
        public override bool SwapOffVisits(VmArea vma) => false;
    }

    private sealed class SwapOffShares : Changed
    {
        public override bool SwapOffIsExclusive(Pte entry) => false;
    }

    private sealed class ObjectsStay : Changed
    {
        public override bool MayEvict(AddressSpace file) => false;
    }

    private sealed class AccountStays : Changed
    {
        public override VmFlags AccountAfterMprotect(VmArea vma, VmFlags flags) => flags;
    }

    private sealed class AnyEntryMaps : Changed
    {
        public override bool CheckPte(Pte pte, Page page) => pte.IsPresent;
    }

    private sealed class OtherFilesMerge : Changed
    {
        public override bool FilesMayMerge(OpenFile? proposed, OpenFile? target) => true;
    }

    private sealed class OtherPoliciesMerge : Changed
    {
        public override bool PoliciesMayMerge(MemoryPolicy proposed, MemoryPolicy target) => true;
    }

    private sealed class NothingMerges : Changed
    {
        public override bool MayMerge(in VmaMergeStruct vmg, VmArea target) => false;
    }

    private sealed class SegmentsAreRemoved : Changed
    {
        public override bool MergeMayRemove(VmArea vma) => true;
    }

    private sealed class NothingIsShared : Changed
    {
        public override bool MayShareAnon(Page page) => false;
    }

    private sealed class HeldIsProtected : Changed
    {
        public override bool KsmMayProtect(Page page, int references) => true;
    }

    private sealed class SwapInTakesNothingOver : Changed
    {
        public override bool SwapInMayTakeOver(Page page) => false;
    }

    private sealed class SwapInKeepsSlot : Changed
    {
        public override bool SwapInShouldFreeSlot(Page page, VmArea vma, bool isWrite, bool exclusive, MachineOptions options) => false;
    }

    private sealed class UffdMoveTakesShared : Changed
    {
        public override bool UffdMoveMayTake(Pte pte) => true;
    }

    private sealed class UffdMoveCountsOff : Changed
    {
        public override bool UffdMoveUncountsKsmZeroPage => true;
    }

    private sealed class MigratedIsReadOnly : Changed
    {
        public override PteBits MigrationEntryKind(Pte pte, bool exclusive) => PteBits.None;
    }

    private sealed class SegmentsMoveAlong : Changed
    {
        public override bool MremapMayMoveWithOthers(VmArea vma) => true;
    }

    private sealed class ForkLeavesTables : Changed
    {
        public override bool ForkCopiesPageTables(VmArea parent) => false;
    }

    private sealed class NothingIsMappedAround : Changed
    {
        public override bool FaultAroundMakesTable(AddressSpace file, Page page) => false;
    }

    private sealed class NobodyIsNotified : Changed
    {
        public override bool WantsWriteNotify(VmArea vma) => false;
    }

    /// <summary>Where Linux would hit a BUG, an override says so.</summary>
    private sealed class ReuseIsABug : Changed
    {
        public override bool MayReuse(Page page) => throw new KernelBug("kernel BUG at mm/memory.c");
    }
}
