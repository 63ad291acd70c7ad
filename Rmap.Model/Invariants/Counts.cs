namespace Rmap.Model.Invariants;

/// <summary>Every counter equals a recount, and what points both ways points back.</summary>
internal static class Counts
{
    internal static Finding? MapCounts(Truth truth)
    {
        foreach (Page page in truth.Pages)
        {
            int mapped = truth.Of(page).Mapped;
            if (page.MapCount != mapped)
            {
                return new($"{page} has mapcount {page.MapCount}", $"{mapped}: {Describe.Places(truth, page)}");
            }
        }

        return null;
    }

    internal static Finding? PinsAreCounted(Truth truth)
    {
        IReadOnlyList<Pin> pins = truth.Machine.Pins.All;
        for (int i = 0; i < pins.Count; i++)
        {
            if (pins[i].Page is { } held && truth.Machine.Frames[held.Pfn] != held)
            {
                return new($"{pins[i].Id} holds {held}, which has been freed", $"a page in use");
            }
        }

        foreach (Page page in truth.Pages)
        {
            ref readonly PageCount count = ref truth.Of(page);
            if (page.Pins != count.Pins || page.Gets != count.Gets)
            {
                return new($"{page} counts {page.Pins} pins and {page.Gets} other references", $"{count.Pins} and {count.Gets}");
            }
        }

        return null;
    }

    internal static Finding? SwapCounts(Truth truth)
    {
        SwapArea swap = truth.Machine.Swap;
        for (int number = 1; number < swap.End; number++)
        {
            if (swap[number] is { Owner: null } slot && slot.Count != truth.EntriesFor(slot))
            {
                return new($"{slot} has count {slot.Count}", $"{truth.EntriesFor(slot)}: {Describe.Places(truth, slot)}");
            }
        }

        return null;
    }

    internal static Finding? SwapCacheIsMutual(Truth truth)
    {
        SwapArea swap = truth.Machine.Swap;
        foreach (Page page in truth.Pages)
        {
            if (page.SwapCache is { } slot && (swap[slot.Number] != slot || slot.Cache != page))
            {
                return new(
                    $"{page} is in the swap cache for {slot}, {Cache(swap, slot)}",
                    $"a slot in use that has this page as its cache");
            }
        }

        for (int number = 1; number < swap.End; number++)
        {
            if (swap[number] is { Cache: { } cached } slot && (cached.IsFreed || cached.SwapCache != slot))
            {
                return new(
                    $"{slot} has {cached} as its cache, which {(cached.IsFreed ? "has been freed" : "is not in the swap cache for it")}",
                    $"a page in use that is in the swap cache for this slot");
            }
        }

        return null;
    }

    internal static Finding? ShmemSlotsAreOwnedOnce(Truth truth)
    {
        SwapArea swap = truth.Machine.Swap;
        int owned = 0;
        for (int number = 1; number < swap.End; number++)
        {
            if (swap[number] is { Owner: { } owner } slot)
            {
                owned++;
                if (slot.Count != 1 || truth.EntriesFor(slot) != 0)
                {
                    return new($"{slot}, a slot of {owner}, has count {slot.Count} and {truth.EntriesFor(slot)} swap entries name it",
                        $"count 1, for the swap value in i_pages, and no entry");
                }
            }
        }

        int values = 0;
        IReadOnlyList<AddressSpace> files = truth.Machine.Files.All;
        for (int i = 0; i < files.Count; i++)
        {
            values += files[i].Swapped.Count;
            if (files[i].Swapped.Count > 0 && MisplacedSwapValue(swap, files[i]) is { } finding)
            {
                return finding;
            }
        }

        return values == owned ? null : new($"{owned} slots are shmem's", $"{values}, as many as swap values in i_pages");
    }

    private static Finding? MisplacedSwapValue(SwapArea swap, AddressSpace file)
    {
        foreach ((long index, SwapSlot slot) in file.Swapped)
        {
            if (swap[slot.Number] != slot || slot.Owner != file || file.Cache.ContainsKey(index))
            {
                return new($"page {index} of {file} is swapped out to {slot}, a slot {Status(swap, file, index, slot)}",
                    $"a slot in use that the file owns, and no cached page");
            }
        }

        return null;
    }

    private static Telling Cache(SwapArea swap, SwapSlot slot) =>
        swap[slot.Number] != slot ? $"which has been freed" : (Telling)$"whose cache is {(object?)slot.Cache ?? "empty"}";

    private static Telling Status(SwapArea swap, AddressSpace file, long index, SwapSlot slot) =>
        swap[slot.Number] != slot ? $"that has been freed"
        : slot.Owner != file ? (Telling)$"of {(object?)slot.Owner ?? "nobody"}"
        : (Telling)$"although {file.Cache[index]} is cached";

    internal static Finding? PageCacheIsMutual(Truth truth)
    {
        int cached = 0;
        foreach (Page page in truth.Pages)
        {
            if (page.Mapping is AddressSpace file)
            {
                cached++;
                if (!file.Cache.TryGetValue(page.Index, out Page? there) || there != page)
                {
                    return new($"{page} says that it is page {page.Index} of {file}, where {(object?)there ?? "nothing"} is cached",
                        $"{page} in i_pages");
                }
            }
        }

        int entries = 0;
        IReadOnlyList<AddressSpace> files = truth.Machine.Files.All;
        for (int i = 0; i < files.Count; i++)
        {
            entries += files[i].Cache.Count;
        }

        return entries == cached ? null : new($"{cached} pages belong to files", $"{entries}, as many as i_pages of all files hold");
    }

    internal static Finding? AttachmentsAreCounted(Truth truth)
    {
        IReadOnlyList<AddressSpace> files = truth.Machine.Files.All;
        for (int i = 0; i < files.Count; i++)
        {
            if (files[i].Kind is FileKind.SysV or FileKind.SharedAnonymous && files[i].Attached != files[i].IMmap.Count)
            {
                return new($"{files[i]} counts {files[i].Attached} attached VMAs", $"{files[i].IMmap.Count}, as many as map it");
            }
        }

        return null;
    }
}
