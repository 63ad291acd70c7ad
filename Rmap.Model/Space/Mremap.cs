using Rmap.Model.Ksm;
using Rmap.Model.Memory;
using Rmap.Model.Rmap;
using Rmap.Model.Sched;

namespace Rmap.Model.Space;

/// <summary><c>mremap</c> (<c>mm/mremap.c</c>, 6.18). Left out: huge pages, accounting, moving whole tables at once.</summary>
internal static class Mremap
{
    /// <summary>What mremap is asked to do, for one VMA (<c>struct vma_remap_struct</c>).</summary>
    private record struct Remap(VirtualPage From, long OldLength, VirtualPage To, long NewLength, MremapFlags Flags)
    {
        internal readonly PageRange Old => PageRange.Of(From, OldLength);

        internal readonly PageRange New => PageRange.Of(To, NewLength);

        internal readonly bool ImpliesNewAddress => (Flags & (MremapFlags.Fixed | MremapFlags.DontUnmap)) != 0;

        internal readonly bool IsFixed => (Flags & MremapFlags.Fixed) != 0;

        internal readonly bool KeepsSource => (Flags & MremapFlags.DontUnmap) != 0;

        internal readonly bool MayMove => (Flags & MremapFlags.MayMove) != 0;
    }

    internal static Outcome Execute(TaskStruct current, Operation.Mremap mremap)
    {
        var remap = new Remap(mremap.Range.Start, mremap.Range.Pages, mremap.Target ?? default, mremap.NewLength, mremap.Flags);
        using HeldLock _ = current.MmapWrite();
        Errno errno = CheckParams(current, remap);
        if (errno != Errno.None)
            return errno;

        errno = !remap.ImpliesNewAddress ? InPlaceOrAnywhere(current, ref remap)
            : current.Rules.MremapMovesSeveralVmas && remap.IsFixed && remap.OldLength == remap.NewLength ? MoveAll(current, remap)
            : ToNewAddress(current, ref remap);
        return errno == Errno.None ? Outcome.Of(remap.To) : errno;
    }

    /// <summary><c>check_mremap_params</c>. A new address implies MREMAP_MAYMOVE; MREMAP_DONTUNMAP does not resize.</summary>
    private static Errno CheckParams(TaskStruct current, Remap remap)
    {
        bool hasWrongFlags =
            remap.ImpliesNewAddress && (!remap.MayMove || (remap.KeepsSource && remap.OldLength != remap.NewLength));
        if (hasWrongFlags || remap.NewLength is <= 0 or > UnmappedArea.TaskSize || remap.OldLength < 0 || remap.From.Number < 0)
            return Errno.EINVAL;

        if (!current.Rules.MremapChecksSourceFirst)
        {
            if (current.Mm.Lookup(remap.From) is not { } source)
                return Errno.EFAULT;

            if (!current.Rules.MayModify(source))
                return Errno.EPERM;
        }

        if (remap.ImpliesNewAddress && (!UnmappedArea.IsInUserSpace(remap.New) || remap.Old.Overlaps(remap.New)))
            return Errno.EINVAL;

        return current.Rules.MremapHasRoom(current.Mm, remap.Flags, current.Options.MaxMapCount) ? Errno.None : Errno.ENOMEM;
    }

    /// <summary><c>check_prep_vma</c>.</summary>
    private static Errno CheckVma(TaskStruct current, Remap remap)
    {
        if (current.Mm.Lookup(remap.From) is not { } vma)
            return Errno.EFAULT;

        if (!current.Rules.MayModify(vma))
            return Errno.EPERM;

        if (remap.NewLength <= remap.OldLength && !remap.ImpliesNewAddress)
            return Errno.None;

        if (remap.OldLength == 0 && !vma.Has(VmFlags.Shared | VmFlags.MayShare))
            return Errno.EINVAL;

        if (Math.Min(remap.OldLength, remap.NewLength) > vma.End - remap.From)
            return Errno.EFAULT;

        long limit = vma.File is null ? long.MaxValue : current.Options.PgoffLimit;
        bool wraps = remap.NewLength > remap.OldLength && vma.LinearPageIndex(remap.From) > limit - remap.NewLength;
        if (wraps && current.Rules.Does(LinuxStep.GrowChecksPageOffset))
            return Errno.EINVAL;

        long growth = remap.NewLength - remap.OldLength;
        return growth <= 0 || Mlock.IsWithinLimit(current, vma.Flags, growth) ? Errno.None : Errno.EAGAIN;
    }

    /// <summary><c>remap_move</c>: moves every VMA of the range, keeping the gaps; stops at the first that cannot be moved.</summary>
    private static Errno MoveAll(TaskStruct current, Remap remap)
    {
        if (current.Mm.Lookup(remap.From) is null)
            return Errno.EFAULT;

        return current.Mm.ForEach(remap.Old, (current, remap), static (with, vma, part) =>
        {
            (TaskStruct current, Remap all) = with;
            VirtualPage to = all.To + (part.Start - all.From);
            Remap one = all with { From = part.Start, OldLength = part.Pages, To = to, NewLength = part.Pages };
            return part == all.Old || current.Rules.MremapMayMoveWithOthers(vma) ? ToNewAddress(current, ref one) : Errno.EFAULT;
        });
    }

    /// <summary><c>mremap_to</c>: clears the target, shrinks the source first if need be, and moves.</summary>
    private static Errno ToNewAddress(TaskStruct current, ref Remap remap)
    {
        bool checksFirst = current.Rules.MremapChecksSourceFirst;
        Errno errno = checksFirst ? CheckVma(current, remap) : Errno.None;
        if (errno == Errno.None && remap.IsFixed && current.Rules.Does(LinuxStep.MremapUnmapsTarget))
            errno = Munmap.Remove(current, remap.New);

        if (errno == Errno.None && remap.NewLength < remap.OldLength)
        {
            errno = Shrink(current, remap);
            remap.OldLength = remap.NewLength;
        }

        if (errno == Errno.None && !checksFirst)
            errno = CheckVma(current, remap);

        if (errno == Errno.None && !remap.IsFixed)
            errno = FindTarget(current, ref remap, remap.To);

        if (errno != Errno.None)
            return errno;

        // A source of no length may lie in the target that was just unmapped.
        return current.Mm.Lookup(remap.From) is { } source ? Move(current, source, remap) : Errno.EFAULT;
    }

    /// <summary><c>vrm_set_new_addr</c>.</summary>
    private static Errno FindTarget(TaskStruct current, ref Remap remap, VirtualPage hint)
    {
        Errno errno = UnmappedArea.Find(current, hint, remap.NewLength, out PageRange found);
        remap.To = found.Start;
        return errno;
    }

    /// <summary><c>shrink_vma</c>: munmap of the tail.</summary>
    private static Errno Shrink(TaskStruct current, Remap remap) =>
        Munmap.Execute(current, new PageRange(remap.From + remap.NewLength, remap.Old.End));

    /// <summary><c>mremap_at</c>: stays if it can.</summary>
    private static Errno InPlaceOrAnywhere(TaskStruct current, ref Remap remap)
    {
        Errno errno = CheckVma(current, remap);
        if (errno != Errno.None)
            return errno;

        remap.To = remap.From;
        if (remap.NewLength <= remap.OldLength)
            return remap.NewLength < remap.OldLength ? Shrink(current, remap) : Errno.None;

        VmArea vma = current.Mm.Lookup(remap.From)!;
        PageRange growth = remap.New with { Start = remap.Old.End };
        if (vma.End == remap.Old.End && UnmappedArea.IsInUserSpace(growth) && current.Rules.MayExpand(vma, growth))
            return Expand(current, vma, growth);

        errno = remap.MayMove ? FindTarget(current, ref remap, hint: default) : Errno.ENOMEM;
        return errno == Errno.None ? Move(current, vma, remap) : errno;
    }

    /// <summary>
    /// <c>expand_vma_in_place</c>, <c>vma_merge_extend</c>: the VMA merges with the range behind it, and perhaps with what follows.
    /// </summary>
    private static Errno Expand(TaskStruct current, VmArea vma, PageRange growth)
    {
        if (VmaMerge.NewRange(current, new VmaMergeStruct(vma, growth)) is not { } expanded)
            return Errno.ENOMEM;

        if (expanded.Has(VmFlags.Locked))
        {
            vma.Mm.LockedVm += growth.Pages;
            Populate.VmaRange(current, expanded, growth);
        }

        return Errno.None;
    }

    /// <summary><c>move_vma</c>.</summary>
    private static Errno Move(TaskStruct current, VmArea vma, Remap remap)
    {
        Mm mm = vma.Mm;
        if (!current.Rules.MoveHasRoom(vma, remap.Flags, current.Options.MaxMapCount))
            return Errno.ENOMEM;

        bool prepared = current.Rules.Skips(LinuxStep.MoveUnmergesKsm) || Ksmd.Unmerge(current, vma, remap.Old);
        if (prepared && remap.KeepsSource && vma.Has(VmFlags.Locked) && current.Rules.DontUnmapSplitsLocked)
            prepared = VmaModify.SplitOff(current, vma, remap.Old);

        if (!prepared || CopyVma(current, vma, remap) is not { } copy)
            return Errno.ENOMEM;

        bool mergedWithSource = copy.Range.Contains(remap.From);
        VmArea source = mergedWithSource ? copy : vma;
        bool takesLocks = !current.IsAlone && current.Rules.MoveTakesRmapLocks(source, copy, hasMerged: copy.Range != remap.New);
        if (!MovePageTables(current, remap, takesLocks ? source : null))
        {
            mm.LockedVm += copy.Has(VmFlags.Locked) ? remap.NewLength : 0;
            UnmapSource(current, copy, remap.New, remap);
            return Errno.ENOMEM;
        }

        bool populates = copy.Has(VmFlags.Locked);
        if (source.Has(VmFlags.Locked) && (!remap.KeepsSource || current.Rules.DontUnmapCountsLockedTwice))
            mm.LockedVm += remap.NewLength;

        if (remap.KeepsSource)
            KeepSource(current, source, copy, remap.Old);
        else if (current.Rules.Does(LinuxStep.MoveUnmapsSource))
            UnmapSource(current, source, remap.Old, remap);

        if (current.Rules.Skips(LinuxStep.MoveRemembersLock))
            populates = copy.Has(VmFlags.Locked);

        if (populates && remap.NewLength > remap.OldLength)
            Populate.VmaRange(current, mm.Lookup(remap.To)!, remap.New with { Start = remap.To + remap.OldLength });

        return Errno.None;
    }

    /// <summary>
    /// <c>unmap_source_vma</c>, or what was to be the target if the move failed. If there is no memory for that, the VMA stays, empty,
    /// perhaps in pieces, and not accounted for any more; nobody is told.
    /// </summary>
    private static void UnmapSource(TaskStruct current, VmArea vma, PageRange range, Remap remap)
    {
        PageRange whole = vma.Range;
        bool isAccountable = vma.Has(VmFlags.Account) && !remap.KeepsSource;
        if (isAccountable)
            vma.Flags &= ~VmFlags.Account;

        bool isUnmapped = Munmap.Remove(current, range) == Errno.None;
        if (!isAccountable || !isUnmapped || current.Rules.Skips(LinuxStep.MoveRestoresAccount))
            return;

        foreach ((VmArea part, _) in current.Mm.Walk(whole))
            part.Flags |= VmFlags.Account;
    }

    /// <summary><c>copy_vma</c>: a VMA at the new place, by merging if it may. Null if an allocation failed.</summary>
    private static VmArea? CopyVma(TaskStruct current, VmArea source, Remap remap)
    {
        Rules rules = current.Rules;
        long pageOffset = rules.PageOffsetOfCopy(source, remap.From, remap.To);
        var vmg = new VmaMergeStruct(source, remap.New) with
        {
            PageOffset = pageOffset,
            AnonPageOffset = rules.AnonPageOffsetOfCopy(source, remap.From, remap.To, pageOffset),
            Flags = rules.FlagsOfCopy(source),
            CopiedFrom = source,
        };
        bool mayMergeWithSource = !remap.KeepsSource || source.IsAnonPrepared || !source.IsAnonymous
            || rules.CopyMayMergeWithKeptSource;
        if (VmaMerge.NewRange(current, vmg, mayMergeWithSource ? null : source) is { } merged)
            return merged;

        if (current.ShouldFail())
            return null;

        var copy = new VmArea(source.Mm, vmg.Range, vmg.PageOffset, vmg.Flags, source.File, source.Policy, vmg.AnonPageOffset);
        if (!AnonVmas.Clone(current, copy, source))
            return null;

        VmaBounds.Opened(copy);
        if (current.ShouldFail())
        {
            VmaBounds.Closed(current, copy);
            AnonVmas.Unlink(current, copy);
            return null;
        }

        source.Mm.Insert(copy);
        VmaBounds.LinkFile(current, copy);
        return copy;
    }

    /// <summary>
    /// <c>move_page_tables</c>: entries go over as they are, those of a table in one step; what has no page table is passed over. Back they
    /// go under the locks of the rmap.
    /// </summary>
    /// <param name="current">The task.</param>
    /// <param name="remap">From where to where.</param>
    /// <param name="lockedAs">The VMA whose locks are taken for each table, or null for none.</param>
    /// <returns>False if there is no memory for a page table; what had gone over is back.</returns>
    private static bool MovePageTables(TaskStruct current, Remap remap, VmArea? lockedAs)
    {
        PageTable table = current.Mm.PageTable;
        VirtualPage end = remap.Old.End;
        PageRange part = default;
        for (VirtualPage from = table.NextTable(remap.From, end); from < end; from = table.NextTable(part.End, end))
        {
            long i = from - remap.From;
            VirtualPage to = remap.To + i;
            long untilEndOfTable = Math.Min(PageTable.EndOfTable(from) - from, PageTable.EndOfTable(to) - to);
            part = new PageRange(from, VirtualPage.Min(from + untilEndOfTable, end));
            if (!table.HasTable(to))
            {
                if (current.ShouldFailPage())
                {
                    MovePageTables(current, remap with { From = remap.To, To = remap.From, OldLength = i }, current.Mm.Lookup(from));
                    return false;
                }

                table.AddTable(to);
            }

            using HeldLock file = current.LockIMmap(lockedAs?.File?.Mapping, write: true);
            using HeldLock tree = lockedAs is null ? default : AnonVmas.Lock(current, lockedAs, other: null);
            current.Step("about to move a table");
            foreach ((VirtualPage address, Pte pte) in table.Walk(part))
            {
                if (current.Rules.MoveTakes(pte))
                {
                    table[address] = default;
                    table[to + (address - from)] = pte;
                }
            }
        }

        return true;
    }

    /// <summary><c>dontunmap_complete</c>: the source stays, empty; if all of it moved, it is as if never written.</summary>
    private static void KeepSource(TaskStruct current, VmArea source, VmArea copy, PageRange moved)
    {
        Rules rules = current.Rules;
        VmFlags before = source.Flags;
        source.Flags = rules.FlagsOfKeptSource(source);
        if ((before & ~source.Flags & VmFlags.Locked) != 0 && rules.DontUnmapCountsLockedTwice)
            source.Mm.LockedVmAstray += source.Pages;

        if (source == copy || source.Range != moved || rules.Skips(LinuxStep.DontUnmapUnlinksAnonVmas))
            return;

        AnonVmas.Unlink(current, source);
        if (source.IsAnonymous && rules.DontUnmapResetsPageOffset)
            source.PageOffset = source.Start.Number;

        source.AnonPageOffset = rules.AnonPageOffsetOfNew(source.Range, source.PageOffset);
    }
}
