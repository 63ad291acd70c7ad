namespace Rmap.Model.Rmap;

/// <summary>
/// <c>mlock_fbatch</c> (<c>mm/mlock.c</c>, 6.18): pages on their way to being mlocked or munlocked, in order. A page that some VM_LOCKED
/// VMA maps is unevictable, but it becomes so, and ceases to be so, only when the batch is drained: when it is full, where Linux says so,
/// and after every operation. Until then the batch holds a reference on the page.
/// Left out: the other batches per CPU, on the way to the lists of pages; large folios, which never wait.
/// </summary>
internal sealed class MlockBatch(Rules rules, SwapArea swap)
{
    private const int Size = 31;

    private readonly List<(Page Page, bool IsMlock)> waiting = new(Size);

    /// <summary><c>mlock_folio</c>. PG_mlocked is set at once.</summary>
    internal void Mlock(Page page)
    {
        page.Set(PageFlags.Mlocked);
        Add(page, isMlock: true);
    }

    /// <summary><c>munlock_folio</c>.</summary>
    internal void Munlock(Page page) => Add(page, isMlock: false);

    /// <summary><c>mlock_drain_local</c>.</summary>
    internal void Drain()
    {
        foreach ((Page page, bool isMlock) in waiting)
        {
            if (isMlock)
            {
                DrainMlock(page);
            }
            else
            {
                DrainMunlock(page);
            }

            page.MlockReferences--;
            swap.FreeIfUnreferenced(page);
        }

        waiting.Clear();
    }

    /// <summary>What a walk does wherever it has mapped or unmapped its page, so that the next step finds the flags as they are.</summary>
    internal static void DrainIfLocked(VmArea vma)
    {
        if (vma.Has(VmFlags.Locked))
        {
            vma.Mm.Machine.MlockBatch.Drain();
        }
    }

    private void Add(Page page, bool isMlock)
    {
        page.MlockReferences++;
        waiting.Add((page, isMlock));
        if (waiting.Count == Size)
        {
            Drain();
        }
    }

    /// <summary>
    /// <c>__mlock_folio</c>. Nothing if PG_mlocked has been cleared since, by an munlock that was in the batch before: then the page is
    /// evictable, though a VM_LOCKED VMA maps it.
    /// </summary>
    private static void DrainMlock(Page page)
    {
        if (!page.Has(PageFlags.Mlocked))
        {
            return;
        }

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
    private void DrainMunlock(Page page)
    {
        if (page.Has(PageFlags.Unevictable) && page.MlockCount > 0)
        {
            page.MlockCount--;
        }

        if (!rules.StaysMlocked(page))
        {
            page.Clear(PageFlags.Mlocked | PageFlags.Unevictable);
        }
    }
}
