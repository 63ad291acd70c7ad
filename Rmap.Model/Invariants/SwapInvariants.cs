using static Rmap.Model.Invariants.Check;

namespace Rmap.Model.Invariants;

/// <summary>What holds of swap slots, the entries that name them and the swap cache.</summary>
internal static class SwapInvariants
{
    internal static readonly Invariant SwapCount = new(Subject.Swap, "swap-count",
        "The count of a slot is the number of swap entries that name it.",
        "swap_duplicate(), swap_free(): the slot goes at zero",
        truth => Each(truth, truth.Slots,
            (truth, in slot) => slot.Owner is not null || slot.Count == truth.EntriesFor(slot),
            (truth, in slot) => new($"{slot} has count {slot.Count}", $"{truth.EntriesFor(slot)}: {Describe.Places(truth, slot)}")));

    internal static readonly Invariant SwapCache = new(Subject.Swap, "swap-cache",
        "A slot's cache is the page that is in the swap cache for it.",
        "WARN_ON_ONCE in __swap_cache_del_folio()",
        truth => Each(truth, truth.SwapCached,
            (truth, in page) => truth.Machine.Swap[page.SwapCache!.Number] == page.SwapCache && page.SwapCache.Cache == page,
            (truth, in page) => new($"{page} is in the swap cache for {page.SwapCache}, {CacheOf(truth, page.SwapCache!)}",
                $"a slot in use that has this page as its cache"))
        ?? Each(truth, truth.Slots,
            (_, in slot) => slot.Cache is null || (!slot.Cache.IsFreed && slot.Cache.SwapCache == slot),
            (_, in slot) => new(
                $"{slot} has {slot.Cache} as its cache, "
                + $"which {(slot.Cache!.IsFreed ? "has been freed" : "is not in the swap cache for it")}",
                $"a page in use that is in the swap cache for this slot")));

    internal static readonly Invariant ShmemSlot = new(Subject.Swap, "shmem-slot",
        "A slot of shmem is held by exactly one swap value in i_pages and named by no entry.",
        "swap_shmem_alloc(), SWAP_MAP_SHMEM is never counted up",
        truth => Each(truth, truth.Slots,
            (truth, in slot) => slot.Owner is null || (slot.Count == 1 && truth.EntriesFor(slot) == 0),
            (truth, in slot) => new(
                $"{slot}, a slot of {slot.Owner}, has count {slot.Count} and {truth.EntriesFor(slot)} swap entries name it",
                $"count 1, for the swap value in i_pages, and no entry"))
        ?? Each(truth, truth.Files,
            (truth, in file) => file.Swapped.Count == 0 || MisplacedSwapValue(truth, file) is null,
            (truth, in file) => MisplacedSwapValue(truth, file)!)
        ?? Each(truth, truth.Slots,
            (_, in slot) => slot.Owner is null || (!slot.Owner.IsFreed && slot.Owner.Swapped.ContainsValue(slot)),
            (_, in slot) => new($"{slot} is a slot of {slot.Owner}, which has no swap value for it", $"one in its i_pages")));

    internal static readonly Invariant SlotLeak = new(Subject.Swap, "slot-leak",
        "A slot that no entry names and no cache holds has been freed.",
        "swap_entries_free(); folio_free_swap()",
        truth => Each(truth, truth.Slots,
            (truth, in slot) => slot.Cache is not null || slot.Owner is not null || truth.EntriesFor(slot) > 0,
            (_, in slot) => new($"{slot} has neither entries nor a page in the swap cache", $"the slot freed")));

    internal static readonly Invariant SwapExclusive = new(Subject.Swap, "swap-exclusive",
        "An exclusive swap entry is the only one for its slot.",
        "do_swap_page() maps it writable without looking",
        truth => Each(truth, truth.Swapped,
            (truth, in pte) => !pte.Pte.IsExclusive || truth.EntriesFor(pte.Slot) == 1,
            (truth, in pte) => new($"{pte} holds an exclusive swap entry for {pte.Slot}: {Describe.Places(truth, pte.Slot)}",
                $"the only entry for its slot")));

    internal static readonly Invariant SwapCacheShared = new(Subject.Swap, "swap-cache-shared",
        "A page in the swap cache that some swap entry may still map is not AnonExclusive.",
        "BUG_ON in do_swap_page()",
        truth => Each(truth, truth.Swapped,
            (_, in pte) => pte.Slot.Cache is null || (pte.Slot.Cache.Flags & PageFlags.AnonExclusive) == 0,
            (_, in pte) => new($"{pte} holds a swap entry for {pte.Slot}, whose cache {pte.Slot.Cache} is AnonExclusive",
                $"not AnonExclusive while an entry may map it")));

    internal static readonly Invariant SwapoffList = new(Subject.Swap, "swapoff-list",
        "An address space with swap entries is on the list that swapoff visits.",
        "try_to_unuse()",
        truth => Each(truth, truth.Swapped,
            (truth, in pte) => pte.Vma.Mm.MmList?.List == truth.Machine.Swap.Mms,
            (_, in pte) => new($"{pte} holds a swap entry for {pte.Slot}",
                $"the mm of {pte.Vma.Mm} on the mmlist, where swapoff looks")));

    /// <summary>What could not be read has no content: dropping it loses nothing.</summary>
    internal static readonly Invariant CleanSwapCache = new(Subject.Swap, "clean-swap-cache",
        "A clean page in the swap cache has the content of its slot.",
        "__remove_mapping() drops it without writing",
        truth => Each(truth, truth.SwapCached,
            (truth, in page) => page.SwapCache!.Value == page.Value || !truth.IsClean(page) || (page.Flags & PageFlags.NotUptodate) != 0,
            (_, in page) => new($"{page} is clean, its content {page.Value}, that of {page.SwapCache} {page.SwapCache!.Value}",
                $"equal contents, or a dirty page")));

    private static Telling CacheOf(Truth truth, SwapSlot slot) =>
        truth.Machine.Swap[slot.Number] != slot
            ? $"which has been freed"
            : (Telling)$"whose cache is {(object?)slot.Cache ?? "empty"}";

    private static Finding? MisplacedSwapValue(Truth truth, AddressSpace file)
    {
        foreach ((long index, SwapSlot slot) in file.Swapped)
        {
            Telling? status = truth.Machine.Swap[slot.Number] != slot ? $"that has been freed"
                : slot.Owner != file ? $"of {(object?)slot.Owner ?? "nobody"}"
                : file.Cache.TryGetValue(index, out Page? cached) ? (Telling)$"although {cached} is cached"
                : null;
            if (status is not null)
            {
                return new($"page {index} of {file} is swapped out to {slot}, a slot {status}",
                    $"a slot in use that the file owns, and no cached page");
            }
        }

        return null;
    }
}
