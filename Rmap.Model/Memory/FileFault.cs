using Rmap.Model.Files;
using Rmap.Model.Rmap;
using Rmap.Model.Sched;

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
    internal static VmFault Read(TaskStruct current, in Vmf vmf)
    {
        if (FaultAround(current, vmf))
            return VmFault.None;

        VmFault fault = GetPage(current, vmf, out Page? page);
        if (fault == VmFault.None && MayMap(current, vmf))
            Map(current, vmf.Vma, vmf.Address, page!, write: false);

        Finish(current, page);
        return fault;
    }

    /// <summary><c>do_cow_fault</c>: a store to a private mapping gets a copy; the cached page is not mapped.</summary>
    internal static VmFault Cow(TaskStruct current, in Vmf vmf)
    {
        if (!NewAnonPage.Prepare(current, vmf))
            return VmFault.Oom;

        VmFault fault = GetPage(current, vmf, out Page? page);
        byte copied = page?.Value ?? 0;
        if (fault == VmFault.None && MayMap(current, vmf))
            NewAnonPage.Map(current, vmf, copied);

        Finish(current, page);
        return fault;
    }

    /// <summary><c>do_shared_fault</c>: a store to a shared mapping.</summary>
    internal static VmFault Shared(TaskStruct current, in Vmf vmf)
    {
        VmFault fault = GetPage(current, vmf, out Page? page);
        if (fault == VmFault.None && MayMap(current, vmf))
        {
            MarkDirty(current, vmf.Vma, page!);
            Map(current, vmf.Vma, vmf.Address, page!, write: true);
        }

        Finish(current, page);
        return fault;
    }

    /// <summary><c>wp_page_shared</c>: a store to a page of a shared mapping that is mapped read-only so far.</summary>
    internal static VmFault WpShared(TaskStruct current, in Vmf vmf)
    {
        MarkDirty(current, vmf.Vma, vmf.OrigPte.Page);
        vmf.Set(vmf.OrigPte.With(PteBits.Young | PteBits.Dirty).MaybeMkwrite(vmf.Vma));
        return VmFault.None;
    }

    /// <summary>
    /// <c>do_fault_around</c>, <c>filemap_map_pages</c>: maps the cached pages of an aligned window around the address where nothing
    /// is mapped yet. The window ends with the VMA, the page table and the file. A page with PG_reclaim, which is PG_readahead, is
    /// left for a fault of its own. Where there is no page table yet, all are if the first one may not make it.
    /// </summary>
    /// <returns>Whether the address itself is mapped now.</returns>
    private static bool FaultAround(TaskStruct current, in Vmf vmf)
    {
        VmArea vma = vmf.Vma;
        AddressSpace file = vma.File!.Mapping;
        long window = current.Options.FaultAround;
        if (window <= 1 || !vma.File.HasMapPages)
            return false;

        var start = VirtualPage.Max(new(vmf.Address.Number / window * window), vma.Start);
        VirtualPage endOfFile = vma.Start + (file.Pages - vma.PageOffset);
        VirtualPage end = VirtualPage.Min(
            VirtualPage.Min(start + window, PageTable.EndOfTable(vmf.Address)), VirtualPage.Min(vma.End, endOfFile));
        bool hasTable = vma.Mm.PageTable.HasTable(vmf.Address);
        for (VirtualPage at = start; at < end; at += 1)
        {
            if (file.Cache.TryGetValue(current.Rules.FaultAroundIndex(vma, at, window), out Page? page) && !page.Has(PageFlags.Reclaim)
                && vma.Mm.PageTable[at].IsNone && !current.IsLocked(LockKind.Folio, page))
            {
                if (!hasTable && !current.Rules.FaultAroundMakesTable(file, page))
                    break;

                hasTable = true;
                Map(current, vma, at, page, write: false);
            }
        }

        return !vma.Mm.PageTable[vmf.Address].IsNone;
    }

    /// <summary><c>vm_ops->fault</c>: the page of the file; VM_FAULT_SIGBUS beyond its end.</summary>
    private static VmFault GetPage(TaskStruct current, in Vmf vmf, out Page? page)
    {
        AddressSpace file = vmf.Vma.File!.Mapping;
        page = null;
        if (vmf.PageOffset >= file.Pages)
            return VmFault.SigBus;

        if (!current.HasFrame && !file.Cache.ContainsKey(vmf.PageOffset) && current.IsOutOfMemory())
            return VmFault.Oom;

        VmFault fault = VmFault.None;
        if (file.IsShmem)
            page = Shmem.GetPage(current, file, vmf.PageOffset, forWrite: false);
        else
            fault = Cached(current, vmf, out page);

        if (fault != VmFault.None)
            page = null;

        return fault == VmFault.None && !current.IsAlone ? Lock(current, vmf, ref page) : fault;
    }

    /// <summary>What is not cached is read while nobody can truncate the file.</summary>
    private static VmFault Cached(TaskStruct current, in Vmf vmf, out Page? page)
    {
        AddressSpace file = vmf.Vma.File!.Mapping;
        using HeldLock _ = current.IsAlone || file.Cache.ContainsKey(vmf.PageOffset) ? default : current.LockInvalidate(file, write: false);
        page = null;
        return !current.IsAlone && vmf.PageOffset >= file.Pages ? VmFault.SigBus : Filemap.Fault(current, vmf, out page);
    }

    /// <summary>
    /// <c>filemap_fault</c>, <c>shmem_get_folio_gfp</c>: locks what was found, and asks whether it is this page of the file still. It stays
    /// locked until it is mapped.
    /// </summary>
    private static VmFault Lock(TaskStruct current, in Vmf vmf, ref Page? page)
    {
        AddressSpace file = vmf.Vma.File!.Mapping;
        bool isStill = Filemap.TryLock(current, file, vmf.PageOffset, page!);
        if (isStill && vmf.PageOffset < file.Pages)
        {
            if (current.Rules.Skips(LinuxStep.FaultHoldsFolioLock))
                current.Unlock(LockKind.Folio, page!);

            return VmFault.None;
        }

        if (isStill)
            Filemap.Unlock(current, page!);

        page = null;
        return isStill ? VmFault.SigBus : VmFault.Retry;
    }

    /// <summary><c>finish_fault</c>: whether the entry is still as the fault has found it.</summary>
    private static bool MayMap(TaskStruct current, in Vmf vmf)
    {
        current.Step("found the page in the cache");
        return !current.HasChanged(vmf) || current.Rules.Skips(LinuxStep.FileFaultComparesEntry);
    }

    private static void Finish(TaskStruct current, Page? page)
    {
        if (page is not null)
            Filemap.Unlock(current, page);
    }

    /// <summary><c>do_page_mkwrite</c>, <c>fault_dirty_shared_page</c>: before and after, in Linux, the entry allows the store.</summary>
    private static void MarkDirty(TaskStruct current, VmArea vma, Page page)
    {
        if (vma.File!.HasPageMkwrite && current.Rules.Does(LinuxStep.SharedWriteIsNotified))
            Filemap.PageMkwrite(page);

        if (current.Rules.Does(LinuxStep.SharedWriteMarksDirty))
            page.MarkDirty();
    }

    /// <summary><c>set_pte_range</c> of a page of the file. Pages mapped by fault-around are young too.</summary>
    private static void Map(TaskStruct current, VmArea vma, VirtualPage address, Page page, bool write)
    {
        Pte pte = Pte.Present(page, PteBits.Young);
        if (write)
        {
            pte = pte.With(PteBits.Dirty).MaybeMkwrite(vma);
        }
        else if (current.Rules.IsPageProtWritable(vma))
        {
            pte = pte.With(PteBits.Writable);
            if (current.Rules.ReadFaultMayMapDirty && page.Has(PageFlags.Dirty))
                pte = pte.With(PteBits.Dirty);
        }

        PageRmap.AddFile(current, page, vma);
        vma.Mm.PageTable[address] = pte;
    }
}
