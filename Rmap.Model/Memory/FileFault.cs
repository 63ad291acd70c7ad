using Rmap.Model.Files;
using Rmap.Model.Rmap;

namespace Rmap.Model.Memory;

/// <summary>
/// Page faults in VMAs of files (<c>do_fault</c> and its three branches, <c>wp_page_shared</c>; <c>mm/memory.c</c>, 6.18). Left out:
/// huge pages, poisoned pages.
/// </summary>
internal static class FileFault
{
    /// <summary>
    /// <c>do_read_fault</c>: maps what is cached around the address, else gets the page. A fault that had to read it is retried, and
    /// then maps what was read with it.
    /// </summary>
    internal static VmFault Read(VmArea vma, VirtualPage address, bool tried)
    {
        if (FaultAround(vma, address))
        {
            return VmFault.None;
        }

        VmFault fault = GetPage(vma, address, tried, out Page? page);
        if (fault == VmFault.None)
        {
            Map(vma, address, page!, write: false);
        }

        return fault;
    }

    /// <summary><c>do_cow_fault</c>: a store to a private mapping gets a copy; the cached page is not mapped.</summary>
    internal static VmFault CopyOnWrite(VmArea vma, VirtualPage address, bool tried)
    {
        Machine machine = vma.Mm.Machine;
        if (!machine.AnonVmas.Prepare(vma) || machine.Faults.ShouldFail())
        {
            return VmFault.Oom;
        }

        VmFault fault = GetPage(vma, address, tried, out Page? page);
        if (fault != VmFault.None)
        {
            return fault;
        }

        Page copy = machine.Frames.Allocate();
        copy.Value = page!.Value;
        PageRmap.AddNewAnon(copy, vma, address, exclusive: true);
        vma.Mm.PageTable[address] = Pte.Present(copy, MakeWritable(vma, PteBits.Young | PteBits.Dirty));
        return VmFault.None;
    }

    /// <summary><c>do_shared_fault</c>: a store to a shared mapping.</summary>
    internal static VmFault SharedWrite(VmArea vma, VirtualPage address, bool tried)
    {
        VmFault fault = GetPage(vma, address, tried, out Page? page);
        if (fault != VmFault.None)
        {
            return fault;
        }

        NotifyOfWrite(vma, page!);
        Map(vma, address, page!, write: true);
        page!.MarkDirty();
        return VmFault.None;
    }

    /// <summary><c>wp_page_shared</c>: a store to a page of a shared mapping that is mapped read-only so far.</summary>
    internal static VmFault WpShared(VmArea vma, VirtualPage address)
    {
        Pte pte = vma.Mm.PageTable[address];
        NotifyOfWrite(vma, pte.Page);
        vma.Mm.PageTable[address] = pte.With(MakeWritable(vma, PteBits.Young | PteBits.Dirty));
        pte.Page.MarkDirty();
        return VmFault.None;
    }

    /// <summary>
    /// <c>do_fault_around</c>, <c>filemap_map_pages</c>: maps the cached pages of an aligned window around the address where nothing
    /// is mapped yet. The window ends with the VMA, the page table and the file. A page with PG_reclaim, which is PG_readahead, is
    /// left for a fault of its own. Where there is no page table yet, all are if the first one may not make it.
    /// </summary>
    /// <returns>Whether the address itself is mapped now.</returns>
    private static bool FaultAround(VmArea vma, VirtualPage address)
    {
        AddressSpace file = vma.File!.Mapping;
        long window = vma.Mm.Machine.Options.FaultAround;
        if (window <= 1 || !vma.File.HasMapPages)
        {
            return false;
        }

        var start = VirtualPage.Max(new(address.Number / window * window), vma.Start);
        VirtualPage endOfFile = vma.Start + (file.Pages - vma.PageOffset);
        VirtualPage endOfTable = new((address.Number / PageTable.EntriesPerTable * PageTable.EntriesPerTable) + PageTable.EntriesPerTable);
        VirtualPage end = VirtualPage.Min(VirtualPage.Min(start + window, endOfTable), VirtualPage.Min(vma.End, endOfFile));
        Rules rules = vma.Mm.Machine.Rules;
        bool hasTable = vma.Mm.PageTable.HasTable(address);
        for (VirtualPage at = start; at < end; at += 1)
        {
            if (file.Cache.TryGetValue(rules.FaultAroundIndex(vma, at, window), out Page? page) && !page.Has(PageFlags.Reclaim)
                && vma.Mm.PageTable[at].IsNone)
            {
                if (!hasTable && !rules.FaultAroundMakesTable(file, page))
                {
                    break;
                }

                hasTable = true;
                Map(vma, at, page, write: false);
            }
        }

        return !vma.Mm.PageTable[address].IsNone;
    }

    /// <summary><c>vm_ops->fault</c>: the page of the file; VM_FAULT_SIGBUS beyond its end.</summary>
    private static VmFault GetPage(VmArea vma, VirtualPage address, bool tried, out Page? page)
    {
        AddressSpace file = vma.File!.Mapping;
        long index = vma.LinearPageIndex(address);
        page = null;
        if (index >= file.Pages)
        {
            return VmFault.SigBus;
        }

        if (!file.IsShmem)
        {
            return Filemap.Fault(vma, index, tried, out page);
        }

        page = Shmem.GetPage(file, index, forWrite: false);
        return VmFault.None;
    }

    /// <summary><c>do_page_mkwrite</c>.</summary>
    private static void NotifyOfWrite(VmArea vma, Page page)
    {
        if (vma.File!.HasPageMkwrite)
        {
            Filemap.PageMkwrite(page);
        }
    }

    /// <summary><c>set_pte_range</c> of a page of the file. Pages mapped by fault-around are young too.</summary>
    private static void Map(VmArea vma, VirtualPage address, Page page, bool write)
    {
        PteBits bits = PteBits.Young;
        if (write)
        {
            bits = MakeWritable(vma, bits | PteBits.Dirty);
        }
        else if (vma.IsPageProtWritable)
        {
            bits |= PteBits.Writable;
            if (vma.Mm.Machine.Rules.ReadFaultMayMapDirty && page.Has(PageFlags.Dirty))
            {
                bits |= PteBits.Dirty;
            }
        }

        PageRmap.AddFile(page, vma);
        vma.Mm.PageTable[address] = Pte.Present(page, bits);
    }

    /// <summary><c>maybe_mkwrite</c>.</summary>
    private static PteBits MakeWritable(VmArea vma, PteBits bits) => vma.Has(VmFlags.Write) ? bits | PteBits.Writable : bits;
}
