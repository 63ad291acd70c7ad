namespace Rmap.Properties.Together;

/// <summary>What is checked of blocks, besides the invariants, which hold at rest after each.</summary>
public static class Races
{
    /// <summary>A block is like its operations one after the other.</summary>
    public static Invariant Serialisable { get; } = new(Subject.Operations, "serialisable",
        "What each page shows after a block, and what each operation came to, is as after its tasks in one order or another.",
        "mmap(2), fork(2): calls are atomic to each other, page by page");

    /// <summary>A walk misses nobody.</summary>
    public static Invariant WalkComplete { get; } = new(Subject.Pages, "walk-complete",
        "A walk that ran to its end has come to every place that mapped the page from its first step to its last, moved or not.",
        "rmap_walk(); need_rmap_locks in move_ptes()");

    /// <summary>Nothing leads to what has been freed, at any time.</summary>
    public static Invariant StepLive { get; } = new(Subject.Pages, "step-live",
        "Between two steps no entry maps, and no task holds, a page that has been freed; what leaves its file is mapped nowhere.",
        "page->_refcount; filemap_unaccount_folio(): still mapped when deleted");

    /// <summary>Mappings are counted, at any time.</summary>
    public static Invariant StepCount { get; } = new(Subject.Pages, "step-count",
        "Between two steps a page's mapcount is the number of entries that map it.", "folio_add_rmap_ptes(), folio_remove_rmap_ptes()");

    /// <summary>Entries permit no more than their VMA, at any time.</summary>
    public static Invariant StepPermission { get; } = new(Subject.Pages, "step-permission",
        "Between two steps an entry is writable only where its VMA is, or a lock for writing is held to make it so.",
        "change_protection(); remove_migration_pte()");

    /// <summary>Who is migrated is locked.</summary>
    public static Invariant StepMigration { get; } = new(Subject.Pages, "step-migration",
        "Between two steps a migration entry is there only while the folio that it stands for is locked.",
        "migration_entry_wait(): BUG_ON(!folio_test_locked())");

    /// <summary>Locks are taken in order, by nobody twice, and given back; somebody can always go on.</summary>
    public static Invariant Locking { get; } = new(Subject.Operations, "locking",
        "Locks are taken in Linux's order, not twice, and given back; not all tasks wait.", "lockdep; the top of mm/rmap.c");

    /// <summary>All of them, in the order in which they are asked.</summary>
    public static IReadOnlyList<Invariant> All { get; } =
        [StepLive, StepCount, StepPermission, StepMigration, WalkComplete, Locking, Serialisable];
}
