using Rmap.Model.Rmap;

namespace Rmap.Model.Memory;

/// <summary>
/// <c>handle_mm_fault</c> (<c>mm/memory.c</c>, 6.18). Left out: races, NUMA hints, userfaultfd, huge pages.
/// </summary>
internal static class PageFault
{
    /// <summary><c>handle_pte_fault</c>: resolves a fault in a VMA that allows the access.</summary>
    /// <param name="vma">Where.</param>
    /// <param name="address">Which page.</param>
    /// <param name="kind">What for.</param>
    /// <param name="tried">FAULT_FLAG_TRIED: whether this fault had to be retried.</param>
    internal static VmFault Handle(VmArea vma, VirtualPage address, FaultKind kind, bool tried = false)
    {
        Pte pte = vma.Mm.PageTable[address];
        switch (pte.Kind)
        {
            case PteKind.None:
                return Missing(vma, address, kind, tried);
            case PteKind.Swap:
                return SwapFault.Handle(vma, address, kind);
            case PteKind.Poisoned:
                return VmFault.HwPoison;
            case PteKind.Migration:
                throw new InvalidOperationException($"The fault at page {address} of {vma.Mm} waits for a migration that never ends.");
        }

        if (kind != FaultKind.Read && !pte.IsWritable)
        {
            return WriteProtected(vma, address, kind);
        }

        vma.Mm.PageTable[address] = pte.With(kind == FaultKind.Write ? PteBits.Young | PteBits.Dirty : PteBits.Young);
        return VmFault.None;
    }

    /// <summary><c>maybe_mkwrite</c>.</summary>
    internal static Pte MaybeWritable(Pte pte, VmArea vma) => vma.Has(VmFlags.Write) ? pte.With(PteBits.Writable) : pte;

    /// <summary>
    /// <c>do_wp_page</c>: a store through an entry that does not allow it. Shared memory becomes writable; a private page is used
    /// as it is if nobody else can see it, else copied.
    /// </summary>
    /// <param name="vma">Where.</param>
    /// <param name="address">Which page.</param>
    /// <param name="kind">A store, or a demand for an exclusive page.</param>
    internal static VmFault WriteProtected(VmArea vma, VirtualPage address, FaultKind kind)
    {
        if (vma.Has(VmFlags.Shared | VmFlags.MayShare))
        {
            return FileFault.WpShared(vma, address);
        }

        Pte pte = vma.Mm.PageTable[address];
        if (pte.IsPresent && pte.Page.IsAnon && (pte.Page.IsAnonExclusive || TryReuse(pte.Page, vma)))
        {
            pte.Page.Set(PageFlags.AnonExclusive);
            if (kind == FaultKind.Write)
            {
                vma.Mm.PageTable[address] = MaybeWritable(pte.With(PteBits.Young | PteBits.Dirty), vma);
            }
        }
        else
        {
            return Copy(vma, address, pte, kind);
        }

        return VmFault.None;
    }

    /// <summary><c>do_pte_missing</c>.</summary>
    private static VmFault Missing(VmArea vma, VirtualPage address, FaultKind kind, bool tried)
    {
        if (vma.Mm.Machine.Rules.MissingPageIsAnonymous(vma))
        {
            return Anonymous(vma, address, kind);
        }

        if (kind != FaultKind.Write)
        {
            return FileFault.Read(vma, address, tried);
        }

        return vma.Has(VmFlags.Shared) ? FileFault.SharedWrite(vma, address, tried) : FileFault.CopyOnWrite(vma, address, tried);
    }

    /// <summary><c>do_anonymous_page</c>: the zero page for a load, a page of its own for a store.</summary>
    private static VmFault Anonymous(VmArea vma, VirtualPage address, FaultKind kind)
    {
        if (kind == FaultKind.Write)
        {
            return MapNewAnon(vma, address, value: 0);
        }

        vma.Mm.PageTable[address] = Pte.Zero(PteBits.Young);
        return VmFault.None;
    }

    /// <summary>A new exclusive page, mapped for a store.</summary>
    internal static VmFault MapNewAnon(VmArea vma, VirtualPage address, byte value)
    {
        Machine machine = vma.Mm.Machine;
        if (!machine.AnonVmas.Prepare(vma) || machine.Faults.ShouldFail())
        {
            return VmFault.Oom;
        }

        Page page = machine.Frames.Allocate();
        page.Value = value;
        PageRmap.AddNewAnon(page, vma, address, exclusive: true);
        vma.Mm.PageTable[address] = MaybeWritable(Pte.Present(page, PteBits.Young | PteBits.Dirty), vma);
        return VmFault.None;
    }

    /// <summary><c>wp_can_reuse_anon_folio</c>: leaves the swap cache if that is all that still holds the page.</summary>
    private static bool TryReuse(Page page, VmArea vma)
    {
        if (!vma.Mm.Machine.Rules.MayReuse(page))
        {
            return false;
        }

        vma.Mm.Machine.Swap.FreeSwap(page);
        PageRmap.MoveAnon(page, vma);
        return true;
    }

    /// <summary><c>wp_page_copy</c>: an exclusive copy takes the page's place.</summary>
    private static VmFault Copy(VmArea vma, VirtualPage address, Pte old, FaultKind kind)
    {
        Machine machine = vma.Mm.Machine;
        if (!machine.AnonVmas.Prepare(vma) || machine.Faults.ShouldFail())
        {
            return VmFault.Oom;
        }

        Page copy = machine.Frames.Allocate();
        copy.Value = old.IsPresent ? old.Page.Value : (byte)0;
        PageRmap.AddNewAnon(copy, vma, address, exclusive: true);
        Pte pte = Pte.Present(copy, PteBits.Young);
        vma.Mm.PageTable[address] = kind == FaultKind.Write ? MaybeWritable(pte.With(PteBits.Dirty), vma) : pte;
        if (old.IsPresent)
        {
            PageRmap.Remove(old.Page, vma);
            machine.Swap.FreeSwapCache(old.Page);
            machine.Swap.FreeIfUnreferenced(old.Page);
        }
        else
        {
            machine.Ksm.ZeroPages.MightUnmap(vma.Mm, old);
        }

        return VmFault.None;
    }
}
