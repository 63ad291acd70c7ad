namespace Rmap.Model.Memory;

/// <summary>
/// Loads and stores: what the processor does with the page table, and the fault if it cannot go on
/// (<c>do_user_addr_fault</c>, x86, 6.18).
/// </summary>
internal static class Access
{
    internal static Outcome Read(Mm mm, VirtualPage page)
    {
        Signal signal = Touch(mm, page, FaultKind.Read);
        return signal == Signal.None ? Outcome.Of(Value(mm.PageTable[page])) : Outcome.From(signal);
    }

    internal static Outcome Write(Mm mm, VirtualPage page, byte value)
    {
        Signal signal = Touch(mm, page, FaultKind.Write);
        if (signal != Signal.None)
        {
            return Outcome.From(signal);
        }

        mm.PageTable[page].Page.Value = value;
        return Outcome.Ok;
    }

    private static byte Value(Pte pte) => pte.Kind == PteKind.ZeroPage ? (byte)0 : pte.Page.Value;

    /// <summary>Makes the access possible, and leaves the accessed and dirty bits that it leaves.</summary>
    private static Signal Touch(Mm mm, VirtualPage page, FaultKind kind)
    {
        if (mm.Lookup(page) is not { } vma || !Allows(vma, kind))
        {
            return Signal.SIGSEGV;
        }

        Pte pte = mm.PageTable[page];
        bool goesThrough = pte.Kind is PteKind.Present or PteKind.ZeroPage && pte.IsYoung
            && (kind == FaultKind.Read || (pte.IsWritable && pte.IsDirty));
        if (goesThrough)
        {
            return Signal.None;
        }

        bool isUnreadable = kind == FaultKind.Read && !vma.Has(VmFlags.Read | VmFlags.Exec);
        return isUnreadable && mm.Machine.Options.UserModeLinux ? Signal.SIGSEGV : Fault(vma, page, kind);
    }

    /// <summary>After a fault that ran out of memory the processor meets it again, too (<c>pagefault_out_of_memory</c>).</summary>
    private static Signal Fault(VmArea vma, VirtualPage page, FaultKind kind)
    {
        VmFault fault = VmFault.None;
        do
        {
            fault = PageFault.Handle(vma, page, kind, tried: fault == VmFault.Retry);
        }
        while (fault is VmFault.Oom or VmFault.Retry);

        return fault == VmFault.None ? Signal.None : Signal.SIGBUS;
    }

    /// <summary><c>access_error</c>: a store needs VM_WRITE, a load any permission.</summary>
    private static bool Allows(VmArea vma, FaultKind kind) => vma.Has(kind == FaultKind.Write ? VmFlags.Write : VmFlags.Access);
}
