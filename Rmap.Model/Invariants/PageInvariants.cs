using Rmap.Model.Rmap;
using static Rmap.Model.Invariants.Check;

namespace Rmap.Model.Invariants;

/// <summary>What holds of pages, whatever they belong to: who maps them, who holds them, who may write without asking.</summary>
internal static class PageInvariants
{
    internal static readonly Invariant PteLive = new(Subject.Pages, "pte-live",
        "A page-table entry names a page or a slot that is in use.",
        "print_bad_pte(); _swap_info_get(): \"Unused swap offset entry\"",
        truth => Each(truth, [truth.Anon, truth.File, truth.Ksm, truth.Unowned],
            (truth, in pte) => truth.Machine.Frames[pte.Page.Pfn] == pte.Page,
            (_, in pte) => new($"{pte} maps {pte.Page}, which has been freed", $"a page in use"))
        ?? Each(truth, truth.Swapped,
            (truth, in pte) => truth.Machine.Swap[pte.Slot.Number] == pte.Slot,
            (_, in pte) => new($"{pte} holds a swap entry for {pte.Slot}, which has been freed", $"a slot in use")));

    internal static readonly Invariant MappedOwner = new(Subject.Pages, "mapped-owner",
        "A mapped page belongs to an AV, a stable node or a file.",
        "VM_BUG_ON_FOLIO(folio_mapped) in filemap_unaccount_folio()",
        truth => None(truth.Unowned,
            pte => new($"{pte} maps {pte.Page}, whose mapping is null", $"an AV, a stable node or a file, or no mapping")));

    internal static readonly Invariant MapCount = new(Subject.Pages, "mapcount",
        "The mapcount of a page is the number of present entries that map it.",
        "folio_mapcount(); \"bad page map\" of a zap; BUG_ON in migration and reclaim",
        truth => Each(truth, truth.Pages,
            (truth, in page) => page.MapCount == truth.Of(page).Mapped,
            (truth, in page) => new($"{page} has mapcount {page.MapCount}",
                $"{truth.Of(page).Mapped}: {Describe.Places(truth, page)}")));

    internal static readonly Invariant PinCount = new(Subject.Pages, "pin-count",
        "A page that get_user_pages has handed out is in use, and counts those who hold it.",
        "try_grab_folio(), gup_put_folio(); GUP_PIN_COUNTING_BIAS",
        truth => Each(truth, truth.Pins,
            (truth, in pin) => pin.Page is not { } held || truth.Machine.Frames[held.Pfn] == held,
            (_, in pin) => new($"{pin.Id} holds {pin.Page}, which has been freed", $"a page in use"))
        ?? Each(truth, truth.Pages,
            (truth, in page) => page.Pins == truth.Of(page).Pins && page.Gets == truth.Of(page).Gets,
            (truth, in page) => new($"{page} counts {page.Pins} pins and {page.Gets} other references",
                $"{truth.Of(page).Pins} and {truth.Of(page).Gets}")));

    internal static readonly Invariant PageLeak = new(Subject.Pages, "page-leak",
        "A page that is neither mapped nor cached nor pinned has been freed.",
        "folio_put()",
        truth => Each(truth, truth.Pages,
            (truth, in page) => truth.Of(page).Mapped > 0 || page.SwapCache is not null || page.Mapping is AddressSpace
                || truth.Of(page).IsHeld,
            (_, in page) => new($"{page} is neither mapped nor cached nor pinned", $"its frame freed")));

    internal static readonly Invariant WritableExclusive = new(Subject.Pages, "writable-exclusive",
        "An anonymous page is mapped writable only if it is AnonExclusive.",
        "VM_BUG_ON in do_swap_page(), wp_page_reuse()",
        truth => Each(truth, truth.Anon,
            (_, in pte) => !pte.IsWritable || (pte.Page.Flags & PageFlags.AnonExclusive) != 0,
            (_, in pte) => new($"{pte} maps {pte.Page} writable, which is not AnonExclusive", $"AnonExclusive, or read-only")));

    /// <summary>What is held when its owner lets it go stays as it was.</summary>
    internal static readonly Invariant ExclusiveOnce = new(Subject.Pages, "exclusive-once",
        "An AnonExclusive page is mapped exactly once, or held by get_user_pages since it was unmapped.",
        "VM_WARN in __folio_add_anon_rmap()",
        truth => Each(truth, truth.Pages,
            (truth, in page) => (page.Flags & PageFlags.AnonExclusive) == 0
                || (page.Mapping is not AddressSpace && truth.Of(page) is { Mapped: 1 } or { Mapped: 0, IsHeld: true }),
            (truth, in page) => new($"{page} is AnonExclusive: {Describe.Places(truth, page)}",
                $"an anonymous page that is mapped exactly once")));

    internal static readonly Invariant PinnedExclusive = new(Subject.Pages, "pinned-exclusive",
        "A pinned anonymous page is AnonExclusive.",
        "VM_WARN in follow_page_pte(), sanity_check_pinned_pages()",
        truth => Each(truth, truth.Pins,
            (_, in pin) => pin is not { Kind: not GupKind.Get, Page.Mapping: AnonVma or StableNode }
                || (pin.Page.Flags & PageFlags.AnonExclusive) != 0,
            (truth, in pin) => new($"{pin.Page} is pinned and not AnonExclusive: {Describe.Places(truth, pin.Page!)}",
                $"AnonExclusive: a store by its owner must go to this page")));

    internal static readonly Invariant LazyFree = new(Subject.Pages, "lazyfree",
        "A mapped anonymous page in the swap cache is swap-backed.",
        "WARN in try_to_unmap_one()",
        truth => Each(truth, [truth.Anon, truth.Ksm],
            (_, in pte) => pte.Page.SwapCache is null || (pte.Page.Flags & PageFlags.SwapBacked) != 0,
            (_, in pte) => new($"{pte} maps {pte.Page}, which is in the swap cache for {pte.Page.SwapCache} and not swap-backed",
                $"swap-backed, or not in the swap cache")));

    internal static readonly Invariant Mlocked = new(Subject.Pages, "mlocked",
        "A page is mlocked and unevictable or neither, and it is if VM_LOCKED VMAs are counted that map it.",
        "__munlock_folio(); the count may be too low, as a page read from swap is not counted and a putback forgets",
        truth => Each(truth, truth.Pages,
            (_, in page) => Locks(page) == PageFlags.None
                ? page.MlockCount == 0
                : Locks(page) == (PageFlags.Mlocked | PageFlags.Unevictable),
            (_, in page) => new($"{page} is {Locks(page)} with {page.MlockCount} mlocks counted",
                $"both flags, or neither and no mlocks")));

    internal static readonly Invariant LockedPage = new(Subject.Pages, "locked-page",
        "Reclaim takes no page out of a VM_LOCKED VMA.",
        "try_to_unmap_one(): VM_LOCKED ends the walk",
        truth => Each(truth, truth.Swapped,
            (truth, in pte) => (pte.Vma.Flags & VmFlags.Locked) == 0 || !truth.LockHistory.WasSwappedOut(pte),
            (_, in pte) => new($"{pte}, in a VM_LOCKED VMA, mapped a page and now holds a swap entry for {pte.Slot}",
                $"the page left mapped")));

    /// <summary>
    /// The two-way statement, with the walk of the model under test: it finds all that the page tables map, at addresses of their VMAs.
    /// Nobody walks from an anonymous page that is not mapped: its mapping may be stale.
    /// </summary>
    internal static readonly Invariant Walk = new(Subject.Pages, "walk",
        "The walk of a page finds every place that maps it, and looks at no address outside a VMA.",
        "rmap_walk(); VM_BUG_ON(address == -EFAULT)",
        truth => Each(truth, truth.Pages,
            (truth, in page) => (truth.Of(page).Mapped == 0 && page.Mapping is not AddressSpace) || WalkOf(truth, page) is null,
            (truth, in page) => WalkOf(truth, page)!));

    private static PageFlags Locks(Page page) => page.Flags & (PageFlags.Mlocked | PageFlags.Unevictable);

    private static Finding? WalkOf(Truth truth, Page page)
    {
        VisitSet found = truth.Found;
        found.Clear();
        foreach (RmapVisit visit in RmapWalk.Visits(page, truth.Machine.Rules))
        {
            if (visit.Address < visit.Vma.Range.Start || visit.Address >= visit.Vma.Range.End)
                return new($"the walk of {page} looks at page {visit.Address} in {visit.Vma}", $"an address inside a VMA of its mm");

            Pte pte = visit.Vma.Mm.PageTable[visit.Address];
            if (pte.Kind == PteKind.Present && pte.Page == page)
                found.Add(visit);
        }

        return found.Count == truth.Of(page).Reached ? null : new(
            $"the walk of {page}, {Describe.Owner(page)}, looks at {Describe.Walk(page, truth.Machine.Rules)}",
            $"to find {Describe.Places(truth, page)}");
    }
}
