namespace Rmap.Model.Invariants;

internal sealed partial class Truth
{
    /// <summary>Reads the machine as it is now.</summary>
    internal void Read()
    {
        Clear();
        ReadLists();
        IReadOnlyList<Process> processes = Machine.Processes;
        for (int i = 0; i < processes.Count; i++)
            ReadProcess(processes[i]);

        ReadKsm();
        ReadAnonVmas();
        ReadPins();
    }

    private void Clear()
    {
        foreach (AnonVma anonVma in AnonVmas)
            byAnonVma[anonVma.Id] = default;

        Mms.Clear();
        furtherMms.Clear();
        Vmas.Clear();
        FileVmas.Clear();
        LinkedVmas.Clear();
        Anon.Clear();
        File.Clear();
        Ksm.Clear();
        KsmZero.Clear();
        Unowned.Clear();
        Swapped.Clear();
        Pages.Clear();
        FilePages.Clear();
        SwapCached.Clear();
        Slots.Clear();
        Files.Clear();
        Pins.Clear();
        AnonVmas.Clear();
        Migrating.Clear();
        StableNodes.Clear();
        KsmSlots.Clear();
        Items.Clear();
    }

    private void ReadLists()
    {
        Read(Machine.Frames, Pages, ref byPfn);
        Read(Machine.Swap, Slots, ref bySlot);
        foreach (Page page in Pages)
        {
            if (page.Mapping is AddressSpace)
                FilePages.Add(page);

            if (page.SwapCache is not null)
                SwapCached.Add(page);
        }

        Files.AddAll(Machine.Files.All);
        Pins.AddAll(Machine.Pins.All);
        KsmSlots.AddAll(Machine.Ksm.Slots);
    }

    private static void Read<T, TCount>(Numbered<T> all, Listing<T> listing, ref TCount[] counts)
        where T : class
    {
        Grow(ref counts, all.End);
        Array.Clear(counts, 0, all.End);
        for (int number = 1; number < all.End; number++)
        {
            if (all[number] is { } each)
                listing.Add(each);
        }
    }

    private void ReadProcess(Process process)
    {
        int place = PlaceOf(process.Mm);
        if (place < 0)
            Mms.Add(ReadAddressSpace(process.Mm) with { Users = 1 });
        else
            Mms[place].Users++;
    }

    /// <summary>Where an mm was read; -1 if it was not yet. Most machines have few, and these are searched sooner.</summary>
    private int PlaceOf(Mm mm)
    {
        const int few = 16;
        for (int i = 0; i < Math.Min(Mms.Count, few); i++)
        {
            if (Mms[i].Mm == mm)
                return i;
        }

        for (int i = few + furtherMms.Count; i < Mms.Count; i++)
            furtherMms.Add(Mms[i].Mm, i);

        return furtherMms.GetValueOrDefault(mm, -1);
    }

    private MmCount ReadAddressSpace(Mm mm)
    {
        var count = new MmCount { Mm = mm };
        int zeroBefore = KsmZero.Count;
        IReadOnlyList<VmArea> list = mm.Vmas;
        for (int i = 0; i < list.Count; i++)
        {
            VmArea vma = list[i];
            ReadVma(vma);
            count.Entries += ReadEntries(vma);
            count.Locked += (vma.Flags & VmFlags.Locked) != 0 ? vma.Range.End.Number - vma.Range.Start.Number : 0;
        }

        count.KsmZero = KsmZero.Count - zeroBefore;
        return count;
    }

    private void ReadVma(VmArea vma)
    {
        Vmas.Add(vma);
        if (vma.File is not null)
            FileVmas.Add(vma);

        if (vma.AnonVma is not null || vma.ChainLength > 0)
        {
            LinkedVmas.Add(vma);
            ReadChain(vma);
        }
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
        long end = vma.Range.End.Number;
        for (long page = vma.Range.Start.Number, next; page < end; page = vma.Mm.PageTable.NextTable(new(next), new(end)).Number)
        {
            long table = page & -PageTable.EntriesPerTable;
            next = Math.Min(end, table + PageTable.EntriesPerTable);
            ReadOnlySpan<Pte> ptes = vma.Mm.PageTable.Table(new VirtualPage(page));
            ptes = ptes[..(int)Math.Min(ptes.Length, next - table)];
            for (int i = (int)(page - table); i < ptes.Length; i++)
            {
                if (ptes[i].Kind != PteKind.None)
                {
                    found++;
                    ReadEntry(new FoundPte(vma, new VirtualPage(table + i), ptes[i]));
                }
            }
        }

        return found;
    }

    private void ReadEntry(in FoundPte pte)
    {
        switch (pte.Pte.Kind)
        {
            case PteKind.Present:
                ReadPresent(pte);
                break;
            case PteKind.ZeroPage when (pte.Pte.Bits & PteBits.Dirty) != 0:
                KsmZero.Add(pte);
                break;
            case PteKind.Swap:
                Swapped.Add(pte);
                bySlot[pte.Slot.Number]++;
                break;
            case PteKind.Migration:
                Migrating.Add(pte);
                break;
        }
    }

    private void ReadPresent(in FoundPte pte)
    {
        ref PageCount count = ref Of(pte.Page);
        count.Mapped++;
        count.IsDirty |= (pte.Pte.Bits & PteBits.Dirty) != 0;
        switch (pte.Page.Mapping)
        {
            case AnonVma anonVma:
                Anon.Add(pte);
                count.Reached++;
                Discover(anonVma);
                break;
            case AddressSpace:
                File.Add(pte);
                count.Reached++;
                break;
            case StableNode:
                Ksm.Add(pte);
                count.Reached += KsmReachability.IsReached(pte) ? 1 : 0;
                break;
            default:
                Unowned.Add(pte);
                break;
        }
    }

    private void ReadPins()
    {
        foreach (Pin pin in Pins)
        {
            if (pin.Page is { } page)
            {
                ref PageCount count = ref Of(page);
                count.Pins += pin.Kind == GupKind.Get ? 0 : 1;
                count.Gets += pin.Kind == GupKind.Get ? 1 : 0;
            }
        }
    }

    private void ReadKsm()
    {
        for (StablePlace? at = Machine.Ksm.Stable.FirstInOrder; at is not null; at = at.NextInOrder())
            StableNodes.AddAll(at.Nodes);

        foreach (KsmMmSlot slot in KsmSlots)
        {
            foreach (RmapItem item in slot.Items)
            {
                Items.Add(item);
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
            return;

        Grow(ref byAnonVma, anonVma.Id + 1);
        if (byAnonVma[anonVma.Id].AnonVma is null)
        {
            byAnonVma[anonVma.Id].AnonVma = anonVma;
            AnonVmas.Add(anonVma);
            Discover(anonVma.Parent);
            Discover(anonVma.Root);
        }
    }

    private void ReadAnonVmas()
    {
        foreach (AnonVma anonVma in AnonVmas)
        {
            if (anonVma.Root != anonVma && !anonVma.Root.IsFreed)
                Of(anonVma.Root).Descendants++;

            if (Of(anonVma).Links > 0 && !anonVma.Parent.IsFreed)
                Of(anonVma.Parent).Children++;
        }
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            Array.Resize(ref array, Math.Max(length, 2 * array.Length));
    }
}
