using Rmap.Model.Sched;

namespace Rmap.Model.Memory;

/// <summary>
/// <c>handle_mm_fault</c> (<c>mm/memory.c</c>, 6.18). The caller holds the mmap lock. Left out: NUMA hints, userfaultfd, huge pages.
/// </summary>
internal static class PageFault
{
    /// <summary><c>handle_pte_fault</c>: resolves a fault in a VMA that allows the access.</summary>
    /// <param name="current">The task.</param>
    /// <param name="vma">Where.</param>
    /// <param name="address">Which page.</param>
    /// <param name="kind">What for.</param>
    /// <param name="tried">FAULT_FLAG_TRIED: whether this fault had to be retried.</param>
    internal static VmFault Handle(TaskStruct current, VmArea vma, VirtualPage address, FaultKind kind, bool tried = false)
    {
        // pte_alloc
        if (!current.HasFrame && !vma.Mm.PageTable.HasTable(address) && current.IsOutOfMemory())
            return VmFault.Oom;

        var vmf = new Vmf(vma, address, kind, tried, vma.Mm.PageTable[address]);
        current.Step("looked at the entry");
        switch (vmf.OrigPte.Kind)
        {
            case PteKind.None:
                return Missing(current, vmf);
            case PteKind.Swap:
                return SwapFault.Handle(current, vmf);
            case PteKind.Poisoned:
                return VmFault.HwPoison;
            case PteKind.Migration when current.IsLocked(LockKind.Folio, vmf.OrigPte.Page) || current.HasChanged(vmf):
                current.WaitUnlocked(LockKind.Folio, vmf.OrigPte.Page);
                return VmFault.None;
            case PteKind.Migration:
                throw new KernelBug($"waits at page {address} of {vma.Mm} for a migration that never ends");
        }

        if (!current.IsAlone && !IsStill(current, ref vmf))
            return VmFault.None;

        if (kind != FaultKind.Read && !vmf.OrigPte.IsWritable)
            return WpPage.Handle(current, vmf);

        PteBits young = current.Rules.Does(LinuxStep.FaultMakesYoung) ? PteBits.Young : PteBits.None;
        vmf.Set(vmf.OrigPte.With(vmf.IsWrite ? young | PteBits.Dirty : young));
        return VmFault.None;
    }

    /// <summary>
    /// <c>pte_same</c> of an entry that maps something: it may look the same, and map another page in the same frame by now.
    /// </summary>
    private static bool IsStill(TaskStruct current, ref Vmf vmf)
    {
        if (current.HasChanged(vmf))
            return current.Rules.Skips(LinuxStep.WpComparesEntry);

        vmf = vmf with { OrigPte = vmf.Vma.Mm.PageTable[vmf.Address] };
        return true;
    }

    /// <summary><c>do_pte_missing</c>.</summary>
    private static VmFault Missing(TaskStruct current, in Vmf vmf)
    {
        if (current.Rules.MissingPageIsAnonymous(vmf.Vma))
            return Anonymous(current, vmf);

        if (!vmf.IsWrite)
            return FileFault.Read(current, vmf);

        return vmf.Vma.Has(VmFlags.Shared) ? FileFault.Shared(current, vmf) : FileFault.Cow(current, vmf);
    }

    /// <summary><c>do_anonymous_page</c>: the zero page for a load, a new page for a store.</summary>
    private static VmFault Anonymous(TaskStruct current, in Vmf vmf)
    {
        if (!vmf.IsWrite)
        {
            if (!current.HasChanged(vmf) || current.Rules.Skips(LinuxStep.AnonymousComparesEntry))
                vmf.Set(Pte.Zero(PteBits.Young));

            return VmFault.None;
        }

        if (!NewAnonPage.Prepare(current, vmf))
            return VmFault.Oom;

        current.Step("allocated a page");
        if (!current.HasChanged(vmf) || current.Rules.Skips(LinuxStep.AnonymousComparesEntry))
            NewAnonPage.Map(current, vmf, value: 0);

        return VmFault.None;
    }
}
