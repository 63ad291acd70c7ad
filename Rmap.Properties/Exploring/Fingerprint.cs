using Rmap.Properties.Running;

namespace Rmap.Properties.Exploring;

/// <summary>
/// 128 bits of a state: of the machine, of what the checks remember, and of what the model of contents says. Two states that differ only
/// in the numbers of processes, frames, slots, AVs and nodes have the same: everything is met in one order, processes first, and is
/// called by when it was met. Processes have no order of their own, so of all orders of those that look alike the least result counts.
/// Values are taken as they are: 0 is what fresh memory holds, and so not like the others.
/// </summary>
internal sealed class Fingerprint
{
    /// <summary>What was met, in order: so few things that looking through them is faster than hashing.</summary>
    private readonly List<object> met = [];

    private readonly List<long> numbers = [];
    private int told;
    private CheckedMachine run = null!;
    private ulong low, high;

    /// <summary>The fingerprint of a state.</summary>
    internal UInt128 Of(CheckedMachine state)
    {
        run = state;
        Process[] processes = [.. state.Machine.Processes];
        ulong[] looks = Array.ConvertAll(processes, Looks);
        Array.Sort(looks, processes);
        return Least(processes, looks, 0);
    }

    /// <summary>The least of all orders of those processes from a place on that look alike.</summary>
    private UInt128 Least(Process[] processes, ulong[] looks, int from)
    {
        if (from >= processes.Length - 1)
        {
            return Of(processes);
        }

        UInt128 least = UInt128.MaxValue;
        for (int i = from; i < processes.Length && looks[i] == looks[from]; i++)
        {
            (processes[from], processes[i]) = (processes[i], processes[from]);
            least = UInt128.Min(least, Least(processes, looks, from + 1));
            (processes[from], processes[i]) = (processes[i], processes[from]);
        }

        return least;
    }

    private void Add(long number)
    {
        low = (low ^ (ulong)number) * 0x9E3779B97F4A7C15;
        low ^= low >> 32;
        high = (high + (ulong)number) * 0xC2B2AE3D27D4EB4F;
        high ^= high >> 29;
    }

    /// <summary>Ends a list, so that what follows is not taken for a part of it.</summary>
    private void End() => Add(long.MinValue);

    private void Add(bool yes) => Add(yes ? 1 : 0);

    /// <summary>Adds when a thing was first met; what is met for the first time is told about later.</summary>
    private void Add(object? thing)
    {
        if (thing is null)
        {
            Add(0);
            return;
        }

        int place = 0;
        while (place < met.Count && !ReferenceEquals(met[place], thing))
        {
            place++;
        }

        if (place == met.Count)
        {
            met.Add(thing);
        }

        Add(place + 1);
    }

    /// <summary>Adds when a number was first met that only says what belongs together.</summary>
    private void AddRenamed(long number)
    {
        int place = numbers.IndexOf(number);
        if (place < 0)
        {
            place = numbers.Count;
            numbers.Add(number);
        }

        Add(place);
    }

    private void Add(ValueSet set)
    {
        (UInt128 first, UInt128 rest) = set.Bits;
        Add((long)first);
        if (rest != 0 || first >> 64 != 0)
        {
            Add((long)(first >> 64));
            Add((long)(rest >> 64));
            Add((long)rest);
        }
    }

    /// <summary>What a process looks like by itself, without asking with whom it shares what.</summary>
    private ulong Looks(Process process)
    {
        low = high = 0;
        Mm mm = process.Mm;
        Add(mm.Users);
        Add(mm.KsmSlot?.Items.Count ?? -1);
        foreach (VmArea vma in mm.Vmas)
        {
            AddBounds(vma);
            for (int i = 0; i < vma.ChainLength; i++)
            {
                AddState(vma.ChainFromTail(i).AnonVma);
            }

            for (VirtualPage page = vma.Start; page < vma.End; page += 1)
            {
                Pte pte = mm.PageTable[page];
                AddBits(pte);
                if (pte.Kind is PteKind.Present or PteKind.Migration)
                {
                    AddState(pte.Page);
                }
                else if (pte.Kind == PteKind.Swap)
                {
                    AddState(pte.Slot);
                }
            }
        }

        return low;
    }

    private UInt128 Of(ReadOnlySpan<Process> processes)
    {
        low = high = 0;
        met.Clear();
        numbers.Clear();
        told = 0;
        Machine machine = run.Machine;
        foreach (Process process in processes)
        {
            Add(process.Mm);
            Add(process.FailNth);
            Add(run.Contents.Processes.GetValueOrDefault(process.Id.Number));
            foreach (AddressSpace file in machine.Files.All)
            {
                Add(process.Opened(file));
            }

            End();
        }

        End();

        AddFiles(machine);
        foreach (Mm mm in machine.Swap.Mms)
        {
            Add(mm);
        }

        End();

        Add(machine.Faults.FailsSwapRead);
        AddKsm(machine.Ksm);
        Add(run.Contents.FreedAsKsm);
        foreach (Pin pin in machine.Pins.All)
        {
            Add(pin.Id.Number);
            Add((int)pin.Kind);
            Add(pin.Page);
            Add(run.Contents.HeldBy(pin.Id));
        }

        End();
        TellAll();
        foreach (Page page in machine.Frames.All)
        {
            Add(page);
        }

        End();

        foreach (SwapSlot slot in machine.Swap.All)
        {
            Add(slot);
        }

        End();

        TellAll();
        return new UInt128(high, low);
    }

    private void AddFiles(Machine machine)
    {
        foreach (AddressSpace file in machine.Files.All)
        {
            Add(file);
            Add(run.Contents.Find(file.Name));
            foreach (char letter in file.Kind == FileKind.SharedAnonymous ? "" : file.Name)
            {
                Add(letter);
            }

            End();
        }

        End();
    }

    private void AddKsm(KsmState ksm)
    {
        Add(ksm.Run == 2);
        Add(ksm.MaxPageSharing);
        foreach (KsmMmSlot slot in ksm.Slots)
        {
            Add(slot.Mm);
        }

        End();

        bool hasNodes = false;
        for (StablePlace? at = ksm.FirstPlace; at is not null; at = at.NextInOrder())
        {
            hasNodes = true;
            Add(at.IsChain);
            Add(at.IsRed);
            Add(at.Parent);
            at.Nodes.ForEach(Add);
        }

        End();

        // A node finds its page by the frame, so it counts which frames are free and which one is next.
        for (int frame = 1; hasNodes && frame < run.Machine.Frames.End; frame++)
        {
            Add(run.Machine.Frames[new Pfn(frame)]);
        }

        End();
    }

    private void TellAll()
    {
        while (told < met.Count)
        {
            Tell(met[told++]);
        }
    }

    private void Tell(object thing)
    {
        switch (thing)
        {
            case Mm mm:
                Tell(mm);
                break;
            case VmArea vma:
                Tell(vma);
                break;
            case Page page:
                AddState(page);
                Add(page.Mapping);
                Add(page.SwapCache);
                break;
            case SwapSlot slot:
                AddState(slot);
                Add(slot.Cache);
                Add(slot.Owner);
                break;
            case AnonVma anonVma:
                Tell(anonVma);
                break;
            case AddressSpace file:
                Tell(file);
                break;
            case OpenFile opening:
                Add(opening.Mapping);
                Add(opening.IsReadOnly);
                (long start, long size, long asyncSize) = opening.ReadAhead;
                Add(start);
                Add(size);
                Add(asyncSize);
                break;
            case StableNode node:
                Tell(node);
                break;
            case RmapItem item:
                Add(item.Mm);
                Add(item.Address.Number);
                Add(item.OldChecksum ?? -1);
                Add(item.AnonVma);
                Add(item.Head);
                Add(item.IsUnstable);
                break;
            case ContentSpace space:
                Tell(space);
                break;
            case HeldPage held:
                Add(held.Object);
                Add(held.Index);
                Add(held.Values);
                Add(held.Pins);
                Add(held.IsHeld);
                Add(held.IsVague);
                break;
            case ContentObject content:
                Add(content.Seen);
                Add(content.IsClouded);
                Add(content.Pages);
                for (long i = 0; i < content.Pages; i++)
                {
                    Add(content[i]);
                    Add(content.HeldAt(i));
                }

                End();

                break;
        }
    }

    private void Tell(Mm mm)
    {
        Add(mm.Users);
        Add(mm.HasExited);
        Add(mm.LockedVm);
        Add(mm.IsMergeAny);
        Add(mm.KsmMergingPages);
        Add(mm.KsmRmapItems);
        Add(mm.KsmZeroPages);
        Add(mm.KsmZeroPagesAstray);
        Add(mm.KsmSlot is not null);
        foreach (RmapItem item in mm.KsmSlot?.Items ?? [])
        {
            Add(item);
        }

        End();

        Add(mm.Vmas.Count);
        foreach (VmArea vma in mm.Vmas)
        {
            Add(vma);
        }

        End();

    }

    private void Tell(VmArea vma)
    {
        Add((int)vma.Policy);
        AddBounds(vma);
        Add(vma.Mm);
        Add(vma.IsDetached);
        Add(vma.File);
        Add(vma.AnonVma);
        Add(vma.ChainLength);
        for (int i = 0; i < vma.ChainLength; i++)
        {
            Add(vma.ChainFromTail(i).AnonVma);
        }

        for (VirtualPage page = vma.Start; page < vma.End && !vma.IsDetached; page += 1)
        {
            Pte pte = vma.Mm.PageTable[page];
            AddBits(pte);
            Add(pte.Kind is PteKind.Present or PteKind.Migration ? pte.Page : pte.Kind == PteKind.Swap ? pte.Slot : (object?)null);
        }

        End();
    }

    private void Tell(AnonVma anonVma)
    {
        Add(anonVma.Root);
        Add(anonVma.Parent);
        AddState(anonVma);
        for (IntervalNode<AnonVmaChain>? node = anonVma.Tree.FirstInOrder; node is not null; node = node.NextInOrder())
        {
            Add(node.Value.Vma);
            Add(node.Start);
            Add(node.Last);
        }
    }

    private void Tell(AddressSpace file)
    {
        Add((int)file.Kind);
        Add(file.Pages);
        Add(file.Attached);
        Add(file.IsDestroyed);
        foreach (VmArea vma in file.IMmap.InOrder())
        {
            Add(vma);
            Add(vma.Shared.Start);
            Add(vma.Shared.Last);
        }

        End();

        foreach ((long index, Page page) in file.Cache)
        {
            Add(index);
            Add(page);
        }

        End();

        foreach ((long index, SwapSlot slot) in file.Swapped)
        {
            Add(index);
            Add(slot);
        }

        End();

        foreach (long index in file.Shadows)
        {
            Add(index);
        }

        End();

        for (long index = 0; index < file.Pages && file.Disk.Count > 0; index++)
        {
            Add(file.Disk.GetValueOrDefault(index));
        }

        End();
    }

    private void Tell(StableNode node)
    {
        Add(node.IsFreed);
        Add(node.KPfn.Number);
        Add(node.Length);
        Add(run.Checker.KsmHistory.HasBeenSwapped(node));
        node.Items.ForEach(Add);
    }

    private void Tell(ContentSpace space)
    {
        Add(space.HasUnfollowed);
        foreach ((long page, ContentCell cell) in space.Cells)
        {
            bool isCopy = !cell.Own.IsEmpty;
            (bool cleaned, bool scanned, bool forked) = run.Contents.Since(cell);
            Add(page);
            Add(cell.Object);
            Add(cell.Index);
            Add((int)cell.Protection);
            AddRenamed(cell.Attachment);
            AddRenamed(isCopy ? -cell.StoredBy : 0);
            Add(cell.Own);
            Add(cell.Held is { IsHeld: true } ? cell.Held : null);
            Add((cell.IsShared ? 1 : 0) + (cell.MayWrite ? 2 : 0) + (cell.IsNotForked ? 4 : 0) + (cell.IsWipedOnFork ? 8 : 0)
                + (cell.MayBeBare ? 16 : 0) + (cell.MayBeDropped ? 32 : 0) + (cell.IsForkVague ? 64 : 0) + (cell.IsVague ? 128 : 0)
                + (isCopy && cleaned ? 256 : 0) + (isCopy && scanned ? 512 : 0) + (isCopy && forked ? 1024 : 0)
                + (cell.MayBeUnread ? 2048 : 0));
        }

        End();
    }

    private void AddBounds(VmArea vma)
    {
        Add(vma.Start.Number);
        Add(vma.End.Number);
        Add(vma.PageOffset);
        Add((int)vma.Flags);
    }

    private void AddBits(Pte pte) => Add(((int)pte.Kind << 8) + (int)pte.Bits);

    private void AddState(Page page)
    {
        Add(page.Index);
        Add(page.MapCount);
        Add(page.Pins);
        Add(page.Gets);
        Add(page.MlockCount);
        Add((int)page.Flags);
        Add(page.Value);
        Add(page.IsFreed);
    }

    private void AddState(AnonVma anonVma)
    {
        Add(anonVma.RefCount);
        Add(anonVma.NumChildren);
        Add(anonVma.NumActiveVmas);
        Add(anonVma.IsFreed);
        Add(anonVma.Tree.Count);
    }

    private void AddState(SwapSlot slot)
    {
        Add(slot.Count);
        Add(slot.Value);
    }
}
