using Rmap.Model.Rmap;
using Rmap.Model.Sched;

namespace Rmap.Model.Walks;

/// <summary>
/// <c>migrate_pages</c> of one page, MIGRATE_SYNC (<c>mm/migrate.c</c>, <c>mm/rmap.c</c>, 6.18): migration entries take the page's
/// place, it is copied to another frame, and the entries become mappings of that. At rest nobody meets a migration entry. Left out:
/// retries, temporary exec stacks.
/// </summary>
internal static class Migration
{
    /// <summary>
    /// The operation: ENOENT, EINVAL, EFAULT as <see cref="RmapTarget"/> gives them, EAGAIN if the page could not be unmapped
    /// everywhere, ENOMEM if there is no page to move it to, else 1.
    /// </summary>
    internal static Outcome Execute(TaskStruct current, Operation.Migrate migrate) =>
        RmapTarget.Execute(current, migrate.Page, page => Migrate(current, page));

    private static Outcome Migrate(TaskStruct current, Page from)
    {
        if (current.ShouldFailPage())
        {
            PageActivity.Putback(from);
            return Errno.ENOMEM;
        }

        if (!current.TryLock(LockKind.Isolation, from, out HeldLock isolation))
            return Errno.EAGAIN;

        current.Get(from);
        Outcome outcome = MigrateIsolated(current, from);
        isolation.Dispose();
        current.Put(from);
        return outcome;
    }

    private static Outcome MigrateIsolated(TaskStruct current, Page from)
    {
        using HeldLock source = current.LockFolio(from);
        if (!current.IsAlone && from.Mapping is null)
            return Errno.EAGAIN;

        // try_to_migrate: VM_LOCKED does not hinder it. The AV of a page that is mapped nowhere may be gone: there is no walk then.
        bool wasMlocked = from.Has(PageFlags.Mlocked);
        bool wasMapped = from.MapCount > 0;
        PageMapping? held = wasMapped ? LockedWalk.Hold(current, from) : null;
        if (wasMapped)
            TryToUnmap.Walk(current, from, visit => TryToMigrateOne(current, from, visit));

        Page to = from.MapCount > 0 || current.OthersHold(from) ? from : Move(current, from);
        if (wasMapped)
            RemoveMigrationPtes(current, from, to, held);

        LockedWalk.LetGo(current, held);
        if (to != from)
        {
            current.Unlock(LockKind.Folio, to);
            current.Put(to);
        }

        if (to == from || !wasMlocked)
            PageActivity.Putback(to);

        return to == from ? Errno.EAGAIN : Outcome.Of(1);
    }

    private static bool TryToMigrateOne(TaskStruct current, Page page, RmapVisit visit)
    {
        Pte pte = visit.Pte;
        bool exclusive = page.IsAnonExclusive;
        if (pte.IsDirty && current.Rules.Does(LinuxStep.MigrationMarksDirty))
            page.MarkDirty();

        if (exclusive && !PageRmap.TryShareAnon(page, current.Rules))
            return false;

        PteBits kept = pte.Bits & current.Rules.MigrationEntryKeeps(current.Options);
        TryToUnmap.Replace(current, page, visit, Pte.Migration(page, current.Rules.MigrationEntryKind(pte, exclusive) | kept));
        return true;
    }

    /// <summary>
    /// <c>move_to_new_folio</c>: the new page takes over content, flags, and the place in the swap cache, the page cache or the
    /// stable node, which follows it to its new frame (<c>folio_migrate_ksm</c>); the old one is freed.
    /// </summary>
    private static Page Move(TaskStruct current, Page from)
    {
        Page to = current.Machine.Frames.Allocate(from.Value);
        current.Get(to);
        current.Step("unmapped everywhere; copied");
        bool isInCache = from.SwapCache is not null || from.Mapping is AddressSpace;
        if (isInCache && current.OthersHold(from))
        {
            current.Put(to);
            return from;
        }

        current.TryLock(LockKind.Folio, to, out _);
        to.Set(from.Flags & ~(PageFlags.AnonExclusive | PageFlags.Mlocked | PageFlags.Unevictable));
        if (!current.Rules.MigrationKeepsDirty(from))
            to.Clear(PageFlags.Dirty);

        switch (from.Mapping)
        {
            case AddressSpace file:
                file.Replace(from, to, current.Rules.MigrationMovesPageCache(from));
                break;
            case StableNode node:
                to.Mapping = node;
                to.Index = from.Index;
                if (node != StableNode.Null && current.Rules.Does(LinuxStep.KsmNodeFollowsMigration))
                {
                    node.KPfn = to.Pfn;
                    from.Mapping = StableNode.Null;
                }

                break;
            default:
                to.Mapping = from.Mapping;
                to.Index = current.Rules.IndexAfterMigration(from);
                break;
        }

        if (from.SwapCache is { } slot)
        {
            from.SwapCache = null;
            to.SwapCache = slot;
            slot.Cache = current.Rules.Does(LinuxStep.MigrationMovesSwapCache) ? to : from;
        }

        from.Clear(PageFlags.Private);
        current.Machine.Frames.Put(from);
        return to;
    }

    /// <summary>
    /// <c>remove_migration_ptes</c>: maps <paramref name="to"/> wherever the walk from it finds a migration entry of
    /// <paramref name="from"/>. Both are the same page if the migration failed. The AV that it begins at is held.
    /// </summary>
    private static void RemoveMigrationPtes(TaskStruct current, Page from, Page to, PageMapping? held)
    {
        foreach (RmapVisit visit in new LockedWalk(current, to, held))
        {
            Pte entry = visit.Pte;
            if (entry.Kind == PteKind.Migration && entry.Page == from)
                RemoveMigrationPte(current, to, visit, entry);
        }
    }

    private static void RemoveMigrationPte(TaskStruct current, Page page, RmapVisit visit, Pte entry)
    {
        PteBits bits = entry.Bits & PteBits.Young;
        if (entry.IsDirty && page.Has(PageFlags.Dirty))
            bits |= PteBits.Dirty;

        if (current.Rules.MigrationRestoresWritable(visit.Vma, entry))
            bits |= PteBits.Writable;

        bool mlock = current.Rules.Does(LinuxStep.MigrationRestoresMlock);
        if (page.IsAnon)
            PageRmap.AddAnon(current, page, visit.Vma, current.Rules.MigrationRestoresExclusive(entry), mlock);
        else
            PageRmap.AddFile(current, page, visit.Vma, mlock);

        visit.Store(Pte.Present(page, bits));
        MlockBatch.DrainIfLocked(current, visit.Vma);
    }
}
