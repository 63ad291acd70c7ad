using Rmap.Model.Rmap;
using Rmap.Model.Sched;

namespace Rmap.Model.Memory;

/// <summary>
/// <c>pin_user_pages_remote</c>, <c>get_user_pages_remote</c> of one page (<c>mm/gup.c</c>, 6.18). Left out: FOLL_FORCE, pages that
/// FOLL_LONGTERM must move first, the fast path without the mmap lock, MMF_HAS_PINNED (a shortcut of fork's), huge pages.
/// </summary>
internal static class Gup
{
    /// <summary>
    /// The operation: EEXIST if the number is taken, EFAULT if nothing is mapped there that allows it, ENOMEM if an allocation
    /// failed, else 0.
    /// </summary>
    internal static Outcome Execute(TaskStruct current, Operation.Pin pin)
    {
        if (pin.Id.Number < 0 || current.Machine.Pins.Find(pin.Id) is not null)
            return Errno.EEXIST;

        bool write = pin.Kind == GupKind.PinWrite;
        using HeldLock _ = current.MmapRead();
        if (current.Mm.Lookup(pin.Page) is not { } vma || !vma.Has(write ? VmFlags.Write : VmFlags.Read))
            return Errno.EFAULT;

        VmFault fault = FaultIn(current, vma, pin.Page, write, page => current.Rules.GupMustUnshare(vma, page, pin.Kind));
        if (fault != VmFault.None)
            return fault == VmFault.Oom ? Errno.ENOMEM : Errno.EFAULT;

        Pte pte = current.Mm.PageTable[pin.Page];
        current.Machine.Pins.Add(new Pin(pin.Id, pte.IsPresent ? pte.Page : null, pin.Kind));
        return Outcome.Ok;
    }

    /// <summary>
    /// <c>__get_user_pages</c>: follows the entry, and faults until it can be followed: a store must be possible, and what is pinned must
    /// belong to this process alone.
    /// </summary>
    /// <param name="current">The task.</param>
    /// <param name="vma">The VMA.</param>
    /// <param name="address">Which page of it.</param>
    /// <param name="write">Whether it is to be writable.</param>
    /// <param name="mustUnshare">Whether a page that is not writable, null for the zero page, has to be made exclusive.</param>
    /// <param name="beginsAnew">Whether a fault is not retried, but the call ends there, drains the batches, and is made once more.</param>
    internal static VmFault FaultIn(
        TaskStruct current, VmArea vma, VirtualPage address, bool write, Func<Page?, bool> mustUnshare, bool beginsAnew = false)
    {
        int enough = current.IsAlone ? 4 : 100;
        VmFault fault = VmFault.None;
        for (int faults = 0; faults < enough; faults++)
        {
            Pte pte = vma.Mm.PageTable[address];
            bool canFollow = pte.Kind is PteKind.Present or PteKind.ZeroPage && (!write || pte.IsWritable);
            if (canFollow && (pte.IsWritable || !mustUnshare(pte.IsPresent ? pte.Page : null)))
            {
                Touch(pte, write);
                return VmFault.None;
            }

            if (fault == VmFault.Retry && beginsAnew)
                MlockBatch.Drain(current);

            FaultKind wanted = canFollow ? FaultKind.Unshare : write ? FaultKind.Write : FaultKind.Read;
            fault = PageFault.Handle(current, vma, address, wanted, tried: fault == VmFault.Retry && !beginsAnew);
            if (fault is not (VmFault.None or VmFault.Retry))
                return fault;

            write &= wanted != FaultKind.Write || current.Rules.Does(LinuxStep.GupKeepsAskingForWrite);
            current.Step("faulted in");
        }

        throw new KernelBug($"faults at page {address} of {vma.Mm} without end, in get_user_pages");
    }

    /// <summary><c>follow_page_pte</c>: the page counts as used, and as written.</summary>
    private static void Touch(Pte pte, bool write)
    {
        if (!pte.IsPresent)
            return;

        if (write && !pte.IsDirty)
            pte.Page.Set(PageFlags.Dirty);

        PageActivity.MarkAccessed(pte.Page);
    }
}
