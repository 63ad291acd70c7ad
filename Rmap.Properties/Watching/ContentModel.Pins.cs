namespace Rmap.Properties.Watching;

/// <content>
/// What those see who got a page from <c>get_user_pages</c>. A pinned page of a process's own stays what this process sees there, until
/// it unmaps or discards it; from then on only its holders store to it. Without a pin (FOLL_GET) it is so until a fork.
/// </content>
public sealed partial class ContentModel
{
    private readonly SortedList<int, (HeldPage Page, GupKind Kind)> pins = [];

    /// <summary>Compares what the pages hold that were handed out with what they must.</summary>
    /// <returns>A violation of <see cref="Invariants.Content"/>, or null.</returns>
    public Violation? CompareHeld()
    {
        IReadOnlyList<Pin> list = machine.Pins.All;
        for (int i = 0; i < list.Count; i++)
        {
            byte value = list[i].Page?.Value ?? 0;
            if (HeldBy(list[i].Id) is { } held && held.Value != value)
                return new(Invariants.Content, $"{list[i].Id} shows {value}", $"{held.Value}");
        }

        return null;
    }

    /// <summary>What a pin holds, or null.</summary>
    internal HeldPage? HeldBy(PinId id) => pins.TryGetValue(id.Number, out (HeldPage Page, GupKind) pin) ? pin.Page : null;

    private Violation? Pin(ContentSpace space, Operation.Pin pin)
    {
        Page? page = machine.Pins.Find(pin.Id)?.Page;
        byte shown = page?.Value ?? 0;
        if (space[pin.Page.Number] is not { } area)
            return new(Invariants.Content, $"{pin.Process} got page {pin.Page} pinned", $"EFAULT: nothing is mapped there");

        if (!MayShow(space, area, pin.Page.Number, shown))
            return new(Invariants.Content, $"{pin.Id} shows {shown}", $"{Bytes(space, area, pin.Page.Number)}");

        if (pin.Kind == GupKind.LongTerm && !area.IsShared && page is not { IsAnon: true } && machine.Rules.PinsForLongSeeStores)
            return new(Invariants.Content, $"{pin.Id} is no page of {pin.Process}'s own", $"one, as it is pinned for long");

        HeldPage held = area.IsShared || page is { IsAnon: false } ? area.Object!.Hold(pin.Page.Number + area.Shift)
            : page is null ? new HeldPage(0)
            : Hold(space, pin, page, shown);
        held.Count(pin.Kind, 1);
        pins.Add(pin.Id.Number, (held, pin.Kind));
        return null;
    }

    /// <summary>The process's own page, which others may hold already.</summary>
    private static HeldPage Hold(ContentSpace space, Operation.Pin pin, Page page, byte shown)
    {
        bool isKnown = space.Copies.TryGet(pin.Page.Number, out ContentCopy copy) && copy.Value == shown;
        copy = isKnown ? copy : new ContentCopy { Value = shown, MayBeShared = copy.MayBeShared };
        if (copy.Held is not { IsHeld: true } held || held.Seen != page)
            held = new HeldPage(shown) { Seen = page };

        held.MayPart |= pin.Kind == GupKind.Get && copy.MayBeShared;
        space.Copies.Set(pin.Page.Number, copy with
        {
            Held = held,
            MayBeDropped = copy.MayBeDropped && pin.Kind != GupKind.PinWrite,
            MayBeShared = copy.MayBeShared && pin.Kind == GupKind.Get,
        });
        return held;
    }

    /// <summary>A store past all page tables: whoever has the page sees it.</summary>
    private void StoreHeld(HeldPage page, byte stored)
    {
        page.Value = stored;
        if (page.Object is not null)
            page.Object[page.Index] = stored;

        foreach (Process process in machine.Processes.DistinctBy(process => process.Mm))
        {
            ContentSpace space = processes[process.Id.Number];
            for (int i = 0; i < space.Copies.Count; i++)
            {
                ref ContentCopy copy = ref space.Copies.At(i);
                if (copy.Held == page && page.IsBehind(process.Mm.PageTable[new(space.Copies.PageAt(i))]))
                    (copy.Value, copy.MayBeDropped) = (stored, false);
            }
        }
    }
}
