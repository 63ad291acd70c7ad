using Rmap.Model.Space;

namespace Rmap.Properties.Watching;

/// <content>
/// With which errors a call may be refused that is about files, segments, pins or ksmd, or moves pages by UFFDIO_MOVE. Of the others
/// <see cref="Refusals"/> tells.
/// </content>
public sealed partial class ContentModel
{
    /// <summary>Whether anything was ever set from which refusals follow that have to be. Most cases never do.</summary>
    private bool mayDemand;

    /// <summary>A refusal that has no reason, or one that should have been.</summary>
    private Violation? Refused(Operation operation, Outcome outcome, bool outOfMemory, ContentSpace? space = null)
    {
        mayDemand |= operation is Operation.Mseal or Operation.SetMdwe or Operation.RlimitMemlock;
        if (mayDemand && outcome.Succeeded && operation is Operation.ByProcess done
            && RefusalsOf(done, space!, outOfMemory).Demanded(done) is var (demanded, because))
        {
            return new(Invariants.Effect, $"{ScenarioText.Print(operation)} is done", $"it to be refused with {demanded}: {because}");
        }

        if (outcome is not Outcome.Failure { Errno: var errno })
            return null;

        IReadOnlyList<Errno>? permitted = operation switch
        {
            Operation.Shmat shmat => OfShmat(
                space!, shmat, PageRange.Of(shmat.Page, objects.GetValueOrDefault(shmat.Segment)?.Pages ?? 0), outOfMemory),
            Operation.UffdMove move => OfUffdMove(space!, move, outOfMemory),
            Operation.ByProcess call => RefusalsOf(call, space!, outOfMemory).Of(call),
            _ => OfObject(operation),
        };
        return permitted is null || permitted.Contains(errno) ? null
            : new(Invariants.Effect, $"{ScenarioText.Print(operation)} is refused with {errno}",
                $"it to be done{string.Concat(permitted.Distinct().Select(each => $", or {each}"))}: nothing else stands in its way");
    }

    private Refusals RefusalsOf(Operation.ByProcess call, ContentSpace space, bool outOfMemory) => new(
        space, machine.Options, outOfMemory, VmasOf(call), LimitOf(call), machine.Find(call.Process)?.Mm.LockedVmAstray ?? 0);

    private long LimitOf(Operation.ByProcess call) => memlockLimits.GetValueOrDefault(call.Process.Number, long.MaxValue);

    /// <summary>How many VMAs the process had, or has now, if that is more.</summary>
    private int VmasOf(Operation.ByProcess call) => Math.Max(vmasBefore, machine.Find(call.Process)?.Mm.Vmas.Count ?? 0);

    private List<Errno>? OfObject(Operation operation) => operation switch
    {
        Operation.FileCreate create => Errors(
            (Errno.EEXIST, IsTaken(create.File)), (Errno.ENOSPC, create.Fill is not null), IsNoLength(create.Pages),
            IsTooLong(create.Pages)),
        Operation.Shmget shmget => Errors(
            (Errno.EEXIST, IsTaken(shmget.Segment)), IsNoLength(shmget.Pages), (Errno.EINVAL, shmget.Pages == 0)),
        Operation.Shmrm shmrm => Errors((Errno.EINVAL, !IsThere(shmrm.Segment, isSegment: true))),
        Operation.Truncate truncate => Errors(
            (Errno.ENOENT, !IsThere(truncate.File)), IsNoLength(truncate.Pages), IsTooLong(truncate.Pages)),
        Operation.Punch { Page: var page, Length: var length } punch => Errors(
            (Errno.ENOENT, !IsThere(punch.File)), IsNoLength(page), IsNoLength(length), (Errno.EINVAL, length == 0),
            IsTooLong(unchecked(page + length))),
        Operation.FileWrite write => Errors(
            (Errno.ENOENT, !IsThere(write.File)), (Errno.ENOSPC, machine.Options.Frames != MachineOptions.Default.Frames),
            IsNoLength(write.Page), IsNoLength(unchecked(write.Page + 1)), IsTooLong(unchecked(write.Page + 1))),
        Operation.Fsync fsync => Errors((Errno.ENOENT, !IsThere(fsync.File))),
        Operation.Unpin unpin => Errors((Errno.EBADF, !pins.ContainsKey(unpin.Id.Number))),
        Operation.PinRead read => Errors((Errno.EBADF, !pins.ContainsKey(read.Id.Number))),
        Operation.PinWrite write => Errors(
            (Errno.EBADF, !pins.ContainsKey(write.Id.Number)),
            (Errno.EPERM, pins.TryGetValue(write.Id.Number, out (HeldPage, GupKind Kind) pin) && pin.Kind != GupKind.PinWrite)),
        Operation.KsmRun run => Errors((Errno.EINVAL, run.Run is < 0 or > 2)),
        Operation.KsmMaxSharing sharing => Errors((Errno.EINVAL, sharing.Items < 2), (Errno.EBUSY, sharing.Items >= 2)),
        Operation.KsmScan or Operation.SwapFailRead or Operation.SwapOffOn => [],
        _ => throw new InvalidOperationException($"Nobody knows with which errors Linux refuses {operation.GetType().Name}."),
    };

    private List<Errno> OfShmat(ContentSpace space, Operation.Shmat shmat, PageRange range, bool outOfMemory) => Errors(
        (Errno.EINVAL, !IsThere(shmat.Segment, isSegment: true) || UnmappedArea.Wraps(range) || !space.IsFree(range)),
        (Errno.ENOMEM, outOfMemory || !UnmappedArea.IsInUserSpace(range) || VmasOf(shmat) >= machine.Options.MaxMapCount),
        (Errno.EAGAIN, (space.FutureLocks & VmFlags.Locked) != 0 && LimitOf(shmat) < long.MaxValue));

    /// <summary>
    /// UFFDIO_MOVE. Where VMAs begin and end, and where a load has left the zero page, is not known: a move of several pages may end
    /// anywhere, and something may be at the destination.
    /// </summary>
    private List<Errno> OfUffdMove(ContentSpace space, Operation.UffdMove move, bool outOfMemory)
    {
        (PageRange source, PageRange destination) = (PageRange.Of(move.Source, move.Pages), PageRange.Of(move.Destination, move.Pages));
        (ContentArea? from, ContentArea? to) = (space[move.Source.Number], space[move.Destination.Number]);
        bool isOne = move.Pages == 1;
        bool isThere = space.Copies.TryGet(move.Source.Number, out ContentCopy copy) && !copy.MayBeDropped;
        bool suits = from is { Object: null } && to is { Object: null } && from.Has(VmFlags.Write)
            && ((from.Flags ^ to.Flags) & (VmFlags.Access | VmFlags.Locked)) == 0;
        return Errors(
            (Errno.EINVAL, !isOne || !suits || !machine.Rules.HasUffdMove),
            (Errno.EINVAL, !UnmappedArea.IsInUserSpace(source) || !UnmappedArea.IsInUserSpace(destination)),
            (Errno.ENOENT, !isOne || !isThere || to is null),
            (Errno.EEXIST, to is not null),
            (Errno.EBUSY, !isOne || copy.MayBeShared || copy.IsHeld || from?.Has(VmFlags.Mergeable) == true),
            (Errno.EFAULT, !isOne || copy.MayBeUnread),
            (Errno.EAGAIN, !isOne),
            (Errno.ENOMEM, outOfMemory || VmasOf(move) + 2 > machine.Options.MaxMapCount));
    }

    private static List<Errno> Errors(params ReadOnlySpan<(Errno Errno, bool When)> all)
    {
        List<Errno> errnos = [];
        foreach ((Errno errno, bool when) in all)
        {
            if (when)
                errnos.Add(errno);
        }

        return errnos;
    }

    /// <summary>Whether there is such a file, or such a segment that nobody has removed.</summary>
    private bool IsThere(string name, bool isSegment = false) =>
        objects.TryGetValue(name, out ContentObject? there) && !there.IsRemoved && there.Seen?.Kind == FileKind.SysV == isSegment;

    /// <summary>A removed segment keeps its name as long as it is attached; shared anonymous memory has names, too.</summary>
    private bool IsTaken(string name) => objects.ContainsKey(name) || name.StartsWith("shmem", StringComparison.Ordinal);

    private static (Errno Errno, bool When) IsNoLength(long pages) => (Errno.EINVAL, pages is < 0 or > AddressSpace.MostPages);

    /// <summary>ext4 takes fewer pages than others.</summary>
    private static (Errno Errno, bool When) IsTooLong(long pages) => (Errno.EFBIG, pages > AddressSpace.MaxPages(FileKind.Ext4));
}
