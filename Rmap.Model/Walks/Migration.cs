using Rmap.Model.Rmap;

namespace Rmap.Model.Walks;

/// <summary>
/// <c>migrate_pages</c> of one page, MIGRATE_SYNC (<c>mm/migrate.c</c>, <c>mm/rmap.c</c>, 6.18): migration entries take the page's
/// place, it is copied to another frame, and the entries become mappings of that. All in one step, so no other operation meets a
/// migration entry. Left out: the reference on the AV that keeps it while nothing is mapped, retries, temporary exec stacks.
/// </summary>
internal static class Migration
{
    /// <summary>
    /// The operation: ENOENT, EINVAL, EFAULT as <see cref="RmapTarget"/> gives them, EAGAIN if the page could not be unmapped
    /// everywhere, ENOMEM if there is no page to move it to, else 1.
    /// </summary>
    internal static Outcome Execute(Mm mm, VirtualPage address)
    {
        if (RmapTarget.Find(mm, address, out Errno errno) is not { } page)
        {
            return Outcome.From(errno);
        }

        if (mm.Machine.Faults.ShouldFail())
        {
            PageActivity.Putback(page);
            return Outcome.From(Errno.ENOMEM);
        }

        return TryMigrate(mm.Machine, page) ? Outcome.Of(1) : Outcome.From(Errno.EAGAIN);
    }

    private static bool TryMigrate(Machine machine, Page from)
    {
        bool wasMlocked = from.Has(PageFlags.Mlocked);
        TryToMigrate(from, machine);
        if (from.MapCount > 0 || from.IsHeld)
        {
            RemoveMigrationPtes(from, from, machine.Rules);
            PageActivity.Putback(from);
            return false;
        }

        Page to = Move(machine, from);
        RemoveMigrationPtes(from, to, machine.Rules);
        if (!wasMlocked)
        {
            PageActivity.Putback(to);
        }

        return true;
    }

    /// <summary><c>try_to_migrate</c>. VM_LOCKED does not hinder it.</summary>
    private static void TryToMigrate(Page page, Machine machine)
    {
        foreach (RmapVisit visit in RmapWalk.Visits(page))
        {
            if ((visit.Maps(page) && !TryToMigrateOne(page, visit, machine)) || machine.Rules.UnmapIsDone(page))
            {
                return;
            }
        }
    }

    private static bool TryToMigrateOne(Page page, RmapVisit visit, Machine machine)
    {
        Pte pte = visit.Pte;
        bool exclusive = page.IsAnonExclusive;
        if (pte.IsDirty && machine.Rules.MigrationMarksDirty)
        {
            page.MarkDirty();
        }

        if (exclusive && !PageRmap.TryShareAnon(page, machine.Rules))
        {
            return false;
        }

        PteBits bits = machine.Rules.MigrationEntryKind(pte, exclusive);
        if (!machine.Options.UserModeLinux)
        {
            bits |= pte.Bits & (PteBits.Young | PteBits.Dirty);
        }

        visit.Store(Pte.Migration(page, bits));
        PageRmap.Remove(page, visit.Vma);
        MlockBatch.DrainIfLocked(visit.Vma);
        return true;
    }

    /// <summary>
    /// <c>move_to_new_folio</c>: the new page takes over content, flags, and the place in the swap cache, the page cache or the
    /// stable node; the old one is freed.
    /// </summary>
    private static Page Move(Machine machine, Page from)
    {
        Page to = machine.Frames.Allocate();
        to.Value = from.Value;
        to.Set(from.Flags & ~(PageFlags.AnonExclusive | PageFlags.Mlocked | PageFlags.Unevictable));
        if (!machine.Rules.MigrationKeepsDirty(from))
        {
            to.Clear(PageFlags.Dirty);
        }

        switch (from.Mapping)
        {
            case AddressSpace file:
                file.Replace(from, to);
                break;
            case StableNode:
                to.Mapping = from.Mapping;
                to.Index = from.Index;
                machine.Ksm.Migrated(from, to);
                break;
            default:
                to.Mapping = from.Mapping;
                to.Index = machine.Rules.IndexAfterMigration(from);
                break;
        }

        if (from.SwapCache is { } slot)
        {
            from.SwapCache = null;
            to.SwapCache = slot;
            slot.Cache = machine.Rules.MigrationMovesSwapCache(from) ? to : from;
        }

        from.Clear(PageFlags.Private);
        machine.Swap.FreeIfUnreferenced(from);
        return to;
    }

    /// <summary>
    /// <c>remove_migration_ptes</c>: maps <paramref name="to"/> wherever the walk from it finds a migration entry of
    /// <paramref name="from"/>. Both are the same page if the migration failed.
    /// </summary>
    private static void RemoveMigrationPtes(Page from, Page to, Rules rules)
    {
        foreach (RmapVisit visit in RmapWalk.Visits(to))
        {
            Pte entry = visit.Pte;
            if (entry.Kind == PteKind.Migration && entry.Page == from)
            {
                RemoveMigrationPte(to, visit, entry, rules);
            }
        }
    }

    private static void RemoveMigrationPte(Page page, RmapVisit visit, Pte entry, Rules rules)
    {
        PteBits bits = entry.Bits & PteBits.Young;
        if (entry.IsDirty && page.Has(PageFlags.Dirty))
        {
            bits |= PteBits.Dirty;
        }

        if (rules.MigrationRestoresWritable(visit.Vma, entry))
        {
            bits |= PteBits.Writable;
        }

        if (page.IsAnon)
        {
            PageRmap.AddAnon(page, visit.Vma, rules.MigrationRestoresExclusive(entry), rules.MigrationRestoresMlock);
        }
        else
        {
            PageRmap.AddFile(page, visit.Vma, rules.MigrationRestoresMlock);
        }

        visit.Store(Pte.Present(page, bits));
        MlockBatch.DrainIfLocked(visit.Vma);
    }
}
