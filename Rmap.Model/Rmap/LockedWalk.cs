using Rmap.Model.Sched;

namespace Rmap.Model.Rmap;

/// <summary>
/// <c>rmap_walk</c> as a mechanism does it: under the lock that keeps what it walks over as it is, i_mmap_rwsem or that of the AV's root,
/// for reading; others may run between two places. Left out: that <c>page_referenced</c> only tries the lock, and the locks of a KSM
/// page's walk, which is one step.
/// </summary>
/// <param name="current">The task.</param>
/// <param name="page">The page walked from.</param>
/// <param name="held">
/// The AV that the caller holds a reference on, though the page is mapped nowhere any more; else null: what is not mapped is not walked.
/// </param>
internal readonly ref struct LockedWalk(TaskStruct current, Page page, PageMapping? held = null)
{
    public Enumerator GetEnumerator() => new(current, page, held);

    /// <summary><c>folio_get_anon_vma</c>: an AV that stays while nothing of it is mapped, since the walk back begins there.</summary>
    internal static PageMapping? Hold(TaskStruct current, Page page)
    {
        if (current.IsAlone || page.Mapping is not AnonVma anonVma)
            return null;

        AnonVmas.Get(anonVma);
        return anonVma;
    }

    /// <summary><c>put_anon_vma</c>.</summary>
    internal static void LetGo(TaskStruct current, PageMapping? held)
    {
        if (held is AnonVma anonVma)
            AnonVmas.Put(current, anonVma);
    }

    internal ref struct Enumerator
    {
        private readonly TaskStruct current;
        private readonly Page page;
        private readonly HeldLock taken;
        private readonly bool hasSteps;
        private RmapVisits.Enumerator places;
        private bool hasBegun;
        private bool toEnd;

        internal Enumerator(TaskStruct current, Page page, PageMapping? held)
        {
            (this.current, this.page) = (current, page);
            hasSteps = !current.IsAlone && page.Mapping is not StableNode;
            if (hasSteps && !TryLock(held, out taken))
                toEnd = true;
            else
                places = RmapWalk.Visits(page, current.Rules).GetEnumerator();

            if (hasSteps && !toEnd)
                current.Walker!.Begins(page);
        }

        public readonly RmapVisit Current => places.Current;

        public bool MoveNext()
        {
            if (!hasSteps)
                return places.MoveNext();

            if (toEnd)
                return false;

            if (hasBegun)
                current.Step("");

            hasBegun = true;
            toEnd = !places.MoveNext();
            if (!toEnd)
                current.Walker!.Visits(page, places.Current.Vma, places.Current.Address);

            return !toEnd;
        }

        public readonly void Dispose()
        {
            if (hasSteps && hasBegun)
                current.Walker!.Ends(page, toEnd);

            taken.Dispose();
        }

        /// <summary>
        /// <c>folio_lock_anon_vma_read</c>: takes the lock that belongs to the page's mapping, and asks then whether the page is mapped
        /// still, through the same: else the AV may have been freed, and be that of another tree.
        /// </summary>
        private readonly bool TryLock(PageMapping? held, out HeldLock locked)
        {
            while (true)
            {
                PageMapping? mapping = page.Mapping;
                locked = mapping is AnonVma anonVma ? current.LockRoot(anonVma.Root, write: false)
                    : current.LockIMmap(mapping as AddressSpace, write: false);
                if (held is not null || mapping is AddressSpace || current.Rules.Skips(LinuxStep.WalkAsksMappedAgain))
                    return true;

                if (page.MapCount > 0 && page.Mapping == mapping)
                    return true;

                locked.Dispose();
                if (page.MapCount == 0)
                    return false;
            }
        }
    }
}
