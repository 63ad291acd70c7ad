using Rmap.Model.Space;

namespace Rmap.Properties.Watching;

/// <content>What processes do to their address spaces, range by range, and what becomes of these as processes come and go.</content>
public sealed partial class ContentModel
{
    /// <summary>What mprotect may allow of memory that was mapped without a restriction.</summary>
    internal const VmFlags MayAccess = VmFlags.MayRead | VmFlags.MayWrite | VmFlags.MayExec;

    private void ObserveLife(ContentSpace space, Operation.ByProcess operation)
    {
        switch (operation)
        {
            case Operation.Fork fork:
                processes[fork.Child.Number] = Forked(space);
                memlockLimits[fork.Child.Number] = LimitOf(fork);
                break;
            case Operation.CloneVm clone:
                processes[clone.Child.Number] = space;
                memlockLimits[clone.Child.Number] = LimitOf(clone);
                break;
            case Operation.Exec:
                processes[operation.Process.Number] = new ContentSpace { IsMergeAny = space.IsMergeAny, Mdwe = Inherited(space.Mdwe) };
                break;
            case Operation.Exit:
                processes.Remove(operation.Process.Number);
                break;
        }
    }

    private static Mdwe Inherited(Mdwe mdwe) => mdwe == Mdwe.NoInherit ? Mdwe.None : mdwe;

    /// <summary>What a child has: all but what is not to be copied, and no locks.</summary>
    private static ContentSpace Forked(ContentSpace parent)
    {
        for (int i = 0; i < parent.Copies.Count; i++)
        {
            ref ContentCopy copy = ref parent.Copies.At(i);
            copy.MayBeShared = true;
            copy.Held?.Forked();
        }

        ContentSpace child = parent.Copy();
        for (int i = 0; i < child.Copies.Count; i++)
            child.Copies.At(i).Held = null;

        foreach ((PageRange range, ContentArea area) in parent.Stretches)
        {
            if (area.Has(VmFlags.DontCopy))
                child.Unmap(range);
            else if (area.Has(VmFlags.WipeOnFork))
                child.LetGo(range);
        }

        child.Change(Everywhere, area => area with { Flags = area.Flags & ~VmFlags.LockedMask });
        child.FutureLocks = VmFlags.None;
        child.Mdwe = Inherited(parent.Mdwe);
        return child;
    }

    private Violation? Mmap(ContentSpace space, Operation.Mmap mmap, long result)
    {
        VmFlags flags = (VmFlags)mmap.Protection | MayAccess | space.FutureLocks | (mmap.Locked ? VmFlags.Locked : VmFlags.None);
        if (mmap.Shared)
            flags |= VmFlags.Shared | VmFlags.MayShare;
        else if (space.IsMergeAny)
            flags |= VmFlags.Mergeable;

        if (mmap.NoReserve)
            flags |= VmFlags.NoReserve;
        else if (!mmap.Shared && (mmap.Protection & Protection.Write) != 0)
            flags |= VmFlags.Account;

        var range = PageRange.Of(new(result), mmap.Range.Pages);
        Violation? violation = mmap.Placement == Placement.Fixed ? null : Covered(space, mmap, range);
        if (mmap.Placement != Placement.Hint && result != mmap.Range.Start.Number)
        {
            violation ??= new(
                Invariants.Map, $"mmap of {mmap.Process} has gone to page {result}", $"page {mmap.Range.Start}, as it was told");
        }

        space.Map(range, new ContentArea
        {
            Object = mmap.File is not null ? objects[mmap.File] : mmap.Shared ? NewObject(mmap.Range.Pages) : null,
            Shift = mmap.File is not null ? mmap.FileOffset - result : mmap.Shared ? -result : 0,
            Flags = flags,
            Open = space.IsMergeAny && !machine.Rules.MergeAnyReachesAll ? flags & VmFlags.Mergeable : VmFlags.None,
        });
        if ((flags & VmFlags.Locked) != 0)
            TakeCopies(space, mmap, range);

        return violation;
    }

    private Violation? Shmat(ContentSpace space, Operation.Shmat shmat, long result)
    {
        ContentObject segment = objects[shmat.Segment];
        VmFlags flags = VmFlags.Read | VmFlags.MayRead | VmFlags.MayExec | VmFlags.MayShare | space.FutureLocks;
        var range = PageRange.Of(new(result), segment.Pages);
        Violation? violation = Covered(space, shmat, range);
        space.Map(range, new ContentArea
        {
            Object = segment,
            Shift = -result,
            Flags = shmat.ReadOnly ? flags : flags | VmFlags.Write | VmFlags.MayWrite | VmFlags.Shared,
            Attachment = ++attachments,
        });
        return violation;
    }

    /// <summary>Who does not ask for what is there to be replaced may not lose it.</summary>
    private static Violation? Covered(ContentSpace space, Operation.ByProcess operation, PageRange range) => space.IsFree(range) ? null
        : new(Invariants.Map, $"{operation.GetType().Name.ToLowerInvariant()} of {operation.Process} has mapped {range} over page "
            + $"{space.FirstMapped(range)}, which was {Describe(space[space.FirstMapped(range).Number]!, space.FirstMapped(range).Number)}",
            $"a place where nothing is mapped, or an error");

    /// <summary>
    /// The attachment of which a page lies as far behind the given one as its index says goes, as far as it lies so. If mremap made it
    /// longer than the segment, it depends on how it is cut into VMAs; and a VMA that cannot be unmapped for lack of memory stays, as
    /// does one that is sealed.
    /// </summary>
    private static void Shmdt(ContentSpace space, VirtualPage page, bool outOfMemory)
    {
        ContentStretch[] parts = [.. space.Attached(page)];
        if (parts.Length == 0)
            return;

        int attachment = parts[0].Area.Attachment;
        parts = [.. parts.Where(part => part.Area.Attachment == attachment && !part.Area.Has(VmFlags.Sealed))];
        if (outOfMemory || parts.Any(part => part.Range.End - page > part.Area.Object!.Pages))
            InPart(space, [.. parts.Select<ContentStretch, Action<ContentSpace>>(part => other => other.Unmap(part.Range))]);
        else
            Array.ForEach(parts, part => space.Unmap(part.Range));
    }

    /// <summary>
    /// Changes what a range is, up to the first hole if the call ends there; a call that fails has done it for a part of the VMAs.
    /// </summary>
    private static void Change(
        ContentSpace space, PageRange range, Outcome outcome, Func<ContentArea, ContentArea> change, bool passesHoles = false)
    {
        if (UnmappedArea.Wraps(range))
            return;

        if (outcome.Succeeded || (passesHoles && outcome is Outcome.Failure { Errno: Errno.ENOMEM }))
            space.Change(range, change);
        else
            InPart(space, other => other.Change(passesHoles ? range : new PageRange(range.Start, other.FirstHole(range)), change));
    }

    /// <summary>
    /// Private memory that becomes writable is accounted for from then on; anonymous memory that nobody wrote to may no longer be once it
    /// becomes read-only.
    /// </summary>
    private void Mprotect(ContentSpace space, Operation.OnRange mprotect, Protection protection, int key, Outcome outcome)
    {
        bool grantsWrite = (protection & Protection.Write) != 0;
        if (grantsWrite)
            TakeCopies(space, mprotect, mprotect.Range);

        Change(space, mprotect.Range, outcome, area =>
        {
            VmFlags flags = (area.Flags & ~VmFlags.Access) | (VmFlags)protection;
            if (key >= 0 || protection == Protection.Exec)
                flags = (flags & ~VmFlags.Pkey) | (VmFlags)(Math.Max(key, 0) * (int)VmFlags.Pkey0);

            if (flags == area.Flags || (grantsWrite && !area.Has(VmFlags.MayWrite)))
                return area;

            return !grantsWrite
                ? area with { Flags = flags, Open = area.Object is null && area.Has(VmFlags.Account) ? VmFlags.Account : VmFlags.None }
                : area.Has(VmFlags.Account | VmFlags.Write | VmFlags.Shared | VmFlags.NoReserve) ? area with { Flags = flags }
                : area with { Flags = flags | VmFlags.Account };
        });
    }

    /// <summary>
    /// Holes are passed over and reported as ENOMEM at the end; a VMA for which the advice is not ends the call.
    /// </summary>
    private void Madvise(ContentSpace space, Operation.Madvise madvise, Outcome outcome)
    {
        PageRange range = madvise.Range;
        if (UnmappedArea.Wraps(range))
            return;

        switch (madvise.Advice)
        {
            case Advice.DontNeed:
            case Advice.DontNeedLocked:
                foreach ((PageRange part, ContentArea area) in Before(
                    area => madvise.Advice == Advice.DontNeed && area.Has(VmFlags.Locked)))
                {
                    if (!area.IsShared)
                        space.LetGo(part);
                }

                break;
            case Advice.Free:
                foreach ((PageRange part, _) in Before(area => area.Has(VmFlags.Locked) || area.Object is not null))
                    Free(space, part, MmOf(madvise).PageTable);

                break;
            case Advice.Remove:
                const VmFlags stored = VmFlags.Shared | VmFlags.MayWrite;
                foreach ((PageRange part, ContentArea area) in Before(
                    area => area.Has(VmFlags.Locked) || area.Object is null || (area.Flags & stored) != stored))
                {
                    area.Object!.Punch(part.Start.Number + area.Shift, part.End.Number + area.Shift);
                }

                break;
            case Advice.PopulateWrite:
                TakeCopies(space, madvise, range);
                break;
            case Advice.DontFork:
                SetFlags(area => area.Flags | VmFlags.DontCopy);
                break;
            case Advice.DoFork:
                SetFlags(area => area.Flags & ~VmFlags.DontCopy);
                break;
            case Advice.WipeOnFork:
                SetFlags(area => area.Object is null ? area.Flags | VmFlags.WipeOnFork : area.Flags);
                break;
            case Advice.KeepOnFork:
                SetFlags(area => area.Flags & ~VmFlags.WipeOnFork);
                break;
            case Advice.DontDump:
                SetFlags(area => area.Flags | VmFlags.DontDump);
                break;
            case Advice.DoDump:
                SetFlags(area => area.Flags & ~VmFlags.DontDump);
                break;
            case Advice.HugePage when !machine.Options.UserModeLinux:
                SetFlags(area => (area.Flags | VmFlags.HugePage) & ~VmFlags.NoHugePage);
                break;
            case Advice.NoHugePage when !machine.Options.UserModeLinux:
                SetFlags(area => (area.Flags | VmFlags.NoHugePage) & ~VmFlags.HugePage);
                break;
            case Advice.Normal:
                SetFlags(area => area.Flags & ~(VmFlags.SeqRead | VmFlags.RandRead));
                break;
            case Advice.Random:
                SetFlags(area => (area.Flags | VmFlags.RandRead) & ~VmFlags.SeqRead);
                break;
            case Advice.Sequential:
                SetFlags(area => (area.Flags | VmFlags.SeqRead) & ~VmFlags.RandRead);
                break;
            case Advice.Mergeable:
                SetFlags(area => area.IsShared ? area.Flags : area.Flags | VmFlags.Mergeable);
                break;
            case Advice.Unmergeable:
                SetFlags(area => area.Flags & ~VmFlags.Mergeable);
                break;
        }

        IEnumerable<ContentStretch> Before(Func<ContentArea, bool> ends) =>
            space.In(range).TakeWhile(part => !ends(part.Area) && !Refusals.SealKeeps(part.Area, madvise.Advice));

        void SetFlags(Func<ContentArea, VmFlags> flags) =>
            Change(space, range, outcome, area => area with { Flags = flags(area) }, passesHoles: true);
    }

    /// <summary>
    /// The kernel may drop the copies from now on; what was in swap it drops at once. Other processes that share them by fork keep them.
    /// </summary>
    private static void Free(ContentSpace space, PageRange range, PageTable pageTable)
    {
        for (int i = space.Copies.From(range.Start.Number); i < space.Copies.Count && space.Copies.PageAt(i) < range.End.Number;)
        {
            Pte pte = pageTable[new(space.Copies.PageAt(i))];
            if (pte.IsNone)
            {
                space.Copies.Remove(space.Copies.PageAt(i));
                continue;
            }

            // Whoever holds a page keeps it from being dropped, but not the copy that has been made of it.
            ref ContentCopy copy = ref space.Copies.At(i++);
            copy.MayBeDropped = true;
            if (copy.IsHeld && !copy.Held!.IsBehind(pte))
                copy.Held = null;
        }
    }

    /// <summary>Locks or unlocks all there is; with too little memory, what could be.</summary>
    private void LockAll(ContentSpace space, Operation.ByProcess operation, VmFlags locks, bool outOfMemory)
    {
        TakeCopies(space, operation, new(new(0), new(UnmappedArea.TaskSize)));
        ContentArea Locked(ContentArea area) => area with { Flags = (area.Flags & ~VmFlags.LockedMask) | locks };
        if (outOfMemory)
            InPart(space, other => other.Change(Everywhere, Locked));
        else
            space.Change(Everywhere, Locked);
    }

    /// <summary>
    /// It acts on all private memory, or, if a page cannot be taken from ksmd for lack of memory, leaves all of it mergeable.
    /// </summary>
    private static void MemoryMerge(ContentSpace space, Operation.MemoryMerge merge, Outcome outcome)
    {
        if (space.IsMergeAny == merge.On || (merge.On && !outcome.Succeeded))
            return;

        space.IsMergeAny = merge.On || !outcome.Succeeded;
        space.Change(Everywhere, area => area.IsShared ? area
            : area with { Flags = space.IsMergeAny ? area.Flags | VmFlags.Mergeable : area.Flags & ~VmFlags.Mergeable });
    }

    /// <summary>
    /// Private pages that may be copied now, before they are stored to: that of a file no longer follows it. Those are taken that have an
    /// entry of their own, and show what lies behind.
    /// </summary>
    private void TakeCopies(ContentSpace space, Operation.ByProcess operation, PageRange range)
    {
        PageTable pageTable = MmOf(operation).PageTable;
        foreach ((PageRange part, ContentArea area) in UnmappedArea.Wraps(range) ? [] : space.In(range))
        {
            if (area.IsShared)
                continue;

            foreach ((VirtualPage page, Pte pte) in pageTable.Walk(part))
            {
                if (!space.Copies.TryGet(page.Number, out _) && IsOwn(pte)
                    && Shown(pte, area) is { } value && area.Behind(page.Number) == value)
                {
                    space.Copies.Set(page.Number, new ContentCopy { Value = value });
                }
            }
        }
    }

    /// <summary>Whether the entry is of a copy of the process's own.</summary>
    private static bool IsOwn(Pte pte) => pte.Kind == PteKind.Swap || pte.IsKsmZero || pte is { IsPresent: true, Page.IsAnon: true };
}
