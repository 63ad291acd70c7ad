using Rmap.Model.Space;

namespace Rmap.Properties.Watching;

/// <content>What moves pages: mremap and UFFDIO_MOVE.</content>
public sealed partial class ContentModel
{
    private Violation? Mremap(ContentSpace space, Operation.Mremap mremap, Outcome outcome, bool outOfMemory)
    {
        bool keepsSource = (mremap.Flags & MremapFlags.DontUnmap) != 0;
        bool isFixed = (mremap.Flags & MremapFlags.Fixed) != 0;
        if (outcome is not Outcome.Success success)
        {
            FailedMremap(space, mremap, isFixed, keepsSource, outOfMemory);
            if (keepsSource)
                OpenLocks(space, mremap);

            return null;
        }

        var to = new VirtualPage(success.Value);
        PageRange old = mremap.Range;
        Violation? violation = null;
        VirtualPage target = mremap.Target.GetValueOrDefault();
        if (isFixed && to != target)
            violation = new(Invariants.Map, $"mremap of {mremap.Process} has gone to page {to}", $"page {target}, as it was told");
        else if (!isFixed && (to != old.Start || mremap.NewLength > old.Pages))
            violation = Covered(space, mremap, to == old.Start ? new(old.End, to + mremap.NewLength) : PageRange.Of(to, mremap.NewLength));

        // If memory ran out when all had been moved, the source is still there, empty.
        ContentSpace? kept = outOfMemory && !keepsSource ? space.Copy() : null;
        Mremap(space, mremap, to, keepsSource ? Emptied : null);
        if (kept is not null)
        {
            Mremap(kept, mremap, to, left: area => area);
            TakeCopies(kept, mremap, PageRange.Of(to, mremap.NewLength));
            Unaccounted(kept);
            space.Alternatives.Add(kept);
        }

        if (keepsSource)
            OpenLocks(space, mremap);

        if (keepsSource && machine.Rules.EmptiedHasOwnPageOffset)
            violation ??= OfOtherOffset(MmOf(mremap), old);

        TakeCopies(space, mremap, PageRange.Of(to, mremap.NewLength));
        return violation;
    }

    /// <summary>Before 7.2, what MREMAP_DONTUNMAP has emptied a part of is unlocked as a whole, the rest of it too.</summary>
    private void OpenLocks(ContentSpace space, Operation.Mremap mremap)
    {
        if (machine.Rules.DontUnmapUnlocksItsPartOnly)
            return;

        foreach (VmArea vma in MmOf(mremap).Vmas.Where(vma => vma.Range.Overlaps(mremap.Range)))
        {
            foreach (ContentSpace each in space.Alternatives.Prepend(space))
            {
                each.Change(new PageRange(vma.Start, mremap.Range.Start), MayBeUnlocked);
                each.Change(new PageRange(mremap.Range.End, vma.End), MayBeUnlocked);
            }
        }
    }

    private static ContentArea MayBeUnlocked(ContentArea area) => area with { Open = area.Open | VmFlags.LockedMask };

    /// <summary>A VMA that was emptied as a whole, and has not the page offset of its address.</summary>
    private static Violation? OfOtherOffset(Mm mm, PageRange emptied)
    {
        foreach (VmArea vma in mm.Vmas)
        {
            bool isWhole = vma is { File: null, AnonVma: null } && vma.Start >= emptied.Start && vma.End <= emptied.End;
            if (isWhole && vma.PageOffset != vma.Start.Number)
            {
                return new(Invariants.Map, $"MREMAP_DONTUNMAP has emptied the VMA {vma}, of page offset {vma.PageOffset}",
                    $"the page offset of its address, {vma.Start}, as if never written");
            }
        }

        return null;
    }

    private static void Mremap(ContentSpace space, Operation.Mremap mremap, VirtualPage to, Func<ContentArea, ContentArea>? left)
    {
        PageRange old = mremap.Range;
        if (space[old.Start.Number] is not { } first)
            return;

        if (mremap.NewLength < old.Pages)
        {
            space.Unmap(new PageRange(old.Start + mremap.NewLength, old.End));
            old = PageRange.Of(old.Start, mremap.NewLength);
        }

        if (to != old.Start)
            Move(space, old, to, left);

        if (mremap.NewLength > old.Pages)
        {
            long shift = to - old.Start;
            ContentArea grown = to == old.Start ? first : Moved(first, shift);
            space.Map(new PageRange(to + old.Pages, to + mremap.NewLength), grown);
        }
    }

    /// <summary>Where nothing is mapped, nothing is moved and the target stays as it is.</summary>
    /// <param name="space">The address space.</param>
    /// <param name="old">What moves.</param>
    /// <param name="to">Where its first page goes.</param>
    /// <param name="left">What the source is then; null if it is unmapped.</param>
    private static void Move(ContentSpace space, PageRange old, VirtualPage to, Func<ContentArea, ContentArea>? left)
    {
        long shift = to - old.Start;
        foreach ((PageRange part, ContentArea area) in space.In(old))
        {
            space.Map(PageRange.Of(part.Start + shift, part.Pages), Moved(area, shift));
            space.Copies.Copy(part.Start.Number, part.End.Number, shift);
            space.LetGo(part);
            if (left is null)
                space.Unmap(part);
            else
                space.Change(part, left);
        }
    }

    /// <summary>
    /// What MREMAP_DONTUNMAP leaves is as if never written, so its page offset is that of its address; 6.18 forgets that.
    /// </summary>
    private static ContentArea Emptied(ContentArea area) =>
        area with { Flags = area.Flags & ~VmFlags.LockedMask, OtherShift = area.Object is null ? 0 : null };

    /// <summary>Anonymous memory keeps its page offset if it was written, else it gets that of its new address.</summary>
    private static ContentArea Moved(ContentArea area, long shift) => area.Object is null
        ? area with { OtherShift = area.Shift - shift, Shift = 0 }
        : area with { Shift = area.Shift - shift };

    /// <summary>
    /// What was to make room may be gone: the target of MREMAP_FIXED, and what lies behind the new length. Of several VMAs, those before
    /// the first that cannot be moved have gone.
    /// </summary>
    private void FailedMremap(ContentSpace space, Operation.Mremap mremap, bool isFixed, bool keepsSource, bool outOfMemory)
    {
        PageRange old = mremap.Range;
        var tail = new PageRange(old.Start + mremap.NewLength, old.End);
        bool mayShrink = mremap.NewLength > 0 && tail.Pages > 0 && UnmappedArea.IsInUserSpace(old);
        VirtualPage to = mremap.Target.GetValueOrDefault();
        if (!isFixed || mremap.NewLength <= 0 || !UnmappedArea.IsInUserSpace(PageRange.Of(to, mremap.NewLength)))
        {
            if (mayShrink)
                InPart(space, other => other.Unmap(tail));

            return;
        }

        PageRange target = PageRange.Of(to, mremap.NewLength);
        InPart(space, other => other.Unmap(target), other =>
        {
            other.Unmap(target);
            if (mayShrink)
                other.Unmap(tail);
        });
        if (outOfMemory && !old.Overlaps(target))
            InPart(space, other => CopyLeft(other, old, target));

        if (mremap.NewLength == old.Pages && !old.Overlaps(target))
        {
            InPart(space, other => Move(other, old, to, keepsSource ? Emptied : null));
            if (outOfMemory && !keepsSource)
            {
                InPart(space, other =>
                {
                    Move(other, old, to, area => area);
                    Unaccounted(other);
                });
            }
        }
    }

    /// <summary>
    /// The pages could not be moved, and the VMA that was to take them could not be unmapped: it stays, empty, and not accounted for.
    /// </summary>
    private static void CopyLeft(ContentSpace space, PageRange old, PageRange target)
    {
        long shift = target.Start - old.Start;
        ContentStretch[] parts = [.. space.In(old)];
        space.Unmap(target);
        foreach ((PageRange part, ContentArea area) in parts)
        {
            VirtualPage end = part.End == old.End ? target.End : VirtualPage.Min(part.End + shift, target.End);
            if (part.Start + shift < end)
                space.Map(new PageRange(part.Start + shift, end), Moved(area, shift) with { Open = VmFlags.Account });
        }
    }

    /// <summary>The VMAs that a source was part of which could not be unmapped are not accounted for any more.</summary>
    private static void Unaccounted(ContentSpace space) => space.Change(Everywhere, area => area with { Open = VmFlags.Account });

    /// <summary>Moves private pages; EAGAIN tells that some were moved before one could not.</summary>
    private static void UffdMove(ContentSpace space, Operation.UffdMove move, Outcome outcome)
    {
        if (outcome.Succeeded)
            Move(space);
        else if (outcome is Outcome.Failure { Errno: Errno.EAGAIN })
            InPart(space, Move);

        void Move(ContentSpace within)
        {
            PageRange source = PageRange.Of(move.Source, move.Pages);
            within.LetGo(PageRange.Of(move.Destination, move.Pages));
            within.Copies.Copy(source.Start.Number, source.End.Number, move.Destination - move.Source);
            within.LetGo(source);
        }
    }
}
