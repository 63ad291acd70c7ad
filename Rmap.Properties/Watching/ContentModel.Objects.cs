namespace Rmap.Properties.Watching;

/// <content>What operations do that are no process's: to files, segments, and to all memory.</content>
public sealed partial class ContentModel
{
    private void ObserveObject(Operation operation)
    {
        switch (operation)
        {
            case Operation.FileCreate create:
                ContentObject file = objects[create.File] = NewObject(create.Pages, machine.Files.Find(create.File));
                if (create.Fill is { } fill)
                    file.Fill(fill);

                break;
            case Operation.Shmget shmget:
                objects[shmget.Segment] = NewObject(shmget.Pages, machine.Files.FindSegment(shmget.Segment));
                break;
            case Operation.Truncate truncate:
                Truncate(objects[truncate.File], truncate.Pages);
                break;
            case Operation.Punch punch:
                // Private copies stay.
                objects[punch.File].Punch(punch.Page, punch.Page + punch.Length);
                break;
            case Operation.FileWrite write:
                ContentObject written = objects[write.File];
                written.Resize(Math.Max(written.Pages, write.Page + 1));
                written[write.Page] = write.Value;
                break;
            case Operation.PinWrite write:
                StoreHeld(pins[write.Id.Number].Page, write.Value);
                break;
            case Operation.Unpin unpin:
                (HeldPage page, GupKind kind) = pins[unpin.Id.Number];
                page.Count(kind, -1);
                pins.Remove(unpin.Id.Number);
                break;
            case Operation.KsmScan:
                KsmScan();
                break;
            case Operation.Shmrm shmrm:
                objects[shmrm.Segment].IsRemoved = true;
                break;
            case Operation.PinRead or Operation.Fsync or Operation.KsmRun
                or Operation.KsmMaxSharing or Operation.SwapOffOn or Operation.SwapFailRead:
                break;
            default:
                throw new InvalidOperationException($"Nobody knows what {operation.GetType().Name} does to contents.");
        }
    }

    private static ContentObject NewObject(long pages, AddressSpace? seen = null)
    {
        var created = new ContentObject { Seen = seen };
        created.Resize(pages);
        return created;
    }

    /// <summary>Pages of mergeable memory may be shared now, with whomever.</summary>
    private void KsmScan()
    {
        foreach (ContentSpace space in Spaces)
        {
            foreach ((PageRange range, ContentArea area) in space.Stretches)
            {
                foreach (int index in area.Has(VmFlags.Mergeable) ? space.Copies.In(range) : [])
                    space.Copies.At(index).MayBeShared = true;
            }
        }
    }

    /// <summary>A file that becomes shorter takes private copies of its lost pages with it.</summary>
    private void Truncate(ContentObject file, long pages)
    {
        file.Resize(pages);
        foreach (ContentSpace space in Spaces)
        {
            foreach ((PageRange range, ContentArea area) in space.Stretches)
            {
                if (area.Object == file && !area.IsShared)
                    space.LetGo(new PageRange(VirtualPage.Max(range.Start, new(pages - area.Shift)), range.End));
            }
        }
    }

    /// <summary>A read from swap has failed: whoever's entry still names the slot, or has been poisoned, finds no page.</summary>
    private void LoseUnread(byte value)
    {
        foreach (Process process in machine.Processes.DistinctBy(process => process.Mm))
        {
            if (!processes.TryGetValue(process.Id.Number, out ContentSpace? space))
                continue;

            foreach ((VirtualPage page, Pte pte) in process.Mm.PageTable.Entries())
            {
                bool isLost = pte.Kind == PteKind.Poisoned || (pte.Kind == PteKind.Swap && pte.Slot.Value == value);
                if (isLost && space[page.Number] is { IsShared: false })
                {
                    ContentCopy copy = space.Copies.TryGet(page.Number, out ContentCopy known) ? known : new ContentCopy { Value = value };
                    space.Copies.Set(page.Number, copy with { MayBeUnread = true });
                }
            }
        }
    }

    /// <summary>A known fault of Linux has met a page.</summary>
    private static void Excuse(ContentSpace space, VirtualPage page, KnownFault fault)
    {
        if (!space.Copies.TryGet(page.Number, out ContentCopy copy))
            return;

        if (fault == KnownFault.PunchTakesMergedZero)
            space.Copies.Remove(page.Number);
        else
            space.Copies.Set(page.Number, copy with { MayBeDropped = true });
    }
}
