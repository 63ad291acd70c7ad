using static Rmap.Model.Invariants.Check;

namespace Rmap.Model.Invariants;

/// <summary>What holds of address spaces: their VMAs, their page tables, their users.</summary>
internal static class AddressSpaceInvariants
{
    internal static readonly Invariant VmaOrder = new(Subject.AddressSpaces, "vma-order",
        "The VMAs of an address space have pages, whose offsets do not wrap, do not overlap and stand in order.",
        "validate_mm(); BUG_ON in exit_mmap()",
        truth => Each(truth, truth.Vmas,
            (_, in vma) => vma.End > vma.Start && vma.Start.Number >= 0 && vma.PageOffset >= 0,
            (_, in vma) => new($"the VMA {vma} at page offset {vma.PageOffset}", $"at least one page, from page 0 on"))
        ?? Each(truth, truth.FileVmas,
            (truth, in vma) => vma.File!.Mapping.Kind is FileKind.SharedAnonymous or FileKind.SysV
                || vma.LastPageOffset < truth.Machine.Options.PgoffLimit,
            (truth, in vma) => new($"the VMA {vma} with the page offsets {vma.PageOffset} to {vma.LastPageOffset}",
                $"less than {truth.Machine.Options.PgoffLimit}, beyond which page offsets wrap"))
        ?? Pairs(truth.Vmas,
            (previous, vma) => previous.Mm != vma.Mm || vma.Start >= previous.End,
            (previous, vma) => new($"the VMA {vma} behind {previous}", $"to begin where that one ends, or higher")));

    internal static readonly Invariant MmUsers = new(Subject.AddressSpaces, "mm-users",
        "An address space is there as long as processes use it, and counts them.",
        "mm_users: mmput() takes it down at zero",
        truth => Each(truth, truth.Mms,
            (_, in count) => count.Mm.Users == count.Users && !count.Mm.HasExited,
            (_, in count) => new(
                $"the mm of {count.Mm}: mm_users {count.Mm.Users}{(count.Mm.HasExited ? ", taken down" : "")}",
                $"{count.Users}, as many as processes use it")));

    internal static readonly Invariant PteInVma = new(Subject.AddressSpaces, "pte-in-vma",
        "Every page-table entry lies inside a VMA.",
        "free_pgtables() after the zap; check_mm(): non-zero pgtables_bytes",
        truth => Each(truth, truth.Mms,
            (_, in count) => count.Mm.PageTable.InUse == count.Entries,
            (_, in count) => new($"the page table of {count.Mm} has {count.Mm.PageTable.InUse} entries{OutOfVmas(count.Mm)}",
                $"{count.Entries}, those in the ranges of its VMAs")));

    /// <summary>The first entry that lies in no VMA.</summary>
    private static string OutOfVmas(Mm mm) => string.Concat(
        mm.PageTable.Entries().Where(entry => mm.Lookup(entry.Page) is null).Take(1).Select(entry => $", one at page {entry.Page}"));

    internal static readonly Invariant NoMigrationEntry = new(Subject.AddressSpaces, "no-migration-entry",
        "At rest no page table holds a migration entry.",
        "remove_migration_ptes() must find all: a fault waits for ever",
        truth => None(truth.Migrating,
            pte => new($"{pte} has a migration entry for {pte.Page}",
                $"the entry restored or taken away: a fault there waits for ever")));

    internal static readonly Invariant PtePermission = new(Subject.AddressSpaces, "pte-permission",
        "No entry is writable in a VMA that is not.",
        "maybe_mkwrite(); remove_migration_pte()",
        truth => Each(truth, [truth.Anon, truth.File, truth.Ksm],
            (_, in pte) => !pte.IsWritable || (pte.Vma.Flags & VmFlags.Write) != 0,
            (_, in pte) => new($"{pte} maps {pte.Page} writable", $"read-only: the VMA {pte.Vma} has no VM_WRITE")));

    internal static readonly Invariant LockedVm = new(Subject.AddressSpaces, "locked-vm",
        "locked_vm of an address space is the number of pages in its VM_LOCKED VMAs, but for what Linux has lost count of.",
        "VmLck; RLIMIT_MEMLOCK: mlock_fixup(), vms_complete_munmap_vmas(), vrm_stat_account()",
        truth => Each(truth, truth.Mms,
            (truth, in count) => count.Mm.LockedVm == count.Locked + Astray(truth, count.Mm),
            (truth, in count) => new($"locked_vm of {count.Mm} is {count.Mm.LockedVm}",
                $"{count.Locked}, the pages of its VM_LOCKED VMAs, and {Astray(truth, count.Mm)} of which Linux has lost count")));

    private static long Astray(Truth truth, Mm mm) => truth.Machine.Rules.LockedVmIsExact ? 0 : mm.LockedVmAstray;
}
