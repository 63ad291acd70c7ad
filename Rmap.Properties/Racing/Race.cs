using Rmap.Model.Sched;

namespace Rmap.Properties.Racing;

/// <summary>
/// The rules of 6.18 with a lock that is not taken, or a question that is not asked again, so that tasks that meet do harm: by a historic
/// kernel (B02 ...), or on purpose (R01 ...). At rest all of them are as sound as Linux.
/// </summary>
/// <param name="id">The name for the command line.</param>
/// <param name="title">What is wrong, in a few words.</param>
public abstract class Race(string id, string title) : Rules
{
    /// <inheritdoc/>
    public override string Name { get; } = id;

    /// <summary>What is wrong, in a few words.</summary>
    public string Title { get; } = title;
}

/// <summary>A race that is nothing but a step left out: most often a question.</summary>
public sealed class SkippingRace(string id, string title, LinuxStep skipped) : Race(id, title)
{
    /// <inheritdoc/>
    public override bool Skips(LinuxStep step) => step == skipped;
}

/// <summary>A race that is nothing but a lock that nobody takes.</summary>
public sealed class UnlockedRace(string id, string title, LockKind unlocked) : Race(id, title)
{
    /// <inheritdoc/>
    public override bool Takes(LockKind kind, bool write) => kind != unlocked;
}

/// <summary>
/// 2011, 948f017b0987, 38a76013ad80: entries move without the locks of the rmap, although the copy has become part of a VMA that a walk
/// comes to before the source. It looks there before the page has come, and at the source when it has gone.
/// </summary>
public sealed class B02MremapVersusWalkOrder() : Race("B02", "mremap moves entries past a walk")
{
    public override bool MoveTakesRmapLocks(VmArea source, VmArea copy, bool hasMerged) => false;
}

/// <summary>All of them.</summary>
public static class RaceCatalogue
{
    /// <summary>In the order of their names.</summary>
    public static IReadOnlyList<Race> All { get; } =
    [
        new B02MremapVersusWalkOrder(),
        new SkippingRace("B04", "a walk does not ask again whether the page is mapped", LinuxStep.WalkAsksMappedAgain),
        new SkippingRace("B05", "a swap-in does not ask whether the locked page is still the slot's", LinuxStep.SwapInAsksCacheAgain),
        new SkippingRace("B06", "two read a slot past the swap cache", LinuxStep.SwapInClaimsSlot),
        new SkippingRace("B19", "get_user_pages forgets that it asks for writing (Dirty COW)", LinuxStep.GupKeepsAskingForWrite),
        new SkippingRace("B20", "a fault maps a page that truncate has just removed", LinuxStep.FaultHoldsFolioLock),
        new SkippingRace("R01", "two faults give a VMA an AV each", LinuxStep.PrepareAsksAgain),
        new SkippingRace("R02", "a new page is mapped over what another fault has mapped", LinuxStep.AnonymousComparesEntry),
        new SkippingRace("R03", "a fault goes by an entry that has changed", LinuxStep.WpComparesEntry),
        new SkippingRace("R04", "a copy takes the place of an entry that has changed", LinuxStep.CopyComparesEntry),
        new SkippingRace("R05", "a file's page is mapped over what another fault has mapped", LinuxStep.FileFaultComparesEntry),
        new SkippingRace("R06", "a swapped page is mapped over an entry that has changed", LinuxStep.SwapInComparesEntry),
        new SkippingRace("R07", "reclaim drops a page that was written again", LinuxStep.ReclaimAsksDirtyAgain),
        new SkippingRace("R08", "truncate does not unmap again", LinuxStep.TruncateUnmapsAgain),
        new SkippingRace("R09", "mprotect passes migration entries by", LinuxStep.MprotectChangesMigrationEntry),
        new UnlockedRace("R10", "nobody takes the mmap lock", LockKind.MmapLock),
        new UnlockedRace("R11", "nobody locks folios", LockKind.Folio),
        new UnlockedRace("R12", "nobody takes i_mmap_rwsem", LockKind.IMmapRwsem),
        new UnlockedRace("R13", "nobody takes the lock of AVs", LockKind.AnonVmaRwsem),
        new UnlockedRace("R14", "nobody takes invalidate_lock", LockKind.InvalidateLock),
        new UnlockedRace("R15", "nobody takes i_rwsem", LockKind.InodeRwsem),
        new UnlockedRace("R16", "two isolate the same folio", LockKind.Isolation),
    ];

    /// <summary>The one of this name.</summary>
    public static Race Get(string name) => All.Single(race => race.Name == name);
}
