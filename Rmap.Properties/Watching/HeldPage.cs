namespace Rmap.Properties.Watching;

/// <summary>
/// A page that <c>get_user_pages</c> has handed out, as the content model knows it: what it shows, also once its owner has let it go.
/// </summary>
/// <param name="value">What it shows.</param>
internal sealed class HeldPage(byte value)
{
    private int holders;

    /// <summary>What it shows.</summary>
    internal byte Value { get; set; } = value;

    /// <summary>The object whose page it is; null for a process's own, or once the object has given it up.</summary>
    internal ContentObject? Object { get; set; }

    /// <summary>Which page of the object.</summary>
    internal long Index { get; init; }

    /// <summary>The page of the machine, by which it is seen whether its owner has it still.</summary>
    internal Page? Seen { get; init; }

    /// <summary>
    /// Whether the next store of its owner may go to a copy, so that it keeps what it showed: if it is shared and not pinned.
    /// </summary>
    internal bool MayPart { get; set; }

    /// <summary>Who holds it by FOLL_PIN.</summary>
    internal int Pins { get; private set; }

    /// <summary>Whether anybody holds it.</summary>
    internal bool IsHeld => holders > 0;

    /// <summary>One more holder, or one less.</summary>
    internal void Count(GupKind kind, int change)
    {
        holders += change;
        Pins += kind == GupKind.Get ? 0 : change;
    }

    /// <summary>Fork leaves the owner what is pinned. Other pages are shared, and the next store makes a copy.</summary>
    internal void Forked() => MayPart |= Pins == 0;

    /// <summary>Whether it is still the page behind an entry of its owner.</summary>
    internal bool IsBehind(Pte pte) => !MayPart || IsAt(pte);

    /// <summary>Whether it is what an entry maps, or what is cached of what was swapped out.</summary>
    internal bool IsAt(Pte pte) => Seen == (pte.Kind == PteKind.Swap ? pte.Slot.Cache : pte.Target);
}
