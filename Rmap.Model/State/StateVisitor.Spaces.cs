namespace Rmap.Model.State;

/// <content>Processes, address spaces, files, and what the machine has besides.</content>
public abstract partial class StateVisitor
{
    /// <summary>Tells a struct that was referred to.</summary>
    protected void Visit(object thing)
    {
        switch (thing)
        {
            case Page page:
                Visit(page);
                break;
            case VmArea vma:
                Visit(vma);
                break;
            case AnonVma anonVma:
                Visit(anonVma);
                break;
            case Mm mm:
                Visit(mm);
                break;
            case SwapSlot slot:
                Visit(slot);
                break;
            case RmapItem item:
                Visit(item);
                break;
            case StableNode node:
                Visit(node);
                break;
            case AddressSpace file:
                Visit(file);
                break;
            case OpenFile opening:
                Visit(opening);
                break;
            case KsmState ksm:
                Visit(ksm);
                break;
            default:
                throw new InvalidOperationException($"The fields of {thing.GetType().Name} are told nowhere.");
        }
    }

    /// <summary>A machine but for its processes, which have no order of their own.</summary>
    protected void Visit(Machine machine)
    {
        Things("files", machine.Files.All);
        foreach (SwapSlot slot in machine.Swap.All)
            Thing("swap", slot);

        End();
        foreach (Mm mm in machine.Swap.Mms)
            Thing("mmlist", mm, Role.Index);

        End();
        Fact("the next read from swap fails", machine.Faults.FailsSwapRead);
        Visit(machine.Ksm);
        Visit(machine.Frames, isByNumber: !machine.Ksm.Stable.IsEmpty);
        foreach (Pin pin in machine.Pins.All)
        {
            Number("id", pin.Id.Number);
            Visit(pin);
        }

        End();
    }

    /// <summary>A process: its mm and its openings.</summary>
    protected void Visit(Process process)
    {
        Thing("mm", process.Mm);
        Number("fail-nth", process.FailNth);
        Number("rlimit-memlock", process.MemlockLimit);
        for (int i = 0; i < process.OpenFiles.Count; i++)
            Thing("files", process.OpenFiles.GetValueAtIndex(i));

        End();
    }

    /// <summary>An address space.</summary>
    protected void Visit(Mm mm)
    {
        Number("mm_users", mm.Users, Role.Index);
        Fact("exited", mm.HasExited);
        Number("locked_vm", mm.LockedVm, Role.Index);
        Number("locked_vm astray", mm.LockedVmAstray, Role.Index);
        Number("def_flags", (long)mm.DefFlags);
        Number("mdwe", (long)mm.Mdwe);
        Fact("merge-any", mm.IsMergeAny);
        Fact("registered with ksmd", mm.KsmSlot is not null);
        Number("ksm_merging_pages", mm.KsmMergingPages, Role.Index);
        Number("ksm_rmap_items", mm.KsmRmapItems, Role.Index);
        Number("ksm_zero_pages", mm.KsmZeroPages, Role.Index);
        Number("ksm_zero_pages astray", mm.KsmZeroPagesAstray, Role.Index);
        Things("vmas", mm.Vmas);
        Visit(mm.PageTable);
    }

    /// <summary>A page table: that there is a table counts, whether it has entries or not.</summary>
    protected void Visit(PageTable pageTable)
    {
        foreach ((VirtualPage start, Pte[] ptes) in pageTable.Tables)
        {
            Number("table", start.Number);
            for (int i = 0; i < ptes.Length; i++)
            {
                if (!ptes[i].IsNone)
                    Entry(start + i, ptes[i]);
            }
        }

        End();
    }

    /// <summary>A VMA.</summary>
    protected void Visit(VmArea vma)
    {
        Thing("vm_mm", vma.Mm);
        Fact("detached", vma.IsDetached);
        if (vma.IsDetached)
            return;

        Number("vm_start", vma.Start.Number);
        Number("vm_end", vma.End.Number);
        Thing("vm_file", vma.File);
        Number("vm_pgoff", vma.PageOffset);
        if (vma.HasTwoPageOffsets)
            Number("anon_pgoff", vma.AnonPageOffset);

        Number("vm_flags", (long)vma.Flags);
        Number("vm_policy", (long)vma.Policy);
        Thing("anon_vma", vma.AnonVma, Role.Index);
        for (int i = vma.ChainLength - 1; i >= 0; i--)
            Thing("chain", vma.ChainFromTail(i).AnonVma, Role.Index);

        End();
    }

    /// <summary>A file or segment. Its openings are told where they are used.</summary>
    protected void Visit(AddressSpace file)
    {
        Name(file.Kind == FileKind.SharedAnonymous ? "" : file.Name);
        Number("file system", (long)file.Kind);
        Fact("freed", file.IsFreed);
        if (file.IsFreed)
            return;

        Number("pages", file.Pages);
        Number(file.Kind == FileKind.SysV ? "attached" : "references", file.Attached, Role.Index);
        Fact("removed", file.IsDestroyed);
        for (IntervalNode<VmArea>? node = file.IMmap.FirstInOrder; node is not null; node = node.NextInOrder())
            Interval("i_mmap", node.Start, node.Last, node.Value);

        End();
        Items("cached", file.Cache);
        Items("swapped", file.Swapped);
        foreach (long index in file.Shadows)
            Number("shadow", index, Role.Hint);

        End();
        foreach ((long index, byte value) in file.Disk)
        {
            if (value != 0)
            {
                Number("disk", index);
                Number("disk", value);
            }
        }

        End();
    }

    /// <summary>An opening of a file.</summary>
    protected void Visit(OpenFile opening)
    {
        Thing("f_mapping", opening.Mapping);
        Fact("readonly", opening.IsReadOnly);
        Number("f_ra.start", opening.ReadAhead.Start, Role.Hint);
        Number("f_ra.size", opening.ReadAhead.Size, Role.Hint);
        Number("f_ra.async_size", opening.ReadAhead.AsyncSize, Role.Hint);
    }
}
