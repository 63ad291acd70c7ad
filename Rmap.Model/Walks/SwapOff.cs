using Rmap.Model.Files;
using Rmap.Model.Memory;
using Rmap.Model.Rmap;
using Rmap.Model.Swap;

namespace Rmap.Model.Walks;

/// <summary>
/// <c>swapoff</c> followed by <c>swapon</c> of the same area (<c>try_to_unuse</c>, <c>mm/swapfile.c</c>, 6.18): everything comes back
/// to memory. Left out: a lack of memory.
/// </summary>
internal static class SwapOff
{
    /// <summary>
    /// The operation. EINTR if entries are left that no walk over shmem and the listed mms finds: Linux would go on looking until a signal
    /// comes.
    /// </summary>
    internal static Outcome Execute(TaskStruct current, Operation.SwapOffOn _)
    {
        UnuseShmem(current);
        foreach (Mm mm in current.Machine.Swap.Mms)
            UnuseMm(current, mm);

        FreeCached(current);
        current.Machine.Swap.DelistAll();
        return current.Machine.Swap.InUse == 0 ? Errno.None : Errno.EINTR;
    }

    /// <summary>The next read of the area fails.</summary>
    internal static Outcome Execute(TaskStruct current, Operation.SwapFailRead _)
    {
        current.Machine.Faults.FailsSwapRead = true;
        return Errno.None;
    }

    /// <summary><c>shmem_unuse</c>.</summary>
    private static void UnuseShmem(TaskStruct current)
    {
        foreach (AddressSpace file in current.Machine.Files.All)
        {
            foreach (long index in (long[])[.. file.Swapped.Keys])
                Shmem.SwapIn(current, file, index);
        }
    }

    /// <summary><c>unuse_mm</c>: a VMA without an AV cannot hold swap entries.</summary>
    private static void UnuseMm(TaskStruct current, Mm mm)
    {
        foreach (VmArea vma in mm.Vmas)
        {
            if (!current.Rules.SwapOffVisits(vma))
                continue;

            foreach ((VirtualPage address, Pte pte) in mm.PageTable.Walk(vma.Range))
            {
                if (pte.Kind == PteKind.Swap)
                    UnusePte(current, vma, address, pte);
            }
        }
    }

    /// <summary>
    /// <c>unuse_pte</c>: the page in place of a swap entry, old and, being private, not writable. If it could not be read, a marker.
    /// </summary>
    private static void UnusePte(TaskStruct current, VmArea vma, VirtualPage address, Pte entry)
    {
        SwapSlot slot = entry.Slot;
        Page cached = slot.Cache ?? SwapCache.ReadInto(current, slot);
        if (current.Rules.SwapOffMayMap(cached))
            Map(current, vma, address, entry, cached);
        else
            vma.Mm.PageTable[address] = Pte.Poisoned;

        SwapCache.Put(current, slot);
        SwapCache.FreeSwap(current, cached);
        current.Machine.Frames.Put(cached);
    }

    private static void Map(TaskStruct current, VmArea vma, VirtualPage address, Pte entry, Page cached)
    {
        Page page = SwapFault.MightNeedToCopy(current, cached, vma, address)!;
        bool isCopy = page != cached;
        bool exclusive = current.Rules.SwapOffIsExclusive(entry) || isCopy;
        PageRmap.AddSwappedIn(current, page, vma, address, exclusive, isNewToLru: isCopy);
        vma.Mm.PageTable[address] = Pte.Present(page, PteBits.None);
    }

    /// <summary>What only the swap cache still holds.</summary>
    private static void FreeCached(TaskStruct current)
    {
        foreach (SwapSlot slot in (SwapSlot[])[.. current.Machine.Swap.All])
        {
            if (slot.Cache is { } page && SwapCache.FreeSwap(current, page))
                current.Machine.Frames.Put(page);
        }
    }
}
