using Rmap.Model.Rmap;
using Rmap.Model.Sched;
using Rmap.Model.Swap;

namespace Rmap.Model.Memory;

/// <summary><c>do_swap_page</c> (<c>mm/memory.c</c>, 6.18). Left out: readahead, writeback in flight.</summary>
internal static class SwapFault
{
    internal static VmFault Handle(TaskStruct current, Vmf vmf)
    {
        Rules rules = current.Rules;
        if (!current.IsAlone && !TrySlotOfNow(current, ref vmf))
            return VmFault.None;

        SwapSlot slot = vmf.OrigPte.Slot;
        Page? cached = slot.Cache;

        // A page that was just read waits in a batch, which holds a reference; only a write fault drains it first.
        bool wasRead = cached is null;
        bool isHeld = wasRead && !vmf.IsWrite;
        bool bypassesCache = wasRead && rules.SwapInBypassesCache(slot, current.Options);
        if (wasRead && current.ShouldFailPage())
            return VmFault.Oom;

        Page source = bypassesCache ? SwapCache.Read(current, slot) : cached ??= SwapCache.ReadInto(current, slot);
        if (source.Has(PageFlags.NotUptodate))
        {
            current.Machine.Frames.Put(source);
            return VmFault.SigBus;
        }

        if (!current.IsAlone && !TryHold(current, ref vmf, source, bypassesCache))
            return VmFault.None;

        slot = vmf.OrigPte.Slot;
        if ((bypassesCache ? source : MightNeedToCopy(current, source, vmf.Vma, vmf.Address)) is not { } page)
            return VmFault.Oom;

        bool isFresh = page != cached;
        if (vmf.IsWrite && !page.IsKsm && rules.SwapInDrainsBatches(wasRead, isInCache: !isFresh))
            MlockBatch.Drain(current);

        bool exclusive = !page.IsKsm && (isFresh || rules.SwapInTrustsExclusiveEntry(vmf.OrigPte));
        if (rules.SwapInFreesSlotBeforeMapping)
            FreeSlot(current, slot, page, vmf, exclusive: false);

        exclusive |= !page.IsKsm && !isHeld && rules.SwapInMayTakeOver(page);
        Vmf left = Map(current, vmf, page, isCopy: isFresh && !bypassesCache, exclusive);
        if (!rules.SwapInFreesSlotBeforeMapping)
            FreeSlot(current, slot, page, vmf, exclusive);

        return left.IsWrite ? WpPage.Handle(current, left) : VmFault.None;
    }

    /// <summary>
    /// The slot that the entry names by its number now. False if there is none any more, or if somebody is reading it past the cache
    /// (<c>swapcache_prepare</c>): then the fault waits, and looks again.
    /// </summary>
    private static bool TrySlotOfNow(TaskStruct current, ref Vmf vmf)
    {
        if (current.Machine.Swap[vmf.OrigPte.Slot.Number] is not { } slot)
            return false;

        vmf = vmf with { OrigPte = Pte.Swap(slot, vmf.OrigPte.IsExclusive) };
        bool isClaimed = current.IsLocked(LockKind.SwapClaim, slot);
        if (isClaimed)
            current.WaitUnlocked(LockKind.SwapClaim, slot);

        return !isClaimed;
    }

    /// <summary>
    /// What lies between finding the page, or reading it, and mapping it: it is locked, and asked whether it is the cache of this slot
    /// still; then whether the entry is. If so, it is mapped at once. False if the fault is over.
    /// </summary>
    private static bool TryHold(TaskStruct current, ref Vmf vmf, Page source, bool bypassesCache)
    {
        Rules rules = current.Rules;
        SwapSlot slot = vmf.OrigPte.Slot;
        current.Get(source);
        if (bypassesCache && rules.Does(LinuxStep.SwapInClaimsSlot))
            current.TryLock(LockKind.SwapClaim, slot, out _);

        current.Step(bypassesCache ? "read the slot past the cache" : "found the page in the swap cache, or read it");
        current.LockFolio(source);
        bool isStill = bypassesCache || source.SwapCache?.Number == slot.Number || rules.Skips(LinuxStep.SwapInAsksCacheAgain);
        current.Step("locked the page");
        bool isMapped = false;
        Pte now = vmf.Vma.Mm.PageTable[vmf.Address];
        if (isStill && (now.LooksLike(vmf.OrigPte) || rules.Skips(LinuxStep.SwapInComparesEntry)))
        {
            vmf = vmf with { OrigPte = now.Kind == PteKind.Swap ? now : vmf.OrigPte };
            isMapped = true;
        }

        SwapCache.Unclaim(current, slot);
        current.Unlock(LockKind.Folio, source);
        current.LetGo(source);
        if (!isMapped)
            current.Machine.Frames.Put(source);

        return isMapped;
    }

    /// <summary>
    /// <c>ksm_might_need_to_copy</c>: the page to map at a swap-in: the one in the swap cache, or a copy of it where rmap would
    /// not find the mapping because the page belongs to others (it was a KSM page when it was swapped out). A copy is dirty and
    /// mapped nowhere.
    /// </summary>
    /// <returns>Null if there is no memory for the copy.</returns>
    internal static Page? MightNeedToCopy(TaskStruct current, Page page, VmArea vma, VirtualPage address)
    {
        if (!current.Rules.KsmMustCopy(page, vma, address, current.Machine.Ksm.Run))
            return page;

        if (current.ShouldFailPage())
            return null;

        Page copy = current.Machine.Frames.Allocate(page.Value);
        copy.Set(PageFlags.Dirty);
        return copy;
    }

    /// <summary>Maps the page. What is left of the fault is a store that the new entry does not allow.</summary>
    private static Vmf Map(TaskStruct current, in Vmf vmf, Page page, bool isCopy, bool exclusive)
    {
        Pte pte = Pte.Present(page, PteBits.Young);
        FaultKind left = vmf.Kind;
        if (exclusive && vmf.Vma.Has(VmFlags.Write))
        {
            pte = pte.With(PteBits.Writable);
            if (vmf.IsWrite)
            {
                pte = pte.With(PteBits.Dirty);
                left = FaultKind.Read;
            }
        }

        PageRmap.AddSwappedIn(current, page, vmf.Vma, vmf.Address, exclusive, isNewToLru: isCopy);
        vmf.Set(pte);
        return vmf with { Kind = left, OrigPte = pte };
    }

    /// <summary><c>swap_free</c>; <c>should_try_to_free_swap</c>, <c>folio_free_swap</c>.</summary>
    private static void FreeSlot(TaskStruct current, SwapSlot slot, Page page, in Vmf vmf, bool exclusive)
    {
        SwapCache.Put(current, slot);
        if (page.SwapCache is not null
            && current.Rules.SwapInShouldFreeSlot(page, vmf.Vma, vmf.IsWrite, exclusive, current.Options))
        {
            SwapCache.FreeSwap(current, page);
        }
    }
}
