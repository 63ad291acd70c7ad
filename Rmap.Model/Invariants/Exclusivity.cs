namespace Rmap.Model.Invariants;

/// <summary>Who may write without asking.</summary>
internal static class Exclusivity
{
    internal static Finding? WritableAnonPagesAreExclusive(Truth truth)
    {
        foreach (PresentPte pte in truth.Anon)
        {
            if (pte.IsWritable && (pte.Page.Flags & PageFlags.AnonExclusive) == 0)
            {
                return new($"{pte} maps {pte.Page} writable, which is not AnonExclusive", $"AnonExclusive, or read-only");
            }
        }

        return null;
    }

    internal static Finding? ExclusivePagesAreMappedOnce(Truth truth)
    {
        foreach (Page page in truth.Pages)
        {
            if ((page.Flags & PageFlags.AnonExclusive) != 0 && (!IsAloneIn(truth.Of(page)) || page.Mapping is AddressSpace))
            {
                return new($"{page} is AnonExclusive: {Describe.Places(truth, page)}", $"an anonymous page that is mapped exactly once");
            }
        }

        return null;

        // What is held when its owner lets it go stays as it was.
        static bool IsAloneIn(in PageCount count) => count.Mapped == 1 || (count.Mapped == 0 && count.IsHeld);
    }

    internal static Finding? PinnedPagesAreExclusive(Truth truth)
    {
        IReadOnlyList<Pin> pins = truth.Machine.Pins.All;
        for (int i = 0; i < pins.Count; i++)
        {
            if (pins[i] is { Kind: not GupKind.Get, Page: { Mapping: AnonVma or StableNode } page }
                && (page.Flags & PageFlags.AnonExclusive) == 0)
            {
                return new($"{page} is pinned and not AnonExclusive: {Describe.Places(truth, page)}",
                    $"AnonExclusive: a store by its owner must go to this page");
            }
        }

        return null;
    }

    internal static Finding? KsmPagesAreReadOnly(Truth truth)
    {
        foreach (PresentPte pte in truth.Ksm)
        {
            if (pte.IsWritable || (pte.Page.Flags & PageFlags.AnonExclusive) != 0)
            {
                return new($"{pte} maps the KSM page {pte.Page}{(pte.IsWritable ? " writable" : ", which is AnonExclusive")}",
                    $"read-only and not AnonExclusive: a store must copy");
            }
        }

        return null;
    }

    internal static Finding? ExclusiveSwapEntriesAreAlone(Truth truth)
    {
        foreach (SwapPte pte in truth.Swapped)
        {
            if (pte.IsExclusive && truth.EntriesFor(pte.Slot) != 1)
            {
                return new($"{pte} holds an exclusive swap entry for {pte.Slot}: {Describe.Places(truth, pte.Slot)}",
                    $"the only entry for its slot");
            }
        }

        return null;
    }

    internal static Finding? NeededSwapCacheIsShared(Truth truth)
    {
        foreach (SwapPte pte in truth.Swapped)
        {
            if (pte.Slot.Cache is { } cached && (cached.Flags & PageFlags.AnonExclusive) != 0)
            {
                return new($"{pte} holds a swap entry for {pte.Slot}, whose cache {cached} is AnonExclusive",
                    $"not AnonExclusive while an entry may map it");
            }
        }

        return null;
    }

    internal static Finding? LazyFreePagesAreNotInSwapCache(Truth truth) =>
        LazyFreeInSwapCache(truth.Anon) ?? LazyFreeInSwapCache(truth.Ksm);

    private static Finding? LazyFreeInSwapCache(ReadOnlySpan<PresentPte> ptes)
    {
        foreach (PresentPte pte in ptes)
        {
            if (pte.Page.SwapCache is not null && (pte.Page.Flags & PageFlags.SwapBacked) == 0)
            {
                return new($"{pte} maps {pte.Page}, which is in the swap cache for {pte.Page.SwapCache} and not swap-backed",
                    $"swap-backed, or not in the swap cache");
            }
        }

        return null;
    }
}
