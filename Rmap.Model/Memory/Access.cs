namespace Rmap.Model.Memory;

/// <summary>
/// Loads and stores: what the processor does with the page table, and the fault if it cannot go on
/// (<c>do_user_addr_fault</c>, x86, 6.18).
/// </summary>
internal static class Access
{
    internal static Outcome Execute(TaskStruct current, Operation.Read read)
    {
        Signal signal = Touch(current, read.Page, FaultKind.Read);
        return signal == Signal.None ? Outcome.Of(Value(current.Mm.PageTable[read.Page])) : signal;
    }

    internal static Outcome Execute(TaskStruct current, Operation.Write write)
    {
        Signal signal = Touch(current, write.Page, FaultKind.Write);
        if (signal == Signal.None)
            current.Mm.PageTable[write.Page].Page.Value = write.Value;

        return signal;
    }

    private static byte Value(Pte pte) => pte.Kind == PteKind.ZeroPage ? (byte)0 : pte.Page.Value;

    /// <summary>Makes the access possible, and leaves the accessed and dirty bits that it leaves.</summary>
    private static Signal Touch(TaskStruct current, VirtualPage page, FaultKind kind)
    {
        if (current.Mm.Lookup(page) is not { } vma || !Allows(vma, kind))
            return Signal.SIGSEGV;

        Pte pte = current.Mm.PageTable[page];
        bool goesThrough = pte.Kind is PteKind.Present or PteKind.ZeroPage && pte.IsYoung
            && (kind == FaultKind.Read || (pte.IsWritable && pte.IsDirty));
        if (goesThrough)
            return Signal.None;

        return kind == FaultKind.Read && !current.Rules.LoadMayFault(vma, current.Options)
            ? Signal.SIGSEGV
            : Fault(current, vma, page, kind);
    }

    /// <summary>
    /// After a fault for which an allocation failed the processor meets it again, too (<c>pagefault_out_of_memory</c>). If memory is out,
    /// the process is killed; left out: that it might be another one that is larger.
    /// </summary>
    private static Signal Fault(TaskStruct current, VmArea vma, VirtualPage page, FaultKind kind)
    {
        const int enough = 100;
        VmFault fault = VmFault.None;
        for (int faults = 0; faults < enough; faults++)
        {
            int failNth = current.Process!.FailNth;
            fault = PageFault.Handle(current, vma, page, kind, tried: fault == VmFault.Retry);
            bool wasInjected = failNth > 0 && current.Process.FailNth == 0;
            if (fault != VmFault.Retry && (fault != VmFault.Oom || !wasInjected))
            {
                return fault switch
                {
                    VmFault.None => Signal.None,
                    VmFault.Oom => Signal.SIGKILL,
                    _ => Signal.SIGBUS,
                };
            }
        }

        throw new KernelBug($"faults at page {page} of {vma.Mm} without end");
    }

    /// <summary><c>access_error</c>: a store needs VM_WRITE, a load any permission.</summary>
    private static bool Allows(VmArea vma, FaultKind kind) => vma.Has(kind == FaultKind.Write ? VmFlags.Write : VmFlags.Access);
}
