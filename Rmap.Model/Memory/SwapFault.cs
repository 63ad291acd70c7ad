using Rmap.Model.Rmap;

namespace Rmap.Model.Memory;

/// <summary>
/// <c>do_swap_page</c> (<c>mm/memory.c</c>, 6.18). Left out: readahead, races, writeback in flight.
/// </summary>
internal static class SwapFault
{
    internal static VmFault Handle(VmArea vma, VirtualPage address, FaultKind kind)
    {
        Machine machine = vma.Mm.Machine;
        Rules rules = machine.Rules;
        Pte entry = vma.Mm.PageTable[address];
        SwapSlot slot = entry.Slot;
        Page? cached = slot.Cache;

        // A page that was just read waits in a batch, which holds a reference; only a write fault drains it first.
        bool wasRead = cached is null;
        bool isHeld = wasRead && kind != FaultKind.Write;
        bool bypassesCache = wasRead && rules.SwapInBypassesCache(slot, machine.Options);
        if (wasRead && machine.Faults.ShouldFail())
        {
            return VmFault.Oom;
        }

        Page page;
        if (bypassesCache)
        {
            page = machine.Swap.Read(slot);
            if (page.Has(PageFlags.NotUptodate))
            {
                machine.Swap.FreeIfUnreferenced(page);
                return VmFault.SigBus;
            }
        }
        else
        {
            cached ??= machine.Swap.ReadIntoCache(slot);
            if (cached.Has(PageFlags.NotUptodate))
            {
                return VmFault.SigBus;
            }

            if (machine.Ksm.MightNeedToCopy(cached, vma, address) is not { } copied)
            {
                return VmFault.Oom;
            }

            page = copied;
        }

        bool isFresh = page != cached;
        if (kind == FaultKind.Write && !page.IsKsm && rules.SwapInDrainsBatches(wasRead, isInCache: !isFresh))
        {
            machine.MlockBatch.Drain();
        }

        bool exclusive = !page.IsKsm && (isFresh || rules.SwapInTrustsExclusiveEntry(entry));
        if (rules.SwapInFreesSlotBeforeMapping)
        {
            machine.Swap.Put(slot);
            TryFreeSwap(machine, page, vma, kind, ownMapping: 0);
        }

        exclusive |= !page.IsKsm && !isHeld && rules.SwapInMayTakeOver(page);
        Map(vma, address, page, isFresh, isCopy: isFresh && !bypassesCache, exclusive, ref kind);
        if (!rules.SwapInFreesSlotBeforeMapping)
        {
            machine.Swap.Put(slot);
            TryFreeSwap(machine, page, vma, kind, ownMapping: 1);
        }

        return kind == FaultKind.Write ? PageFault.WriteProtected(vma, address, kind) : VmFault.None;
    }

    private static void Map(VmArea vma, VirtualPage address, Page page, bool isFresh, bool isCopy, bool exclusive, ref FaultKind kind)
    {
        Pte pte = Pte.Present(page, PteBits.Young);
        if (exclusive && vma.Has(VmFlags.Write))
        {
            pte = pte.With(PteBits.Writable);
            if (kind == FaultKind.Write)
            {
                pte = pte.With(PteBits.Dirty);
                kind = FaultKind.Read;
            }
        }

        if (isFresh || !page.IsAnon)
        {
            PageRmap.AddNewAnon(page, vma, address, exclusive, isCopy);
        }
        else
        {
            PageRmap.AddAnon(page, vma, exclusive);
        }

        vma.Mm.PageTable[address] = pte;
    }

    /// <summary><c>should_try_to_free_swap</c>, <c>folio_free_swap</c>.</summary>
    private static void TryFreeSwap(Machine machine, Page page, VmArea vma, FaultKind kind, int ownMapping)
    {
        if (page.SwapCache is not null
            && machine.Rules.SwapInShouldFreeSlot(page, vma, isWrite: kind == FaultKind.Write, ownMapping, machine.Options))
        {
            machine.Swap.FreeSwap(page);
        }
    }
}
