using Rmap.Model.Sched;

namespace Rmap.Model;

/// <content>What a task does about others that run meanwhile: locks, references, boundaries.</content>
internal sealed partial class TaskStruct
{
    /// <summary>Whether no other operation can be half done: at rest.</summary>
    internal bool IsAlone => task is null;

    /// <summary>A boundary: what the others may see half done. Nothing at rest.</summary>
    /// <param name="did">What Linux has done since the last one, for people.</param>
    internal void Step(string did) => task?.Step(did);

    /// <summary><c>mmap_read_lock</c>.</summary>
    internal HeldLock MmapRead() => Take(LockKind.MmapLock, task is null ? null : Mm, write: false);

    /// <summary><c>mmap_write_lock</c>.</summary>
    internal HeldLock MmapWrite(Mm? mm = null) => Take(LockKind.MmapLock, task is null ? null : mm ?? Mm, write: true);

    /// <summary><c>inode_lock</c>.</summary>
    internal HeldLock LockInode(AddressSpace file) => Take(LockKind.InodeRwsem, file, write: true);

    /// <summary><c>filemap_invalidate_lock</c>, or shared; shmem has none.</summary>
    internal HeldLock LockInvalidate(AddressSpace file, bool write) =>
        Take(LockKind.InvalidateLock, file.IsShmem ? null : file, write);

    /// <summary><c>i_mmap_lock_read</c>, <c>i_mmap_lock_write</c>; nothing without a file.</summary>
    internal HeldLock LockIMmap(AddressSpace? file, bool write) =>
        Take(LockKind.IMmapRwsem, file, write);

    /// <summary><c>anon_vma_lock_read</c>, <c>anon_vma_lock_write</c>: of the root; nothing without an AV.</summary>
    /// <param name="root">The root, which only a mechanism of rmap knows.</param>
    /// <param name="write">For writing.</param>
    internal HeldLock LockRoot(PageMapping? root, bool write) =>
        Take(LockKind.AnonVmaRwsem, root, write);

    /// <summary><c>folio_lock</c>. Whoever has not got the folio by a lock keeps it by a reference meanwhile.</summary>
    internal HeldLock LockFolio(Page page)
    {
        if (task is null)
            return default;

        Get(page);
        HeldLock taken = Take(LockKind.Folio, page, write: true);
        Put(page);
        return taken;
    }

    /// <summary><c>folio_trylock</c>, and what else is only tried. Always succeeds at rest.</summary>
    internal bool TryLock(LockKind kind, object of, out HeldLock taken)
    {
        taken = default;
        return task is null || !Rules.Takes(kind, write: true) || task.TryTake(kind, of, out taken);
    }

    /// <summary><c>folio_wait_locked</c>: waits until whoever has locked it is done.</summary>
    internal void WaitUnlocked(LockKind kind, object of) => task?.Await(kind, of);

    /// <summary>Whether somebody holds a lock.</summary>
    internal bool IsLocked(LockKind kind, object of) => task is not null && task.IsLocked(kind, of);

    /// <summary>Drops a lock before its scope ends.</summary>
    internal void Unlock(LockKind kind, object of) => task?.Drop(kind, of);

    /// <summary><c>folio_get</c>: the page stays, whoever else lets go of it.</summary>
    internal void Get(Page page)
    {
        if (task is null)
            return;

        page.TaskReferences++;
        task.Refer(page);
    }

    /// <summary><c>folio_put</c>: it goes if nobody else holds it.</summary>
    internal void Put(Page page)
    {
        if (LetGo(page))
            Machine.Frames.Put(page);
    }

    /// <summary>Gives a reference up to the mapping or the cache that takes its place. False at rest.</summary>
    internal bool LetGo(Page page)
    {
        if (task is null)
            return false;

        page.TaskReferences--;
        task.Unrefer(page);
        return true;
    }

    /// <summary>Whether anything beyond mappings, caches and this task holds the page.</summary>
    internal bool OthersHold(Page page) => task is null ? page.IsHeld : page.Holders > task.ReferencesTo(page);

    /// <summary>
    /// <c>pte_same</c>: whether somebody has changed the entry since the fault looked at it: then it is over, and the access is repeated.
    /// </summary>
    internal bool HasChanged(in Vmf vmf) => task is not null && !vmf.IsSame;

    /// <summary>An address space that belongs to no process yet, or to none any more, but has entries.</summary>
    internal void Shows(Mm mm) => task?.Refer(mm);

    /// <summary>It belongs to a process now, or has no entries any more.</summary>
    internal void Hides(Mm mm) => task?.Unrefer(mm);

    private HeldLock Take(LockKind kind, object? of, bool write)
    {
        if (task is null || of is null)
            return default;

        if (Rules.Takes(kind, write))
            return task.Take(kind, of, write);

        task.Step("");
        return default;
    }

    /// <summary>Tells who looks on of a walk.</summary>
    internal BlockTask? Walker => task;
}
