namespace Rmap.Model.Invariants;

/// <summary>
/// What a checker remembers of the state before, so that it notices when a page is swapped out of a VM_LOCKED VMA. PG_mlocked cannot
/// tell: a page that is read from swap into such a VMA does not get it until reclaim meets the page.
/// </summary>
internal sealed class LockHistory(Machine machine)
{
    private readonly List<(Mm Mm, VirtualPage Address)> locked = [];
    private readonly List<SwapSlot?> slots = [];

    /// <summary>Ends a check.</summary>
    internal void Remember(params ReadOnlySpan<Listing<FoundPte>> mapped)
    {
        locked.Clear();
        slots.Clear();
        foreach (Listing<FoundPte> kind in mapped)
        {
            foreach (FoundPte pte in kind)
            {
                if ((pte.Vma.Flags & VmFlags.Locked) != 0)
                    locked.Add((pte.Vma.Mm, pte.Address));
            }
        }

        for (int number = 0; locked.Count > 0 && number < machine.Swap.End; number++)
            slots.Add(machine.Swap[number]);
    }

    /// <summary>Whether it stands where a page was mapped. If the slot was there before, mremap may have moved an entry here.</summary>
    internal bool WasSwappedOut(in FoundPte pte) =>
        locked.Contains((pte.Vma.Mm, pte.Address)) && (pte.Slot.Number >= slots.Count || slots[pte.Slot.Number] != pte.Slot);
}
