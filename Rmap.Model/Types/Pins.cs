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
/// Who holds which page (<c>mm/gup.c</c>, 6.18). Linux keeps no such list: each holder knows its pages. Left out: large
/// folios.
/// </summary>
public sealed class PinList
{
    private readonly SortedList<int, Pin> pins = [];

    internal PinList() => All = pins.Values.AsReadOnly();

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

    /// <summary><c>gup_put_folio</c>. The caller drops the reference.</summary>
    internal void Remove(Pin pin, bool unpins)
    {
        pins.Remove(pin.Id.Number);
        Count(pin, unpins, -1);
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
