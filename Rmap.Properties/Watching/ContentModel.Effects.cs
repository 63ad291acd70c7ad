using Rmap.Model.Space;

namespace Rmap.Properties.Watching;

/// <content>What each operation does to the table.</content>
public sealed partial class ContentModel
{
    private static readonly PageRange Everywhere = new(new(0), new(long.MaxValue));

    private void ObserveObject(Operation operation)
    {
        switch (operation)
        {
            case Operation.FileCreate create:
                ContentObject file = objects[create.File] = NewObject(create.Pages);
                if (create.Fill is { } fill)
                    file.Fill(fill);

                break;
            case Operation.Shmget shmget:
                objects[shmget.Segment] = NewObject(shmget.Pages);
                break;
            case Operation.KsmScan:
                KsmScan();
                break;
            case Operation.Truncate truncate:
                Truncate(objects[truncate.File], truncate.Pages);
                break;
            case Operation.Punch punch:
                // Private copies stay.
                objects[punch.File].Punch(punch.Page, punch.Length);
                Punched(objects[punch.File], punch.Page, punch.Length);
                break;
            case Operation.FileWrite write:
                ContentObject written = objects[write.File];
                written.Resize(Math.Max(written.Pages, write.Page + 1));
                written[write.Page] = ValueSet.Of(write.Value);
                break;
            case Operation.PinRead or Operation.PinWrite or Operation.Unpin:
                ObserveHeld(operation);
                break;
            case Operation.Fsync or Operation.Shmrm or Operation.KsmRun or Operation.KsmMaxSharing
                or Operation.SwapOffOn or Operation.SwapFailRead:
                break;
            default:
                throw new InvalidOperationException($"Nobody knows what {operation.GetType().Name} does to contents.");
        }
    }

    private ContentObject NewObject(long pages)
    {
        var created = new ContentObject();
        created.Resize(pages);
        allObjects.Add(created);
        return created;
    }

    private void CloudObjects()
    {
        foreach (ContentObject each in allObjects)
        {
            each.IsClouded = true;
            each.Lose(0, long.MaxValue);
        }
    }

    /// <summary>A file that becomes shorter takes private copies of its lost pages with it.</summary>
    private void Truncate(ContentObject file, long pages)
    {
        file.Resize(pages);
        foreach (ContentSpace space in processes.Values)
        {
            space.Change(Everywhere,
                cell => cell.Object == file && !cell.IsShared && cell.Index >= pages ? cell.LetGo() : cell);
        }
    }

    /// <summary>
    /// Private copies stay where a hole is punched, but for one fault of Linux, seen on a real kernel (6.18.35): a copy full of zeroes that
    /// ksmd has merged with the zero page goes, and what is stored to the file later is seen in its place.
    /// </summary>
    private void Punched(ContentObject file, long page, long length)
    {
        foreach (ContentSpace space in ksmUsesZeroPages ? processes.Values : [])
        {
            space.Change(Everywhere, cell => cell.Object == file && !cell.IsShared && cell.StoredBy < lastScan && cell.Own.Contains(0)
                && cell.Index >= page && cell.Index - page < length
                ? cell with { MayBeBare = true }
                : cell);
        }
    }

    private void ObserveLife(ContentSpace space, Operation.ByProcess operation)
    {
        switch (operation)
        {
            case Operation.Fork fork:
                processes[fork.Child.Number] = Forked(space);
                lastFork = operations;
                break;
            case Operation.CloneVm clone:
                processes[clone.Child.Number] = space;
                break;
            case Operation.Exec:
                processes[operation.Process.Number] = new ContentSpace();
                break;
            case Operation.Exit:
                processes.Remove(operation.Process.Number);
                break;
        }
    }

    private static ContentSpace Forked(ContentSpace parent)
    {
        ContentSpace child = parent.Copy();
        for (int i = child.Cells.Count - 1; i >= 0; i--)
        {
            ContentCell cell = child.Cells.GetValueAtIndex(i);
            if (cell.Held is { } held)
            {
                held.Forked();
                cell.Held = null;
                child.Cells.SetValueAtIndex(i, cell);
            }

            if (cell.IsNotForked && !cell.IsForkVague)
                child.Cells.RemoveAt(i);
            else if (cell.IsForkVague)
                child.Cells.SetValueAtIndex(i, cell with { IsVague = true, MayBeBare = true });
            else if (cell.IsWipedOnFork)
                child.Cells.SetValueAtIndex(i, cell.Bare());
        }

        return child;
    }

    private void ObserveMapping(ContentSpace space, Operation.ByProcess operation, long result, bool outOfMemory)
    {
        switch (operation)
        {
            case Operation.Mmap mmap:
                PageRange range = PageRange.Of(new(result), mmap.Range.Pages);
                space.Map(range, new ContentCell
                {
                    Object = mmap.File is not null ? objects[mmap.File] : mmap.Shared ? NewObject(mmap.Range.Pages) : null,
                    Index = mmap.File is not null ? mmap.FileOffset : 0,
                    IsShared = mmap.Shared,
                    Protection = mmap.Protection,
                    MayWrite = true,
                    MayBeBare = true,
                });
                break;
            case Operation.Munmap munmap:
                space.Unmap(munmap.Range);
                break;
            case Operation.Shmat shmat:
                ContentObject segment = objects[shmat.Segment];
                space.Map(PageRange.Of(new(result), segment.Pages), new ContentCell
                {
                    Object = segment,
                    IsShared = true,
                    Protection = shmat.ReadOnly ? Protection.Read : Protection.Read | Protection.Write,
                    MayWrite = !shmat.ReadOnly,
                    MayBeBare = true,
                    Attachment = ++attachments,
                });
                break;
            case Operation.Shmdt shmdt:
                Shmdt(space, shmdt.Page.Number, outOfMemory);
                break;
        }
    }

    /// <summary>
    /// The attachment of which a page lies as far behind the given one as its index says goes, as far as it lies so. If mremap made it
    /// longer than the segment, it depends on how it is cut into VMAs; and a VMA that cannot be unmapped for lack of memory stays.
    /// </summary>
    private static void Shmdt(ContentSpace space, long page, bool outOfMemory)
    {
        int attachment = 0;
        bool isVague = outOfMemory;
        for (int i = space.From(page); i < space.Cells.Count; i++)
        {
            ContentCell cell = space.Cells.GetValueAtIndex(i);
            if (cell.Attachment != 0 && cell.Index == space.Cells.GetKeyAtIndex(i) - page
                && (attachment == 0 || attachment == cell.Attachment))
            {
                attachment = cell.Attachment;
                isVague |= cell.Index >= cell.Object!.Pages;
            }
        }

        for (int i = space.Cells.Count - 1; i >= 0; i--)
        {
            ContentCell cell = space.Cells.GetValueAtIndex(i);
            if (attachment == 0 || cell.Attachment != attachment || cell.Index != space.Cells.GetKeyAtIndex(i) - page)
                continue;

            if (isVague)
                space.Cells.SetValueAtIndex(i, cell with { IsVague = true });
            else
                space.Cells.RemoveAt(i);
        }
    }

    /// <summary>
    /// Goes on to the first page that may not be so, or to the first hole; what lies before is changed. If it ended with ENOMEM, perhaps
    /// not all of that: there may have been too many VMAs.
    /// </summary>
    private static void Mprotect(ContentSpace space, Operation.Mprotect mprotect, Errno errno)
    {
        PageRange range = mprotect.Range;
        if (UnmappedArea.Wraps(range) || errno is not (Errno.None or Errno.ENOMEM or Errno.EACCES))
            return;

        bool mayHaveStopped = errno == Errno.ENOMEM || (errno == Errno.EACCES && space.HasUnfollowed);
        range = errno == Errno.None ? range : new PageRange(range.Start, new(space.FirstHole(range)));
        bool stopped = false;
        space.Change(range, cell =>
        {
            stopped |= errno == Errno.EACCES && !cell.MayWrite && (mprotect.Protection & Protection.Write) != 0;
            return stopped ? cell : cell with { Protection = mprotect.Protection, IsVague = cell.IsVague || mayHaveStopped };
        });
        if ((mprotect.Protection & Protection.Write) != 0)
            MayCopyAhead(space, range);
    }

    /// <summary>A read from swap has failed: whoever's page has this value may have lost it.</summary>
    private void LoseUnread(byte value)
    {
        foreach (ContentSpace space in processes.Values)
            space.Change(Everywhere, cell => !cell.IsShared && cell.Values.Contains(value) ? cell with { MayBeUnread = true } : cell);
    }

    private static ContentCell MayHaveLetGo(ContentCell cell)
    {
        cell.Held?.Doubt();
        return cell with { MayBeBare = true };
    }

    private void Madvise(ContentSpace space, Operation.Madvise madvise, Errno errno)
    {
        // Holes are passed over and reported as ENOMEM at the end; any other error ends the call somewhere in the range.
        bool isDone = errno is Errno.None or Errno.ENOMEM;
        PageRange range = madvise.Range;
        if (UnmappedArea.Wraps(range))
            return;

        switch (madvise.Advice)
        {
            case Advice.DontNeed:
                space.Change(range, cell => cell.IsShared ? cell : isDone ? cell.LetGo() : MayHaveLetGo(cell));
                break;
            case Advice.Free:
                Free(space, range);
                break;
            case Advice.Remove:
                Remove(space, range, isDone);
                if (space.HasUnfollowed)
                    CloudObjects();

                break;
            case Advice.PopulateWrite:
                MayCopyAhead(space, range);
                break;
            case Advice.DontFork:
                SetForkFlags(space, range, isDone, cell => cell with { IsNotForked = true });
                break;
            case Advice.DoFork:
                SetForkFlags(space, range, isDone, cell => cell with { IsNotForked = false });
                break;
            case Advice.WipeOnFork:
                bool stopped = false;
                SetForkFlags(space, range, isDone || errno == Errno.EINVAL, cell =>
                {
                    stopped |= cell.Object is not null;
                    return stopped ? cell : cell with { IsWipedOnFork = true };
                });
                break;
            case Advice.KeepOnFork:
                SetForkFlags(space, range, isDone, cell => cell with { IsWipedOnFork = false });
                break;
        }
    }

    /// <summary>
    /// The kernel may drop the copies from now on. Not those of other processes that share them by fork, as long as a dirty entry or
    /// PG_dirty says that a copy is needed. But Linux has two faults here, both seen on real kernels:
    /// <list type="bullet">
    /// <item>A page that came back from a synchronous swap device (6.18.35), or that ksmd has given up again (6.18.35, 7.2.13), is clean
    /// everywhere. If it is shared by fork, the advice of one process makes all lose it.</item>
    /// <item>A KSM page with one mapping left becomes lazyfree and stays in the stable tree. Pages that ksmd merges with it later are
    /// lost with it, whoever's they are (6.18.35, 7.2.13).</item>
    /// </list>
    /// </summary>
    private void Free(ContentSpace space, PageRange range)
    {
        var lost = new HashSet<long>();
        space.Change(range, cell =>
        {
            if (cell.Object is not null || cell.Own.IsEmpty)
                return cell;

            cell.Held?.Doubt();
            if (cell.StoredBy < lastCleaning)
                lost.Add(cell.StoredBy);

            if (cell.StoredBy < lastScan)
                freedAsKsm |= cell.Own;

            return cell with { MayBeBare = true, MayBeDropped = true };
        });
        foreach (ContentSpace other in lost.Count > 0 ? processes.Values : [])
        {
            other.Change(Everywhere, cell => cell.Object is null && !cell.Own.IsEmpty && lost.Contains(cell.StoredBy)
                ? cell with { MayBeBare = true, MayBeDropped = true }
                : cell);
        }
    }

    /// <summary>Pages may have been merged with one that is lazyfree.</summary>
    private void KsmScan()
    {
        lastScan = operations;
        foreach (ContentSpace space in freedAsKsm.IsEmpty ? [] : processes.Values)
        {
            space.Change(Everywhere, cell => cell.IsShared || (cell.Own & freedAsKsm).IsEmpty
                ? cell
                : cell with { MayBeBare = true, MayBeDropped = true });
        }
    }

    /// <summary>Whether an operation may leave a page clean that has no copy elsewhere: swap-in and the end of a KSM page.</summary>
    private static bool MayClean(Operation operation) => operation is Operation.Reclaim or Operation.SwapOffOn or Operation.Mremap
        or Operation.Madvise { Advice: Advice.PageOut or Advice.Unmergeable } or Operation.MemoryMerge { On: false }
        or Operation.KsmRun;

    private static void SetForkFlags(ContentSpace space, PageRange range, bool isDone, Func<ContentCell, ContentCell> change)
    {
        space.Change(range, isDone ? change : cell => cell with { IsForkVague = true });
    }

    /// <summary>Punches holes into the objects of the range, for all who map them; if it failed, perhaps.</summary>
    private void Remove(ContentSpace space, PageRange range, bool isDone)
    {
        var punched = new List<ContentCell>();
        space.Change(range, cell =>
        {
            if (cell.IsShared && cell.Index < cell.Object!.Pages)
            {
                if (isDone)
                    cell.Object.LetGo(cell.Index, 1);
                else
                    cell.Object.Lose(cell.Index, 1);

                cell.Object[cell.Index] = isDone ? ValueSet.Of(0) : cell.Object[cell.Index] | ValueSet.Of(0);
                punched.Add(cell);
            }

            return cell;
        });
        punched.ForEach(cell => Punched(cell.Object!, cell.Index, 1));
    }

    /// <summary>Private pages of files that may be copied now, before they are stored to: the copy no longer follows the file.</summary>
    private static void MayCopyAhead(ContentSpace space, PageRange range) =>
        space.Change(range, cell => cell.Object is not null && !cell.IsShared && cell.MayBeBare
            ? cell with { Own = cell.Own | cell.Behind }
            : cell);

    /// <summary>If memory ran out when all had been moved, the source is still there, empty.</summary>
    private static void Mremap(ContentSpace space, Operation.Mremap mremap, VirtualPage to, bool outOfMemory)
    {
        PageRange old = mremap.Range;
        if (mremap.NewLength < old.Pages)
        {
            space.Unmap(new PageRange(old.Start + mremap.NewLength, old.End));
            old = PageRange.Of(old.Start, mremap.NewLength);
        }

        if (!space.Cells.TryGetValue(old.Start.Number, out ContentCell first))
        {
            // The source begins with what is not followed, so it cannot be said what else has moved, nor what the target is.
            space.Unfollow(old);
            space.Unfollow(PageRange.Of(to, mremap.NewLength));
            return;
        }

        if (to != old.Start)
            Move(space, old, to, keepsSource: (mremap.Flags & MremapFlags.DontUnmap) != 0, outOfMemory);

        if (mremap.NewLength > old.Pages)
        {
            var growth = new PageRange(to + old.Pages, to + mremap.NewLength);
            space.Map(growth, first.LetGo() with { Index = first.Index + old.Pages });
            MayCopyAhead(space, growth);
        }
    }

    /// <summary>Page by page; where nothing is mapped, nothing is moved and the target stays as it is.</summary>
    private static void Move(ContentSpace space, PageRange old, VirtualPage to, bool keepsSource, bool outOfMemory)
    {
        for (long i = 0; i < old.Pages; i++)
        {
            long from = old.Start.Number + i;
            if (!space.Cells.TryGetValue(from, out ContentCell cell))
            {
                if (space.IsUnfollowed(new(from)))
                    space.Unfollow(PageRange.Of(to + i, 1));

                continue;
            }

            space.Cells[to.Number + i] = cell;
            if (keepsSource || outOfMemory)
                space.Cells[from] = cell.LetGo() with { IsVague = cell.IsVague || !keepsSource };
            else
                space.Cells.Remove(from);
        }
    }

    /// <summary>What was to make room may be gone: the target of MREMAP_FIXED, and what lies behind the new length.</summary>
    private static void FailedMremap(ContentSpace space, Operation.Mremap mremap, Outcome outcome)
    {
        PageRange old = mremap.Range;
        bool mayMoveSeveral = (mremap.Flags & MremapFlags.Fixed) != 0 && mremap.Target is not null && mremap.NewLength == old.Pages;
        if (mayMoveSeveral && outcome is Outcome.Failure { Errno: Errno.EFAULT or Errno.ENOMEM }
            && space.Cells.ContainsKey(old.Start.Number))
        {
            // Of several VMAs, those before the first that cannot be moved have gone, or been emptied.
            space.Change(old, cell =>
            {
                cell.Held?.Lose();
                return cell with { IsVague = true, MayBeBare = true };
            });
            space.Unfollow(PageRange.Of(mremap.Target!.Value, mremap.NewLength));
            return;
        }

        if (mremap.NewLength >= 0 && mremap.NewLength < old.Pages)
            space.Change(new PageRange(old.Start + mremap.NewLength, old.End), cell => cell with { IsVague = true });

        if ((mremap.Flags & MremapFlags.Fixed) != 0 && mremap.Target is { } target && mremap.NewLength > 0)
            space.Change(PageRange.Of(target, mremap.NewLength), cell => cell with { IsVague = true });
    }

    /// <summary>Moves private pages; EAGAIN tells that some were moved before one could not.</summary>
    private static void UffdMove(ContentSpace space, Operation.UffdMove move, Outcome outcome)
    {
        bool isDone = outcome.Succeeded;
        if (!isDone && outcome is not Outcome.Failure { Errno: Errno.EAGAIN })
            return;

        for (long i = 0; i < move.Pages; i++)
        {
            if (space.Cells.TryGetValue(move.Source.Number + i, out ContentCell source)
                && space.Cells.TryGetValue(move.Destination.Number + i, out ContentCell destination))
            {
                if (isDone)
                {
                    destination.Held = source.Held;
                }
                else
                {
                    source.Held?.Lose();
                    destination.Held?.Lose();
                    destination.Held ??= source.Held;
                }

                destination.MayBeUnread |= source.MayBeUnread;
                space.Cells[move.Destination.Number + i] = isDone
                    ? destination with { Own = source.Own, MayBeBare = source.MayBeBare, MayBeDropped = source.MayBeDropped }
                    : destination with { Own = destination.Own | source.Own, MayBeDropped = source.MayBeDropped };
                space.Cells[move.Source.Number + i] = isDone ? source.LetGo() : source with { MayBeBare = true };
            }
        }
    }
}
