namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>handle_page_fault</c>, <c>access_error</c>: whether a load from a VMA that allows some access may fault a page in. User-Mode
    /// Linux refuses where memory may only be written.
    /// </summary>
    public virtual bool LoadMayFault(VmArea vma, MachineOptions options) =>
        !options.UserModeLinux || vma.Has(VmFlags.Read | VmFlags.Exec);

    /// <summary><c>madvise_behavior_valid</c>: whether there are transparent huge pages to advise on; User-Mode Linux has none.</summary>
    public virtual bool HasHugePages(MachineOptions options) => !options.UserModeLinux;

    /// <summary><c>pte_modify</c>: the bits that mprotect sets in every entry: User-Mode Linux makes them young.</summary>
    public virtual PteBits MprotectSets(MachineOptions options) => options.UserModeLinux ? PteBits.Young : PteBits.None;

    /// <summary>
    /// <c>swap_migration_ad_supported</c>: the bits of a PTE for which a migration entry has room: not on User-Mode Linux, so that there a
    /// migrated page is old and clean in every PTE.
    /// </summary>
    public virtual PteBits MigrationEntryKeeps(MachineOptions options) =>
        options.UserModeLinux ? PteBits.None : PteBits.Young | PteBits.Dirty;

    /// <summary>
    /// <c>zap_pte_range</c>: whether MADV_DONTNEED frees the page tables that it empties as a whole (CONFIG_PT_RECLAIM, new in 6.14; on
    /// User-Mode Linux seen on 7.2, where it is no choice any more).
    /// </summary>
    public virtual bool DontNeedFreesTables(MachineOptions options) => Since(7, 2) || (Since(6, 14) && !options.UserModeLinux);
}
