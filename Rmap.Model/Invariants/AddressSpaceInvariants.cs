namespace Rmap.Model.Invariants;

/// <summary>What holds of address spaces: their VMAs, their page tables, their users.</summary>
internal static class AddressSpaceInvariants
{
    internal static Finding? VmasAreInOrder(Truth truth)
    {
        VmArea? previous = null;
        foreach (VmArea vma in truth.Vmas)
        {
            if (vma.End <= vma.Start || vma.Start.Number < 0 || vma.PageOffset < 0)
            {
                return new($"the VMA {vma} at page offset {vma.PageOffset}", $"at least one page, from page 0 on");
            }

            if (vma.File is not null && vma.LastPageOffset >= truth.Machine.Options.PgoffLimit)
            {
                return new($"the VMA {vma} with the page offsets {vma.PageOffset} to {vma.LastPageOffset}",
                    $"less than {truth.Machine.Options.PgoffLimit}, beyond which page offsets wrap");
            }

            if (previous?.Mm == vma.Mm && vma.Start < previous.End)
            {
                return new($"the VMA {vma} behind {previous}", $"to begin where that one ends, or higher");
            }

            previous = vma;
        }

        return null;
    }

    internal static Finding? UsersAreCounted(Truth truth)
    {
        for (int i = 0; i < truth.Mms.Length; i++)
        {
            int users = truth.MmCounts[i].Users;
            if (truth.Mms[i].Users != users || truth.Mms[i].HasExited)
            {
                return new($"the mm of {truth.Mms[i]}: mm_users {truth.Mms[i].Users}{(truth.Mms[i].HasExited ? ", taken down" : "")}",
                    $"{users}, as many as processes use it");
            }
        }

        return null;
    }

    internal static Finding? EntriesLieInVmas(Truth truth)
    {
        for (int i = 0; i < truth.Mms.Length; i++)
        {
            Mm mm = truth.Mms[i];
            int inVmas = truth.MmCounts[i].Entries;
            if (mm.PageTable.InUse != inVmas)
            {
                return new($"the page table of {mm} has {mm.PageTable.InUse} entries", $"{inVmas}, those in the ranges of its VMAs");
            }
        }

        return null;
    }

    internal static Finding? NothingMigrates(Truth truth) =>
        truth.Migrating.IsEmpty ? null : new(
            $"{truth.Migrating[0]} has a migration entry for {truth.Migrating[0].Page}",
                $"the entry restored or taken away: a fault there waits for ever");

    internal static Finding? EntriesLieInFiles(Truth truth)
    {
        foreach (PresentPte pte in truth.Anon)
        {
            if (IsBeyondEnd(pte.Vma, pte.Index))
            {
                return BeyondEnd(pte.Vma, pte.Address, pte.Index, $"maps the private page {pte.Page}");
            }
        }

        foreach (PresentPte pte in truth.Ksm)
        {
            if (IsBeyondEnd(pte.Vma, pte.Index))
            {
                return BeyondEnd(pte.Vma, pte.Address, pte.Index, $"maps the KSM page {pte.Page}");
            }
        }

        foreach (PresentPte pte in truth.File)
        {
            if (IsBeyondEnd(pte.Vma, pte.Index))
            {
                return BeyondEnd(pte.Vma, pte.Address, pte.Index, $"maps {pte.Page}");
            }
        }

        foreach (SwapPte pte in truth.Swapped)
        {
            long index = Truth.Index(pte.Vma, pte.Address);
            if (IsBeyondEnd(pte.Vma, index))
            {
                return BeyondEnd(pte.Vma, pte.Address, index, $"holds a swap entry for {pte.Slot}");
            }
        }

        return null;
    }

    private static bool IsBeyondEnd(VmArea vma, long index) => vma.File is { } file && index >= file.Mapping.Pages;

    private static Finding BeyondEnd(VmArea vma, VirtualPage address, long index, Telling what) =>
        new($"page {address} of {vma.Mm}, page {index} of {vma.File!.Mapping}, {what}",
            $"nothing: {vma.File.Mapping} has {vma.File.Mapping.Pages} pages");

    internal static Finding? EntriesPermitNoMoreThanTheirVma(Truth truth) =>
        MorePermissive(truth.Anon) ?? MorePermissive(truth.File) ?? MorePermissive(truth.Ksm);

    private static Finding? MorePermissive(ReadOnlySpan<PresentPte> ptes)
    {
        foreach (PresentPte pte in ptes)
        {
            if (pte.IsWritable && (pte.Vma.Flags & VmFlags.Write) == 0)
            {
                return new($"{pte} maps {pte.Page} writable", $"read-only: the VMA {pte.Vma} has no VM_WRITE");
            }
        }

        return null;
    }

    internal static Finding? FilePagesStayReadOnlyInPrivateVmas(Truth truth)
    {
        foreach (PresentPte pte in truth.File)
        {
            if (pte.IsWritable && (pte.Vma.Flags & VmFlags.Shared) == 0)
            {
                return new($"{pte} maps {pte.Page} of {pte.Page.Mapping} writable",
                    $"read-only: the VMA {pte.Vma} is private, a store must copy");
            }
        }

        return null;
    }

    internal static Finding? ReadOnlyOpeningsStayReadOnly(Truth truth)
    {
        foreach (VmArea vma in truth.Vmas)
        {
            const VmFlags Writing = VmFlags.Shared | VmFlags.MayWrite | VmFlags.Write;
            if (vma.File is { IsReadOnly: true } && (vma.Flags & VmFlags.MayShare) != 0 && (vma.Flags & Writing) != 0)
            {
                return new($"the shared VMA {vma} of a read-only opening of {vma.File.Mapping} has {vma.Flags & Writing}",
                    $"neither VM_WRITE nor VM_MAYWRITE nor VM_SHARED");
            }
        }

        return null;
    }

    internal static Finding? CountedPagesAreMlocked(Truth truth)
    {
        foreach (Page page in truth.Pages)
        {
            PageFlags flags = page.Flags & (PageFlags.Mlocked | PageFlags.Unevictable);
            if (flags == PageFlags.None ? page.MlockCount > 0 : flags != (PageFlags.Mlocked | PageFlags.Unevictable))
            {
                return new($"{page} is {flags} with {page.MlockCount} mlocks counted", $"both flags, or neither and no mlocks");
            }
        }

        return null;
    }

    internal static Finding? SwapoffKnowsSwappedMms(Truth truth)
    {
        Mm? known = null;
        foreach (SwapPte pte in truth.Swapped)
        {
            if (pte.Vma.Mm != known && !truth.Machine.Swap.Mms.Contains(pte.Vma.Mm))
            {
                return new($"{pte} holds a swap entry for {pte.Slot}", $"the mm of {pte.Vma.Mm} on the mmlist, where swapoff looks");
            }

            known = pte.Vma.Mm;
        }

        return null;
    }

    internal static Finding? LockedPagesAreCounted(Truth truth)
    {
        Rules rules = truth.Machine.Rules;
        int next = 0;
        foreach (Mm mm in truth.Mms)
        {
            long locked = 0;
            for (; next < truth.Vmas.Length && truth.Vmas[next].Mm == mm; next++)
            {
                VmArea vma = truth.Vmas[next];
                locked += (vma.Flags & VmFlags.Locked) != 0 ? vma.Range.End.Number - vma.Range.Start.Number : 0;
            }

            if (mm.LockedVm < locked || (mm.LockedVm > locked && rules.LockedVmIsExact))
            {
                return new($"locked_vm of {mm} is {mm.LockedVm}", $"{locked}, the pages of its VM_LOCKED VMAs");
            }
        }

        return null;
    }
}
