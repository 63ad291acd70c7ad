using Rmap.Model.Sched;

namespace Rmap.Model.Memory;

/// <summary>
/// Loads and stores: what the processor does with the page table, and the fault if it cannot go on
/// (<c>do_user_addr_fault</c>, x86, 6.18).
/// </summary>
internal static class Access
{
    /// <summary>Faults at one page after which there will be no end of them.</summary>
    private const int Enough = 100;

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

    /// <summary>Makes the access possible: in a block, until the processor, which asks the page table alone, finds that it is.</summary>
    private static Signal Touch(TaskStruct current, VirtualPage page, FaultKind kind)
    {
        for (int faults = 0; current.IsAlone || !IsAllowed(current, page, kind); faults++)
        {
            HeldLock mmap = current.MmapRead();
            Signal signal = Once(current, page, kind);
            mmap.Dispose();
            if (current.IsAlone || signal != Signal.None)
                return signal;

            if (faults == Enough)
                throw Endless(page, current.Mm);

            current.Step("faulted");
        }

        return Signal.None;
    }

    /// <summary>
    /// What the processor finds in a block. An entry that may be written may be accessed, although its VMA forbids it by now: mprotect has
    /// not come to it yet. Of one that may not, the VMA says whether it may be read: PROT_NONE is no bit of an entry here.
    /// </summary>
    private static bool IsAllowed(TaskStruct current, VirtualPage page, FaultKind kind)
    {
        Pte pte = current.Mm.PageTable[page];
        return GoesThrough(pte, kind) && current.Mm.Lookup(page) is { } vma && (pte.IsWritable || Allows(vma, kind));
    }

    private static bool GoesThrough(Pte pte, FaultKind kind) => pte.Kind is PteKind.Present or PteKind.ZeroPage && pte.IsYoung
        && (kind == FaultKind.Read || (pte.IsWritable && pte.IsDirty));

    /// <summary>Makes the access possible, and leaves the accessed and dirty bits that it leaves.</summary>
    private static Signal Once(TaskStruct current, VirtualPage page, FaultKind kind)
    {
        if (current.Mm.Lookup(page) is not { } vma || !Allows(vma, kind))
            return Signal.SIGSEGV;

        if (GoesThrough(current.Mm.PageTable[page], kind))
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
        VmFault fault = VmFault.None;
        for (int faults = 0; faults < Enough; faults++)
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

        throw Endless(page, vma.Mm);
    }

    private static KernelBug Endless(VirtualPage page, Mm mm) => new($"faults at page {page} of {mm} without end");

    /// <summary><c>access_error</c>: a store needs VM_WRITE, a load any permission.</summary>
    private static bool Allows(VmArea vma, FaultKind kind) => vma.Has(kind == FaultKind.Write ? VmFlags.Write : VmFlags.Access);
}
