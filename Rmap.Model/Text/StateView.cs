namespace Rmap.Model.Text;

/// <summary>
/// A machine seen for writing it down: what there is, and what it is called. Names are given in one order, whatever is written first:
/// processes by number (their VMAs with their AVs, then their pages), files, swap, KSM, then what only those lead to.
/// </summary>
internal sealed class StateView
{
    private readonly Dictionary<Mm, string> labels = [];
    private readonly HashSet<AnonVma> anonVmas = [];

    internal StateView(Machine machine, StateNames names)
    {
        Machine = machine;
        Names = names;
        foreach (Process process in machine.Processes)
        {
            if (labels.TryAdd(process.Mm, process.Id.ToString()))
            {
                NameAll(process.Mm);
            }
        }

        NameFilesAndSwap();
        NameKsm();
        foreach (Page page in machine.Frames.All)
        {
            names.Of(page);
            Meet(page.Mapping as AnonVma);
        }
    }

    internal Machine Machine { get; }

    internal StateNames Names { get; }

    /// <summary>The AVs that something leads to and that have not been freed, by name.</summary>
    internal IEnumerable<AnonVma> AnonVmas => Names.InOrder(anonVmas);

    /// <summary>The pages in use, by name.</summary>
    internal IEnumerable<Page> Pages => Names.InOrder(Machine.Frames.All);

    /// <summary>The address spaces of the processes, in the order of the lowest process that has it.</summary>
    internal IEnumerable<Mm> Mms => Machine.Processes.Select(process => process.Mm).Distinct();

    /// <summary>An address space by the lowest process that has it.</summary>
    internal string Of(Mm mm) => labels.TryGetValue(mm, out string? label) ? label : $"{mm} (gone)";

    /// <summary>The pages of a range, behind the label of their address space.</summary>
    internal string Of(VmArea vma) => $"{Of(vma.Mm)} {vma.Range}";

    private void NameAll(Mm mm)
    {
        foreach (VmArea vma in mm.Vmas)
        {
            Meet(vma.AnonVma);
            foreach (AnonVmaChain link in vma.Chain)
            {
                Meet(link.AnonVma);
            }

            Name(vma.File?.Mapping);
        }

        foreach ((_, Pte pte) in mm.PageTable.Entries())
        {
            Name(pte);
        }
    }

    private void Name(Pte pte)
    {
        if (pte.Kind is PteKind.Present or PteKind.Migration)
        {
            Names.Of(pte.Page);
        }
        else if (pte.Kind == PteKind.Swap)
        {
            Names.Of(pte.Slot);
        }
    }

    private void NameFilesAndSwap()
    {
        foreach (AddressSpace file in Machine.Files.All)
        {
            Name(file);
            foreach ((_, Page page) in file.Cache)
            {
                Names.Of(page);
            }

            foreach ((_, SwapSlot slot) in file.Swapped)
            {
                Names.Of(slot);
            }
        }

        foreach (SwapSlot slot in Machine.Swap.All)
        {
            Names.Of(slot);
        }
    }

    private void NameKsm()
    {
        foreach (StableNode node in Machine.Ksm.StableTree)
        {
            Names.Of(node);
        }

        foreach (RmapItem item in Machine.Ksm.Slots.SelectMany(slot => slot.Items))
        {
            Meet(item.AnonVma);
        }
    }

    private void Name(AddressSpace? file)
    {
        if (file is not null)
        {
            Names.Of(file);
        }
    }

    private void Meet(AnonVma? anonVma)
    {
        if (anonVma is { IsFreed: false } && anonVmas.Add(anonVma))
        {
            Names.Of(anonVma);
            Meet(anonVma.Root);
            Meet(anonVma.Parent);
        }
    }
}
