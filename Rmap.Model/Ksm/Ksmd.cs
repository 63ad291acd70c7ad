namespace Rmap.Model.Ksm;

/// <summary>
/// ksmd (<c>mm/ksm.c</c>, 6.18): which mms it scans, and its counters. It runs only when told to, in whole passes, so between
/// operations its cursor rests at the head of the list. Left out: smart scan (off), <c>merge_across_nodes</c>=0, the advisor,
/// memory failure.
/// </summary>
internal static class Ksmd
{
    private const int Unmerging = 2;

    /// <summary><c>ksm_madvise(MADV_MERGEABLE)</c>: <see cref="Enter"/>, unless there is no memory for the slot.</summary>
    internal static bool TryEnter(TaskStruct current, Mm mm)
    {
        if (mm.KsmSlot is null && current.ShouldFail())
            return false;

        Enter(current, mm);
        return true;
    }

    /// <summary><c>__ksm_enter</c>: registers an mm, if it is not: just behind the cursor, so that it is scanned last.</summary>
    internal static void Enter(TaskStruct current, Mm mm)
    {
        if (mm.KsmSlot is null)
        {
            mm.KsmSlot = new KsmMmSlot(mm);
            current.Machine.Ksm.Slots.Add(mm.KsmSlot);
        }
    }

    /// <summary><c>ksm_fork</c>: the child of a registered mm is registered; items are not copied.</summary>
    internal static void Fork(TaskStruct current, Mm parent, Mm child)
    {
        if (parent.KsmSlot is null || current.Rules.Skips(LinuxStep.KsmForkRegistersChild))
            return;

        Enter(current, child);
        if (current.Rules.Skips(LinuxStep.KsmForkResetsCounters))
        {
            child.KsmMergingPages = parent.KsmMergingPages;
            child.KsmRmapItems = parent.KsmRmapItems;
        }
    }

    /// <summary>
    /// <c>ksm_exit</c>, before the address space is taken down: a slot without items goes at once; else it is moved before the cursor
    /// and cleaned up by the next pass.
    /// </summary>
    internal static void Exit(TaskStruct current, Mm mm)
    {
        if (mm.KsmSlot is not { } slot)
            return;

        current.Machine.Ksm.Slots.Remove(slot);
        if (slot.Items.Count > 0)
            current.Machine.Ksm.Slots.Insert(0, slot);
        else
            mm.KsmSlot = null;
    }

    /// <summary>
    /// Runs whole passes: those asked for, or at least 3 and at most 30, until two in a row changed no counter. Its value is how many were
    /// done: fewer if no mm is registered any more, none while KSM is unmerged.
    /// </summary>
    internal static Outcome Execute(TaskStruct current, Operation.KsmScan scan)
    {
        const int least = 3;
        const int most = 30;
        KsmState ksm = current.Machine.Ksm;
        int done = 0;
        int quiet = 0;
        var repetition = new KsmRepetition();
        while (ksm.Slots.Count > 0 && ksm.Run != Unmerging
            && (scan.Passes > 0 ? done < scan.Passes : done < most && (done < least || quiet < 2)))
        {
            (int, int, int, int) before = Counters(ksm);
            KsmScan.Pass(current);
            quiet = before == Counters(ksm) ? quiet + 1 : 0;
            done++;
            done += repetition.Passes(ksm, left: Math.Max(0, scan.Passes) - done);
        }

        return Outcome.Of(done);

        static (int, int, int, int) Counters(KsmState ksm) => (ksm.PagesShared, ksm.PagesSharing, ksm.PagesUnshared, ksm.PagesVolatile);
    }

    /// <summary><c>run_store</c>.</summary>
    internal static Outcome Execute(TaskStruct current, Operation.KsmRun run)
    {
        if (run.Run is < 0 or > Unmerging)
            return Errno.EINVAL;

        if (run.Run == Unmerging && current.Machine.Ksm.Run != Unmerging)
            UnmergeAll(current);

        current.Machine.Ksm.Run = run.Run;
        return Errno.None;
    }

    /// <summary><c>max_page_sharing_store</c>: stable nodes that nobody uses any more go; with one that is used nothing changes.</summary>
    internal static Outcome Execute(TaskStruct current, Operation.KsmMaxSharing sharing)
    {
        KsmState ksm = current.Machine.Ksm;
        if (sharing.Items < 2)
            return Errno.EINVAL;

        if (sharing.Items != ksm.MaxPageSharing
            && (ksm.PagesShared > 0 || (current.Rules.Does(LinuxStep.KsmSweepsStableTree) && !StableTree.TryRemoveAll(current))))
        {
            return Errno.EBUSY;
        }

        ksm.MaxPageSharing = sharing.Items;
        return Errno.None;
    }

    /// <summary>
    /// <c>unmerge_and_remove_all_rmap_items</c>: every mergeable VMA gets its own pages back, ksmd forgets all items and begins to
    /// count its passes anew. Registered mms stay so.
    /// </summary>
    private static void UnmergeAll(TaskStruct current)
    {
        KsmState ksm = current.Machine.Ksm;
        foreach (KsmMmSlot slot in ksm.Slots.ToArray())
        {
            foreach (VmArea vma in slot.Mm.Vmas)
                Unmerge(current, vma, vma.Range);

            KsmScan.Discard(current, slot, 0, slot.Items.Count);
            if (slot.Mm.HasExited)
                ksm.Unregister(slot);
        }

        if (current.Rules.Does(LinuxStep.KsmSweepsStableTree))
            StableTree.TryRemoveAll(current);

        UnstableTree.Begin(ksm, 0);
    }

    /// <summary>
    /// <c>unmerge_ksm_pages</c>: gives a mergeable VMA private copies of the KSM pages in the range. Items stay until the next pass.
    /// </summary>
    /// <returns>False if an allocation failed; the pages before are private then.</returns>
    internal static bool Unmerge(TaskStruct current, VmArea vma, PageRange range)
    {
        if (!vma.IsMergeable)
            return true;

        foreach ((VirtualPage address, _) in vma.Mm.PageTable.Walk(range))
        {
            if (!KsmMerge.Break(current, vma, address))
                return false;
        }

        return true;
    }
}
