using System.Globalization;

namespace Rmap.Properties.Together;

/// <summary>
/// What a machine shows: of each page of each process what a load would give and what the VMA allows, of each file its pages, of each pin
/// its page. Read naively, and nothing is changed by looking.
/// </summary>
internal sealed class Shown
{
    private const int BeyondEnd = -2;
    private const int Lost = -3;

    private readonly Dictionary<(string Of, long Page), int> all = [];

    private Shown()
    {
    }

    /// <summary>Reads a machine.</summary>
    internal static Shown By(Machine machine)
    {
        var shown = new Shown();
        foreach (Process process in machine.Processes)
        {
            string name = process.Id.ToString();
            shown.all[(name, -1)] = 1;
            foreach (VmArea vma in process.Mm.Vmas)
            {
                for (VirtualPage at = vma.Start; at < vma.End; at += 1)
                    shown.all[(name, at.Number)] = (Load(vma, at) << 4) | Access(vma);
            }
        }

        foreach (AddressSpace file in machine.Files.All)
        {
            shown.all[(file.Name, -1)] = (int)Math.Min(file.Pages, 1 << 20) << 4;
            foreach (long index in file.Cache.Keys.Concat(file.Swapped.Keys).Concat(file.Disk.Keys))
                shown.all[(file.Name, index)] = OfFile(file, index) << 4;
        }

        // A pin for reading gets the zero page where nothing is yet, or what a fault that is half done has put there.
        foreach (Pin pin in machine.Pins.All.Where(pin => pin.Kind == GupKind.PinWrite))
            shown.all[(pin.Id.ToString(), 0)] = (pin.Page?.Value ?? 0) << 4;

        return shown;
    }

    /// <summary>The first thing that this shows and none of the others does, or null.</summary>
    internal string? Unlike(IReadOnlyList<Shown> others)
    {
        foreach ((string, long) place in all.Keys.Concat(others.SelectMany(other => other.all.Keys)).Distinct())
        {
            int? value = Of(place);
            if (others.All(other => other.Of(place) != value))
                return $"{Told(place)} {Told(value)}, not {string.Join(" or ", others.Select(other => Told(other.Of(place))).Distinct())}";
        }

        return null;
    }

    /// <summary>A page of a file that nobody has looked at is empty.</summary>
    private int? Of((string Of, long Page) place) => all.TryGetValue(place, out int value) ? value
        : place.Page >= 0 && all.TryGetValue((place.Of, -1), out int size) && !place.Of.StartsWith('P')
            ? (place.Page < size >> 4 ? 0 : BeyondEnd << 4)
        : null;

    private static string Told((string Of, long Page) place) =>
        place.Page < 0 ? place.Of : string.Create(CultureInfo.InvariantCulture, $"page {place.Page} of {place.Of}");

    private static string Told(int? value) => value switch
    {
        null => "is not there",
        < 0 => "is beyond the end, or lost",
        _ => string.Create(CultureInfo.InvariantCulture, $"shows {value >> 4} ({value & 15:x})"),
    };

    private static int Access(VmArea vma) =>
        (vma.Has(VmFlags.Read) ? 1 : 0) | (vma.Has(VmFlags.Write) ? 2 : 0) | (vma.Has(VmFlags.Exec) ? 4 : 0);

    private static int Load(VmArea vma, VirtualPage at)
    {
        Pte pte = vma.Mm.PageTable[at];
        return pte.Kind switch
        {
            PteKind.Present or PteKind.Migration => pte.Page.Value,
            PteKind.Swap => pte.Slot.Cache?.Value ?? pte.Slot.Value,
            PteKind.ZeroPage => 0,
            PteKind.Poisoned => Lost,
            _ => vma.File is { } file ? Load(file.Mapping, vma.LinearPageIndex(at)) : 0,
        };
    }

    private static int Load(AddressSpace file, long index) => index < file.Pages ? OfFile(file, index) : BeyondEnd;

    private static int OfFile(AddressSpace file, long index) =>
        file.Cache.TryGetValue(index, out Page? page) ? page.Value
        : file.Swapped.TryGetValue(index, out SwapSlot? slot) ? slot.Cache?.Value ?? slot.Value
        : file.Disk.GetValueOrDefault(index);
}
