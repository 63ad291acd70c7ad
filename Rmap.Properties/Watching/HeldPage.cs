namespace Rmap.Properties.Watching;

/// <summary>
/// A page that <c>get_user_pages</c> has handed out, as the content model knows it: what it shows, also once its owner has let it go.
/// </summary>
/// <param name="of">The object whose page it is, or null for a process's own.</param>
/// <param name="index">Which page of it.</param>
/// <param name="values">What it may show.</param>
internal sealed class HeldPage(ContentObject? of, long index, ValueSet values)
{
    private int holders;

    /// <summary>The object whose page it is; null for a process's own, or once the object has given it up.</summary>
    internal ContentObject? Object { get; set; } = of;

    /// <summary>Which page of the object.</summary>
    internal long Index { get; } = index;

    /// <summary>The values that it may show.</summary>
    internal ValueSet Values { get; private set; } = values;

    /// <summary>Who holds it by FOLL_PIN.</summary>
    internal int Pins { get; private set; }

    /// <summary>Whether anybody holds it.</summary>
    internal bool IsHeld => holders > 0;

    /// <summary>Whether its owner may have another page by now: then it shows what it showed, or what the owner stored since.</summary>
    internal bool IsVague { get; private set; }

    /// <summary>One more holder, or one less.</summary>
    internal void Count(GupKind kind, int change)
    {
        holders += change;
        Pins += kind == GupKind.Get ? 0 : change;
    }

    /// <summary>Its owner stored this.</summary>
    internal void Store(ValueSet stored) => Values = IsVague ? Values | stored : stored;

    /// <summary>Its owner may have another page.</summary>
    internal void Doubt() => IsVague = true;

    /// <summary>Fork leaves the owner what is pinned. Other pages are shared, and the next store makes a copy.</summary>
    internal void Forked() => IsVague |= Pins == 0;

    /// <summary>Nothing more can be said of it.</summary>
    internal void Lose()
    {
        IsVague = true;
        Values = ValueSet.All;
    }
}
