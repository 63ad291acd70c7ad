namespace Rmap.Model.Types;

/// <summary>
/// A page that <c>get_user_pages</c> has handed out: whoever has it reads and writes it past all page tables, and it is not freed before
/// it is given back.
/// </summary>
/// <param name="Id">How the scenario calls it.</param>
/// <param name="Page">The page; null for the zero page, which is not counted.</param>
/// <param name="Kind">For what it was handed out.</param>
public sealed record Pin(PinId Id, Page? Page, GupKind Kind);

/// <summary>
/// Who holds which page (<c>mm/gup.c</c>, 6.18). Linux keeps no such list: each holder knows its pages. Left out: FOLL_LONGTERM, large
/// folios.
/// </summary>
public sealed class PinTable
{
    private readonly SortedList<int, Pin> pins = [];
    private readonly SwapArea swap;
    private readonly Rules rules;

    internal PinTable(SwapArea swap, Rules rules)
    {
        this.swap = swap;
        this.rules = rules;
        All = pins.Values.AsReadOnly();
    }

    /// <summary>All of them, by number.</summary>
    public IReadOnlyList<Pin> All { get; }

    /// <summary>The one of this number, or null.</summary>
    public Pin? Find(PinId id) => pins.GetValueOrDefault(id.Number);

    /// <summary><c>try_grab_folio</c>.</summary>
    internal void Add(Pin pin)
    {
        pins.Add(pin.Id.Number, pin);
        Count(pin, isPin: pin.Kind != GupKind.Get, 1);
    }

    /// <summary><c>gup_put_folio</c>: the last one to let go of a page frees it.</summary>
    internal Outcome Unpin(PinId id)
    {
        if (Find(id) is not { } pin)
        {
            return Outcome.From(Errno.EBADF);
        }

        pins.Remove(id.Number);
        Count(pin, isPin: rules.ReleaseUnpins(pin), -1);
        if (pin.Page is { } page)
        {
            swap.FreeIfUnreferenced(page);
        }

        return Outcome.Ok;
    }

    internal Outcome Read(PinId id) =>
        Find(id) is { } pin ? Outcome.Of(pin.Page?.Value ?? 0) : Outcome.From(Errno.EBADF);

    internal Outcome Write(PinId id, byte value)
    {
        if (Find(id) is not { } pin)
        {
            return Outcome.From(Errno.EBADF);
        }

        if (pin is not { Kind: GupKind.PinWrite, Page: { } page })
        {
            return Outcome.From(Errno.EPERM);
        }

        page.Value = value;
        page.MarkDirty();
        return Outcome.Ok;
    }

    private static void Count(Pin pin, bool isPin, int change)
    {
        if (pin.Page is { } page)
        {
            page.Pins += isPin ? change : 0;
            page.Gets += isPin ? 0 : change;
        }
    }
}
