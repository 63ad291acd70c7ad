namespace Rmap.Properties.Watching;

/// <content>
/// What those see who got a page from <c>get_user_pages</c>. A pinned page of a process's own stays what this process sees there, until
/// it unmaps or discards it; from then on only its holders store to it. Without a pin (FOLL_GET) it is so until a fork.
/// </content>
public sealed partial class ContentModel
{
    private readonly SortedList<int, (HeldPage Page, GupKind Kind)> pins = [];

    /// <summary>Compares what the pages hold that were handed out with what they must.</summary>
    /// <param name="machine">The machine that executed the operations.</param>
    /// <returns>A violation of <see cref="Invariants.Content"/>, or null.</returns>
    public Violation? CompareHeld(Machine machine)
    {
        IReadOnlyList<Pin> list = machine.Pins.All;
        for (int i = 0; i < list.Count; i++)
        {
            byte value = list[i].Page?.Value ?? 0;
            if (HeldBy(list[i].Id) is { } held && !held.Values.Contains(value))
                return new(Invariants.Content, $"{list[i].Id} shows {value}", $"{held.Values}");
        }

        return null;
    }

    /// <summary>What a pin holds, or null.</summary>
    internal HeldPage? HeldBy(PinId id) => pins.TryGetValue(id.Number, out (HeldPage Page, GupKind) pin) ? pin.Page : null;

    private void Pin(ContentSpace space, Operation.Pin pin)
    {
        HeldPage page = space.Cells.TryGetValue(pin.Page.Number, out ContentCell cell)
            ? Hold(space, pin, cell)
            : new HeldPage(null, 0, ValueSet.All);
        page.Count(pin.Kind, 1);
        pins.Add(pin.Id.Number, (page, pin.Kind));
    }

    private HeldPage Hold(ContentSpace space, Operation.Pin pin, ContentCell cell)
    {
        bool write = pin.Kind == GupKind.PinWrite;
        if (cell.IsShared || (!write && cell.Object is not null && cell.Own.IsEmpty))
            return cell.Object!.Hold(cell.Index);

        if (write)
            cell = cell with { Own = cell.Values, MayBeBare = cell.MayBeDropped, StoredBy = operations };

        bool isOwn = !cell.MayBeBare && !cell.IsVague;
        HeldPage page = Hold(cell, isOwn && IsAlone(pin.Kind, cell));
        if (cell.Object is not null && cell.MayBeBare)
            page.Lose();

        space.Cells[pin.Page.Number] = cell with { Held = page };
        return page;
    }

    /// <summary>
    /// Whether what is handed out is the process's alone: a page that fork or ksmd may have shared is not, unless a pin takes it out. The
    /// zero page, which ksmd may have put there, stays.
    /// </summary>
    private bool IsAlone(GupKind kind, in ContentCell cell) => kind switch
    {
        GupKind.PinWrite => true,
        GupKind.Pin => cell.StoredBy > lastScan || !cell.Values.Contains(0),
        _ => cell.StoredBy > Math.Max(lastFork, lastScan),
    };

    /// <summary>The process's own page, which others may hold already.</summary>
    /// <param name="cell">The page of the address space.</param>
    /// <param name="isExact">Whether it is certain which page is there.</param>
    private static HeldPage Hold(in ContentCell cell, bool isExact)
    {
        if (cell.Held is { IsHeld: true } held)
        {
            if (!held.IsVague)
                return held;

            if (!isExact || held.Pins > 0)
            {
                held.Store(cell.Values);
                return held;
            }

            held.Lose();
        }

        var page = new HeldPage(null, 0, cell.Values);
        if (!isExact)
            page.Doubt();

        return page;
    }

    private void ObserveHeld(Operation operation)
    {
        switch (operation)
        {
            case Operation.PinWrite write:
                StoreHeld(pins[write.Id.Number].Page, ValueSet.Of(write.Value));
                break;
            case Operation.Unpin unpin:
                (HeldPage page, GupKind kind) = pins[unpin.Id.Number];
                page.Count(kind, -1);
                pins.Remove(unpin.Id.Number);
                break;
        }
    }

    /// <summary>A store past all page tables: whoever has the page sees it.</summary>
    private void StoreHeld(HeldPage page, ValueSet stored)
    {
        page.Store(stored);
        if (page.Object is not null)
            page.Object[page.Index] = page.Values;

        foreach (ContentSpace space in processes.Values)
        {
            space.Change(Everywhere, cell => cell.Held != page ? cell
                : page.IsVague ? cell with { Own = cell.Own | stored }
                : cell with { Own = stored, StoredBy = operations, MayBeBare = false, MayBeDropped = false });
        }
    }
}
