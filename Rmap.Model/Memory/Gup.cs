namespace Rmap.Model.Memory;

/// <summary>
/// <c>pin_user_pages_remote</c>, <c>get_user_pages_remote</c> of one page (<c>mm/gup.c</c>, 6.18). Left out: FOLL_FORCE, FOLL_LONGTERM,
/// the fast path without the mmap lock, MMF_HAS_PINNED (a shortcut of fork's), huge pages.
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
        if (current.Mm.Lookup(pin.Page) is not { } vma || !vma.Has(write ? VmFlags.Write : VmFlags.Read))
            return Errno.EFAULT;

        VmFault fault = FaultIn(current, vma, pin.Page, pin.Kind);
        if (fault != VmFault.None)
            return fault == VmFault.Oom ? Errno.ENOMEM : Errno.EFAULT;

        Pte pte = current.Mm.PageTable[pin.Page];
        current.Machine.Pins.Add(new Pin(pin.Id, pte.IsPresent ? pte.Page : null, pin.Kind));
        Populate.Touch(pte, write);
        return Outcome.Ok;
    }

    /// <summary>
    /// <c>__get_user_pages</c>: follows the entry, and faults until it can be followed: a store must be possible, and what is pinned must
    /// belong to this process alone.
    /// </summary>
    private static VmFault FaultIn(TaskStruct current, VmArea vma, VirtualPage address, GupKind kind)
    {
        const int enough = 4;
        bool write = kind == GupKind.PinWrite;
        bool tried = false;
        for (int faults = 0; faults < enough; faults++)
        {
            Pte pte = vma.Mm.PageTable[address];
            bool canFollow = Populate.CanFollow(pte, write);
            if (canFollow && !MustUnshare(pte, kind, current.Rules))
                return VmFault.None;

            FaultKind wanted = canFollow ? FaultKind.Unshare : write ? FaultKind.Write : FaultKind.Read;
            VmFault fault = PageFault.Handle(current, vma, address, wanted, tried);
            tried = fault == VmFault.Retry;
            if (fault is not (VmFault.None or VmFault.Retry))
                return fault;
        }

        throw new KernelBug($"get_user_pages of page {address} of {vma.Mm} faults for ever.");
    }

    private static bool MustUnshare(Pte pte, GupKind kind, Rules rules) =>
        pte.IsPresent && !pte.IsWritable && rules.GupMustUnshare(pte.Page, kind);
}
