using Rmap.Model.Files;
using Rmap.Model.Rmap;

namespace Rmap.Model.Walks;

/// <summary>
/// <c>swapoff</c> followed by <c>swapon</c> of the same area (<c>try_to_unuse</c>, <c>mm/swapfile.c</c>, 6.18): everything comes back
/// to memory. Left out: a lack of memory.
/// </summary>
internal static class SwapOff
{
    /// <summary>The operation.</summary>
    /// <returns>
    /// EINTR if entries are left that no walk over shmem and the listed mms finds: Linux would go on looking until a signal comes.
    /// </returns>
    internal static Errno Execute(Machine machine)
    {
        UnuseShmem(machine);
        foreach (Mm mm in machine.Swap.Mms)
        {
            UnuseMm(mm);
        }

        FreeCached(machine.Swap);
        machine.Swap.DelistAll();
        return machine.Swap.InUse == 0 ? Errno.None : Errno.EINTR;
    }

    /// <summary><c>shmem_unuse</c>.</summary>
    private static void UnuseShmem(Machine machine)
    {
        foreach (AddressSpace file in machine.Files.All)
        {
            foreach (long index in (long[])[.. file.Swapped.Keys])
            {
                ShmemSwap.SwapIn(machine.Swap, file, index);
            }
        }
    }

    /// <summary><c>unuse_mm</c>: a VMA without an AV cannot hold swap entries.</summary>
    private static void UnuseMm(Mm mm)
    {
        foreach (VmArea vma in mm.Vmas)
        {
            if (vma.AnonVma is not null)
            {
                UnuseVma(vma);
            }
        }
    }

    private static void UnuseVma(VmArea vma)
    {
        long span;
        for (VirtualPage page = vma.Start; page < vma.End; page += span)
        {
            ReadOnlySpan<Pte> ptes = vma.Mm.PageTable.From(page, vma.End, out span);
            for (int i = 0; i < ptes.Length; i++)
            {
                if (ptes[i].Kind == PteKind.Swap)
                {
                    UnusePte(vma, page + i, ptes[i]);
                }
            }
        }
    }

    /// <summary>
    /// <c>unuse_pte</c>: the page in place of a swap entry, old and, being private, not writable. If it could not be read, a marker.
    /// </summary>
    private static void UnusePte(VmArea vma, VirtualPage address, Pte entry)
    {
        Machine machine = vma.Mm.Machine;
        SwapSlot slot = entry.Slot;
        Page cached = slot.Cache ?? machine.Swap.ReadIntoCache(slot);
        if (machine.Rules.SwapOffMayMap(cached))
        {
            Map(vma, address, entry, cached);
        }
        else
        {
            vma.Mm.PageTable[address] = Pte.Poisoned;
        }

        machine.Swap.Put(slot);
        machine.Swap.FreeSwap(cached);
        machine.Swap.FreeIfUnreferenced(cached);
    }

    private static void Map(VmArea vma, VirtualPage address, Pte entry, Page cached)
    {
        Page page = vma.Mm.Machine.Ksm.MightNeedToCopy(cached, vma, address)!;
        if (page != cached)
        {
            PageRmap.AddNewAnon(page, vma, address, exclusive: true);
        }
        else if (page.IsAnon)
        {
            PageRmap.AddAnon(page, vma, entry.IsExclusive);
        }
        else
        {
            PageRmap.AddNewAnon(page, vma, address, entry.IsExclusive, isNewToLru: false);
        }

        vma.Mm.PageTable[address] = Pte.Present(page, PteBits.None);
    }

    /// <summary>What only the swap cache still holds.</summary>
    private static void FreeCached(SwapArea swap)
    {
        foreach (SwapSlot slot in (SwapSlot[])[.. swap.All])
        {
            if (slot.Cache is { } page && swap.FreeSwap(page))
            {
                swap.FreeIfUnreferenced(page);
            }
        }
    }
}
