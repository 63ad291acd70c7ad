namespace Rmap.Properties.Watching;

/// <summary>What lies behind a mapping that is not private anonymous memory: a file, a segment, shared anonymous memory.</summary>
internal sealed class ContentObject
{
    private readonly Dictionary<long, ValueSet> values = [];
    private readonly Dictionary<long, HeldPage> held = [];
    private ValueSet fill = ValueSet.Of(0);
    private long filled;

    /// <summary>Its length; access beyond it is SIGBUS.</summary>
    internal long Pages { get; private set; }

    /// <summary>The model's object, as far as a comparison of maps has seen one.</summary>
    internal AddressSpace? Seen { get; set; }

    /// <summary>Whether it may have been stored to through a mapping that is not followed: any page may have any value.</summary>
    internal bool IsClouded { get; set; }

    /// <summary>The values that a page may have.</summary>
    internal ValueSet this[long index]
    {
        get => IsClouded ? ValueSet.All : values.GetValueOrDefault(index, index < filled ? fill : ValueSet.Of(0));
        set
        {
            values[index] = value;
            held.GetValueOrDefault(index)?.Store(value);
        }
    }

    /// <summary>The page that <c>get_user_pages</c> has handed out. It shows what the object shows, until the object gives it up.</summary>
    internal HeldPage Hold(long index)
    {
        if (!held.TryGetValue(index, out HeldPage? page))
            page = held[index] = new HeldPage(this, index, this[index]);

        return page;
    }

    /// <summary>The page at an index, if somebody holds it.</summary>
    internal HeldPage? HeldAt(long index) => held.GetValueOrDefault(index) is { IsHeld: true } page ? page : null;

    /// <summary>The object gives up pages. Who holds them keeps what they showed last.</summary>
    internal void LetGo(long first, long pages)
    {
        foreach ((long index, HeldPage page) in held.Where(entry => entry.Key >= first && entry.Key - first < pages).ToArray())
        {
            page.Object = null;
            held.Remove(index);
        }
    }

    /// <summary>Whatever may have become of these pages.</summary>
    internal void Lose(long first, long pages)
    {
        foreach (HeldPage page in held.Where(entry => entry.Key >= first && entry.Key - first < pages).Select(entry => entry.Value))
            page.Lose();
    }

    internal void Resize(long pages)
    {
        foreach (long index in values.Keys.Where(index => index >= pages).ToArray())
            values.Remove(index);

        LetGo(pages, long.MaxValue);
        filled = Math.Min(filled, pages);
        Pages = pages;
    }

    internal void Fill(byte value)
    {
        fill = ValueSet.Of(value);
        filled = Pages;
    }

    internal void Punch(long first, long pages)
    {
        LetGo(first, pages);
        foreach (long index in values.Keys.Where(index => index >= first && index - first < pages).ToArray())
            values.Remove(index);

        for (long index = first; index < filled && index - first < pages; index++)
            values[index] = ValueSet.Of(0);
    }
}

/// <summary>One page of one address space, as the calls made it.</summary>
internal record struct ContentCell
{
    /// <summary>What is mapped; null for private anonymous memory.</summary>
    internal ContentObject? Object { get; init; }

    /// <summary>Which page of it.</summary>
    internal long Index { get; set; }

    internal bool IsShared { get; init; }

    internal Protection Protection { get; set; }

    /// <summary>Whether mprotect may grant PROT_WRITE.</summary>
    internal bool MayWrite { get; init; }

    /// <summary>The shmat that made it; 0 for none.</summary>
    internal int Attachment { get; init; }

    internal bool IsNotForked { get; set; }

    internal bool IsWipedOnFork { get; set; }

    /// <summary>The values that the process's own copy may have. Empty: there is no copy.</summary>
    internal ValueSet Own { get; set; }

    /// <summary>The store that made the copy. A fork hands it on with the copy.</summary>
    internal long StoredBy { get; init; }

    /// <summary>Whether there may be no copy, so that what lies behind is seen: the object's page, or zero.</summary>
    internal bool MayBeBare { get; set; }

    /// <summary>Whether the kernel may drop the copy at any time (MADV_FREE).</summary>
    internal bool MayBeDropped { get; set; }

    /// <summary>Whether the page may be one that could not be read from swap: access may be SIGBUS.</summary>
    internal bool MayBeUnread { get; set; }

    /// <summary>Whether a failed call may have changed what fork does with it.</summary>
    internal bool IsForkVague { get; set; }

    /// <summary>Whether a failed call may have unmapped the page or changed its protection.</summary>
    internal bool IsVague { get; set; }

    /// <summary>The process's own copy, if <c>get_user_pages</c> has handed it out.</summary>
    internal HeldPage? Held { get; set; }

    /// <summary>The values of what lies behind; empty beyond its end.</summary>
    internal readonly ValueSet Behind => Object is null ? ValueSet.Of(0) : Index < Object.Pages ? Object[Index] : ValueSet.Empty;

    /// <summary>The values that a load may return.</summary>
    internal readonly ValueSet Values => MayBeBare ? Own | Behind : Own;

    /// <summary>Whether an access may find nothing behind: SIGBUS.</summary>
    internal readonly bool MayBeBeyondEnd => MayBeBare && Object is not null && Index >= Object.Pages;

    /// <summary>The same page, of which no copy was seen.</summary>
    internal readonly ContentCell Bare() => this with { Own = ValueSet.Empty, MayBeBare = true, MayBeDropped = false, MayBeUnread = false };

    /// <summary>The same page once its copy was let go. Who holds that keeps what it showed last.</summary>
    internal readonly ContentCell LetGo() => Bare() with { Held = null };
}
