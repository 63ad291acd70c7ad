namespace Rmap.Model.Ksm;

/// <summary>
/// ksmd (<c>mm/ksm.c</c>, 6.18): which mms it scans, and its counters. It runs only when told to, in whole passes, so between
/// operations its cursor rests at the head of the list. Left out: smart scan (off), <c>merge_across_nodes</c>=0, the advisor,
/// memory failure.
/// </summary>
public sealed class Ksmd
{
    private const int Unmerging = 2;

    private readonly Machine machine;
    private readonly List<KsmMmSlot> slots = [];
    private readonly StableTree stable;
    private readonly UnstableTree unstable;
    private readonly KsmMerge merge;
    private readonly KsmScan scan;

    internal Ksmd(Machine machine)
    {
        this.machine = machine;
        MaxPageSharing = machine.Options.KsmMaxPageSharing;
        stable = new StableTree(machine);
        unstable = new UnstableTree(machine.Rules);
        merge = new KsmMerge(machine, stable, unstable);
        scan = new KsmScan(merge, slots);
    }

    /// <summary>The places of the stable tree in order of content; a stale node stands where its content stood.</summary>
    public IEnumerable<StablePlace> StablePlaces => stable.Places;

    /// <summary>Stable nodes in tree order; the dups of a chain in the order of its list.</summary>
    public IEnumerable<StableNode> StableTree => stable.Places.SelectMany(place => place.Nodes);

    /// <summary>Registered mms in scan order.</summary>
    public IReadOnlyList<KsmMmSlot> Slots => slots;

    /// <summary><c>full_scans</c>: whole passes since the machine began.</summary>
    public int FullScans => unstable.Sequence;

    /// <summary><c>run</c>: 2 is KSM_RUN_UNMERGE.</summary>
    public int Run { get; private set; }

    /// <summary><c>max_page_sharing</c>.</summary>
    public int MaxPageSharing { get; private set; }

    /// <summary>The first of <see cref="StablePlaces"/> in the tree, or null.</summary>
    internal RbNode<StablePlace>? FirstPlace => stable.FirstPlace;

    /// <summary><c>pages_shared</c>: stable nodes with items.</summary>
    public int PagesShared => stable.PagesShared;

    /// <summary><c>pages_sharing</c>: items of stable nodes beyond the first of each.</summary>
    public int PagesSharing => stable.PagesSharing;

    /// <summary><c>pages_unshared</c>: items marked as being in the unstable tree.</summary>
    public int PagesUnshared => unstable.PagesUnshared;

    /// <summary><c>ksm_zero_pages</c>: entries in which KSM put the zero page.</summary>
    public KsmZeroPages ZeroPages { get; } = new();

    /// <summary><c>pages_volatile</c>: all other items.</summary>
    public int PagesVolatile => scan.RmapItems - PagesShared - PagesSharing - PagesUnshared;

    /// <summary><c>ksm_madvise(MADV_MERGEABLE)</c>: <see cref="Enter"/>, unless there is no memory for the slot.</summary>
    internal bool TryEnter(Mm mm)
    {
        if (mm.KsmSlot is null && machine.Faults.ShouldFail())
        {
            return false;
        }

        Enter(mm);
        return true;
    }

    /// <summary>
    /// <c>__ksm_enter</c>: registers an mm, if it is not: just behind the cursor, so that it is scanned last.
    /// </summary>
    internal void Enter(Mm mm)
    {
        if (mm.KsmSlot is null)
        {
            mm.KsmSlot = new KsmMmSlot(mm);
            slots.Add(mm.KsmSlot);
        }
    }

    /// <summary><c>ksm_fork</c>: the child of a registered mm is registered; items are not copied.</summary>
    internal void Fork(Mm parent, Mm child)
    {
        if (parent.KsmSlot is null || !machine.Rules.KsmForkRegistersChild)
        {
            return;
        }

        Enter(child);
        if (machine.Rules.KsmForkCopiesCounters)
        {
            child.KsmMergingPages = parent.KsmMergingPages;
            child.KsmRmapItems = parent.KsmRmapItems;
        }
    }

    /// <summary>
    /// <c>ksm_exit</c>, before the address space is taken down: a slot without items goes at once; else it is moved before the cursor
    /// and cleaned up by the next pass.
    /// </summary>
    internal void Exit(Mm mm)
    {
        if (mm.KsmSlot is not { } slot)
        {
            return;
        }

        slots.Remove(slot);
        if (slot.Items.Count > 0)
        {
            slots.Insert(0, slot);
        }
        else
        {
            mm.KsmSlot = null;
        }
    }

    /// <summary>Runs whole passes.</summary>
    /// <param name="passes">How many; 0: at least 3 and at most 30, until two in a row changed no counter.</param>
    /// <returns>Passes done: fewer if no mm is registered any more, none while <see cref="Run"/> is 2.</returns>
    internal long Scan(int passes)
    {
        const int least = 3;
        const int most = 30;
        int done = 0;
        int quiet = 0;
        while (slots.Count > 0 && Run != Unmerging && (passes > 0 ? done < passes : done < most && (done < least || quiet < 2)))
        {
            (int, int, int, int) before = (PagesShared, PagesSharing, PagesUnshared, PagesVolatile);
            scan.Pass();
            quiet = before == (PagesShared, PagesSharing, PagesUnshared, PagesVolatile) ? quiet + 1 : 0;
            done++;
        }

        return done;
    }

    /// <summary><c>run_store</c>.</summary>
    internal Errno SetRun(int run)
    {
        if (run is < 0 or > Unmerging)
        {
            return Errno.EINVAL;
        }

        if (run == Unmerging && Run != Unmerging)
        {
            UnmergeAll();
        }

        Run = run;
        return Errno.None;
    }

    /// <summary><c>max_page_sharing_store</c>: stable nodes that nobody uses any more go; with one that is used nothing changes.</summary>
    internal Errno SetMaxPageSharing(int items)
    {
        if (items < 2)
        {
            return Errno.EINVAL;
        }

        if (items != MaxPageSharing && (PagesShared > 0 || (machine.Rules.KsmSweepsStableTree && !stable.TryRemoveAll())))
        {
            return Errno.EBUSY;
        }

        MaxPageSharing = items;
        return Errno.None;
    }

    /// <summary>
    /// <c>unmerge_and_remove_all_rmap_items</c>: every mergeable VMA gets its own pages back, ksmd forgets all items and begins to
    /// count its passes anew. Registered mms stay so.
    /// </summary>
    private void UnmergeAll()
    {
        foreach (KsmMmSlot slot in slots)
        {
            foreach (VmArea vma in slot.Mm.Vmas)
            {
                if (vma.Has(VmFlags.Mergeable) && vma.AnonVma is not null)
                {
                    Unmerge(vma, vma.Range);
                }
            }

            scan.DiscardAll(slot);
            if (slot.Mm.HasExited)
            {
                slot.Mm.KsmSlot = null;
            }
        }

        slots.RemoveAll(slot => slot.Mm.HasExited);
        if (machine.Rules.KsmSweepsStableTree)
        {
            stable.TryRemoveAll();
        }

        unstable.Restart();
    }

    /// <summary>
    /// <c>unmerge_ksm_pages</c>: gives a mergeable VMA private copies of the KSM pages in the range. Items stay until the next pass.
    /// </summary>
    /// <returns>False if an allocation failed; the pages before are private then.</returns>
    internal bool Unmerge(VmArea vma, PageRange range)
    {
        VirtualPage page = range.Start;
        while (page < range.End)
        {
            ReadOnlySpan<Pte> ptes = vma.Mm.PageTable.From(page, range.End, out long span);
            for (int i = 0; i < ptes.Length; i++)
            {
                if (!merge.Break(vma, page + i))
                {
                    return false;
                }
            }

            page += span;
        }

        return true;
    }

    /// <summary>
    /// <c>ksm_might_need_to_copy</c>: the page to map at a swap-in: the one in the swap cache, or a copy of it where rmap would
    /// not find the mapping because the page belongs to others (it was a KSM page when it was swapped out). A copy is dirty and
    /// mapped nowhere.
    /// </summary>
    /// <returns>Null if there is no memory for the copy.</returns>
    internal Page? MightNeedToCopy(Page page, VmArea vma, VirtualPage address)
    {
        if (!machine.Rules.KsmMustCopy(page, vma, address))
        {
            return page;
        }

        if (machine.Faults.ShouldFail())
        {
            return null;
        }

        Page copy = machine.Frames.Allocate();
        copy.Value = page.Value;
        copy.Set(PageFlags.Dirty);
        return copy;
    }

    /// <summary><c>folio_migrate_ksm</c>: the node of a KSM page follows it to its new frame.</summary>
    internal void Migrated(Page from, Page to)
    {
        if (StableNode.Of(from) is { } node && machine.Rules.KsmNodeFollowsMigration)
        {
            node.KPfn = to.Pfn;
            from.Mapping = StableNode.Null;
        }
    }
}
