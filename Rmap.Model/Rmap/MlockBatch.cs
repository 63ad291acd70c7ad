namespace Rmap.Model.Rmap;

/// <summary>
/// <c>mlock_fbatch</c> (<c>mm/mlock.c</c>, 6.18): pages on their way to being mlocked or munlocked, in order. A page that some VM_LOCKED
/// VMA maps is unevictable, but it becomes so, and ceases to be so, only when the batch is drained: when it is full, where Linux says so,
/// and after every operation. Until then the batch holds a reference on the page.
/// Left out: the other batches per CPU, on the way to the lists of pages; large folios, which never wait.
/// </summary>
internal static class MlockBatch
{
    private const int Size = 31;

    /// <summary><c>mlock_folio</c>. PG_mlocked is set at once.</summary>
    internal static void Mlock(TaskStruct current, Page page)
    {
        page.Set(PageFlags.Mlocked);
        Add(current, page, isMlock: true);
    }

    /// <summary><c>munlock_folio</c>.</summary>
    internal static void Munlock(TaskStruct current, Page page) => Add(current, page, isMlock: false);

    /// <summary><c>mlock_drain_local</c>.</summary>
    internal static void Drain(TaskStruct current)
    {
        if (current.MlockBatch is not { } batch)
            return;

        foreach ((Page page, bool isMlock) in batch)
        {
            if (isMlock)
                DrainMlock(page);
            else
                DrainMunlock(page, current.Rules);

            page.TaskReferences--;
            current.Machine.Frames.Put(page);
        }

        batch.Clear();
    }

    /// <summary>What a walk does wherever it has mapped or unmapped its page, so that the next step finds the flags as they are.</summary>
    internal static void DrainIfLocked(TaskStruct current, VmArea vma)
    {
        if (vma.Has(VmFlags.Locked))
            Drain(current);
    }

    private static void Add(TaskStruct current, Page page, bool isMlock)
    {
        page.TaskReferences++;
        List<(Page, bool)> batch = current.MlockBatch ??= new(Size);
        batch.Add((page, isMlock));
        if (batch.Count == Size)
            Drain(current);
    }

    /// <summary>
    /// <c>__mlock_folio</c>. Nothing if PG_mlocked has been cleared since, by an munlock that was in the batch before: then the page is
    /// evictable, though a VM_LOCKED VMA maps it.
    /// </summary>
    private static void DrainMlock(Page page)
    {
        if (!page.Has(PageFlags.Mlocked))
            return;

        if (page.Has(PageFlags.Unevictable))
        {
            page.MlockCount++;
            return;
        }

        page.Clear(PageFlags.Active);
        page.Set(PageFlags.Unevictable);
        page.MlockCount = 1;
    }

    /// <summary><c>__munlock_folio</c>.</summary>
    private static void DrainMunlock(Page page, Rules rules)
    {
        if (page.Has(PageFlags.Unevictable) && page.MlockCount > 0)
            page.MlockCount--;

        if (!rules.StaysMlocked(page))
            page.Clear(PageFlags.Mlocked | PageFlags.Unevictable);
    }
}
