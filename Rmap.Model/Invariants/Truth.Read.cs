namespace Rmap.Model.Invariants;

internal sealed partial class Truth
{
    /// <summary>Reads the machine as it is now.</summary>
    internal void Read()
    {
        Clear();
        ReadPages();
        IReadOnlyList<Process> processes = Machine.Processes;
        for (int i = 0; i < processes.Count; i++)
        {
            ReadProcess(processes[i]);
        }

        ReadKsm();
        ReadAnonVmas();
        ReadPins();
    }

    private void Clear()
    {
        foreach (AnonVma anonVma in AnonVmas)
        {
            byAnonVma[anonVma.Id] = default;
        }

        mms.Clear();
        mmCounts.Clear();
        vmas.Clear();
        anon.Clear();
        file.Clear();
        ksm.Clear();
        ksmZero.Clear();
        unowned.Clear();
        swapped.Clear();
        pages.Clear();
        anonVmas.Clear();
        migrating.Clear();
        stableNodes.Clear();
        items.Clear();
        marks = 0;
    }

    private void ReadPages()
    {
        Frames frames = Machine.Frames;
        Grow(ref byPfn, frames.End);
        Array.Clear(byPfn, 0, frames.End);
        Grow(ref bySlot, Machine.Swap.End);
        Array.Clear(bySlot, 0, Machine.Swap.End);
        for (int number = 1; number < frames.End; number++)
        {
            if (frames[new Pfn(number)] is { } page)
            {
                pages.Add(page);
            }
        }
    }

    private void ReadProcess(Process process)
    {
        int index = mms.IndexOf(process.Mm);
        if (index < 0)
        {
            index = mms.Count;
            mms.Add(process.Mm);
            mmCounts.Add(new MmCount(Users: 0, Entries: ReadAddressSpace(process.Mm)));
        }

        mmCounts[index] = mmCounts[index] with { Users = mmCounts[index].Users + 1 };
    }

    private int ReadAddressSpace(Mm mm)
    {
        int found = 0;
        IReadOnlyList<VmArea> list = mm.Vmas;
        for (int i = 0; i < list.Count; i++)
        {
            VmArea vma = list[i];
            vmas.Add(vma);
            ReadChain(vma);
            found += ReadEntries(vma);
        }

        return found;
    }

    private void ReadChain(VmArea vma)
    {
        if (vma.AnonVma is { IsFreed: false } own)
        {
            Discover(own);
            ref AnonVmaCount count = ref Of(own);
            count.Active++;
            count.FirstActive ??= vma;
        }

        for (int i = 0; i < vma.ChainLength; i++)
        {
            AnonVma linked = vma.ChainFromTail(i).AnonVma;
            if (!linked.IsFreed)
            {
                Discover(linked);
                Of(linked).Links++;
            }
        }
    }

    private int ReadEntries(VmArea vma)
    {
        int found = 0;
        for (VirtualPage page = vma.Start; page < vma.End; page = PageTable.EndOfTable(page))
        {
            ReadOnlySpan<Pte> ptes = vma.Mm.PageTable.From(page);
            for (int i = 0; i < ptes.Length && page + i < vma.End; i++)
            {
                if (!ptes[i].IsNone)
                {
                    found++;
                    ReadEntry(vma, page + i, in ptes[i]);
                }
            }
        }

        return found;
    }

    private void ReadEntry(VmArea vma, VirtualPage address, in Pte pte)
    {
        switch (pte.Kind)
        {
            case PteKind.Present:
                ReadPresent(new PresentPte(vma, address, pte.Bits, pte.Page));
                break;
            case PteKind.ZeroPage when pte.IsDirty:
                ksmZero.Add(new ZeroPte(vma, address));
                break;
            case PteKind.Swap:
                swapped.Add(new SwapPte(vma, address, pte.IsExclusive, pte.Slot));
                bySlot[pte.Slot.Number]++;
                break;
            case PteKind.Migration:
                migrating.Add(new PresentPte(vma, address, pte.Bits, pte.Page));
                break;
        }
    }

    private void ReadPresent(PresentPte pte)
    {
        ref PageCount count = ref Of(pte.Page);
        count.Mapped++;
        count.IsDirty |= (pte.Bits & PteBits.Dirty) != 0;
        switch (pte.Page.Mapping)
        {
            case AnonVma anonVma:
                anon.Add(pte);
                count.Reached++;
                Discover(anonVma);
                break;
            case AddressSpace:
                file.Add(pte);
                count.Reached++;
                break;
            case StableNode:
                ksm.Add(pte);
                count.Reached += KsmReachability.IsReached(pte) ? 1 : 0;
                break;
            default:
                unowned.Add(pte);
                break;
        }
    }

    private void ReadPins()
    {
        IReadOnlyList<Pin> pins = Machine.Pins.All;
        for (int i = 0; i < pins.Count; i++)
        {
            if (pins[i] is { Page: { } page, Kind: var kind })
            {
                ref PageCount count = ref Of(page);
                count.Pins += kind == GupKind.Get ? 0 : 1;
                count.Gets += kind == GupKind.Get ? 1 : 0;
            }
        }
    }

    private void ReadKsm()
    {
        for (StablePlace? at = Machine.Ksm.FirstPlace; at is not null; at = at.NextInOrder())
        {
            stableNodes.AddRange(at.Nodes);
        }

        IReadOnlyList<KsmMmSlot> slots = Machine.Ksm.Slots;
        for (int i = 0; i < slots.Count; i++)
        {
            foreach (RmapItem item in slots[i].Items)
            {
                items.Add(item);
                if (item.AnonVma is { IsFreed: false } anonVma)
                {
                    Discover(anonVma);
                    Of(anonVma).Items++;
                }
            }
        }
    }

    private void Discover(AnonVma anonVma)
    {
        if (anonVma.IsFreed)
        {
            return;
        }

        Grow(ref byAnonVma, anonVma.Id + 1);
        if (byAnonVma[anonVma.Id].AnonVma is null)
        {
            byAnonVma[anonVma.Id].AnonVma = anonVma;
            anonVmas.Add(anonVma);
            Discover(anonVma.Parent);
            Discover(anonVma.Root);
        }
    }

    private void ReadAnonVmas()
    {
        foreach (AnonVma anonVma in AnonVmas)
        {
            if (anonVma.Root != anonVma && !anonVma.Root.IsFreed)
            {
                Of(anonVma.Root).Descendants++;
            }

            if (Of(anonVma).Links > 0 && !anonVma.Parent.IsFreed)
            {
                Of(anonVma.Parent).Children++;
            }
        }
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            Array.Resize(ref array, Math.Max(length, 2 * array.Length));
        }
    }
}
