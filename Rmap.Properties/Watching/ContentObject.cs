namespace Rmap.Properties.Watching;

/// <summary>What lies behind a mapping that is not private anonymous memory: a file, a segment, shared anonymous memory.</summary>
internal sealed class ContentObject
{
    private readonly SortedDictionary<long, byte> values = [];
    private readonly SortedDictionary<long, HeldPage> held = [];
    private byte fill;
    private long filled;

    /// <summary>Its length; access beyond it is SIGBUS.</summary>
    internal long Pages { get; private set; }

    /// <summary>The model's object; of shared anonymous memory, as soon as a VMA has shown it.</summary>
    internal AddressSpace? Seen { get; set; }

    /// <summary>Whether IPC_RMID was called for it: it is there as long as somebody has attached it.</summary>
    internal bool IsRemoved { get; set; }

    /// <summary>Pages that differ from what the object was filled with, or hold something where it was not.</summary>
    internal IReadOnlyDictionary<long, byte> Values => values;

    /// <summary>The pages that somebody holds.</summary>
    internal IEnumerable<KeyValuePair<long, HeldPage>> Held => held.Where(entry => entry.Value.IsHeld);

    /// <summary>The byte that a page holds.</summary>
    internal byte this[long index]
    {
        get => values.GetValueOrDefault(index, Blank(index));
        set
        {
            if (value == Blank(index))
                values.Remove(index);
            else
                values[index] = value;

            if (held.TryGetValue(index, out HeldPage? page))
                page.Value = value;
        }
    }

    /// <summary>The page that <c>get_user_pages</c> has handed out. It shows what the object shows, until the object gives it up.</summary>
    internal HeldPage Hold(long index)
    {
        if (!held.TryGetValue(index, out HeldPage? page) || !page.IsHeld)
            page = held[index] = new HeldPage(this[index]) { Object = this, Index = index };

        return page;
    }

    internal void Resize(long pages)
    {
        foreach (long index in values.Keys.Where(index => index >= pages).ToArray())
            values.Remove(index);

        LetGo(pages, long.MaxValue);
        filled = Math.Min(filled, pages);
        Pages = pages;
    }

    internal void Fill(byte value) => (fill, filled) = (value, Pages);

    /// <summary>Pages become holes. Who holds them keeps what they showed last.</summary>
    internal void Punch(long first, long end)
    {
        LetGo(first, end);
        foreach (long index in values.Keys.Where(index => index >= first && index < end).ToArray())
            values.Remove(index);

        for (long index = first; index < Math.Min(filled, end); index++)
            this[index] = 0;
    }

    private byte Blank(long index) => index < filled ? fill : (byte)0;

    private void LetGo(long first, long end)
    {
        foreach ((long index, HeldPage page) in held.Where(entry => entry.Key >= first && entry.Key < end).ToArray())
        {
            page.Object = null;
            held.Remove(index);
        }
    }
}
