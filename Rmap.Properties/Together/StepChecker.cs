using Rmap.Model.Sched;

namespace Rmap.Properties.Together;

/// <summary>What was found wrong in the midst of a block.</summary>
internal sealed class StepViolation(Violation violation) : Exception
{
    internal Violation Violation => violation;
}

/// <summary>
/// Looks at the machine after every step of a block, and at every walk; stops the block with the first thing that is wrong.
/// </summary>
/// <param name="machine">The machine.</param>
/// <param name="block">What runs the block.</param>
internal sealed class StepChecker(Machine machine, Interleaving block) : IBlockWatcher
{
    private readonly List<Mm> mms = [];
    private readonly List<Walk> walks = [];
    private int[] counts = new int[64];

    /// <summary>The steps that were looked at.</summary>
    internal long Steps { get; private set; }

    public void Stepped(BlockTask task, string did)
    {
        Steps++;
        Look();
        foreach (Walk walk in walks)
            walk.Follow(mms);
    }

    public void Ended(BlockTask task) => Look();

    public void WalkBegins(BlockTask task, Page page)
    {
        FindMms();
        walks.Add(new Walk(task, page, mms));
    }

    public void WalkVisits(BlockTask task, Page page, VmArea vma, VirtualPage address) =>
        walks.FindLast(walk => walk.Task == task)?.Visit(vma.Mm, address);

    public void WalkEnds(BlockTask task, Page page, bool toEnd)
    {
        if (walks.FindLast(walk => walk.Task == task) is not { } walk)
            return;

        walks.Remove(walk);
        FindMms();
        walk.Follow(mms);
        if (toEnd && walk.Missed is (Mm mm, VirtualPage at))
            Tell(Races.WalkComplete, $"the walk of {page} by task {task.Letter} never came to page {at} of {mm}", $"it to find that place");
    }

    private static void Tell(Invariant invariant, Telling saw, Telling expected) =>
        throw new StepViolation(new Violation(invariant, saw, expected));

    private void FindMms()
    {
        mms.Clear();
        for (int i = 0; i < machine.Processes.Count; i++)
            Add(machine.Processes[i].Mm);

        foreach (BlockTask task in block.Tasks)
        {
            for (int i = 0; i < task.References.Count; i++)
            {
                if (task.References[i] is Mm mm)
                    Add(mm);
                else if (task.References[i] is Page { IsFreed: true } page)
                    Tell(Races.StepLive, $"task {task.Letter} holds {page}, which has been freed", $"it to be there");
            }
        }

        void Add(Mm mm)
        {
            if (!mms.Contains(mm))
                mms.Add(mm);
        }
    }

    private void Look()
    {
        FindMms();
        if (counts.Length < machine.Frames.End)
            counts = new int[machine.Frames.End * 2];

        Array.Clear(counts);
        foreach (Mm mm in mms)
            Look(mm);

        for (int number = 1; number < machine.Frames.End; number++)
        {
            if (machine.Frames[number] is { } page && page.MapCount != counts[number])
                Tell(Races.StepCount, $"mapcount {page.MapCount} of {page}", $"{counts[number]}, as many entries map it");
        }
    }

    private void Look(Mm mm)
    {
        foreach (PteTable table in mm.PageTable.Tables)
        {
            for (int i = 0; i < table.Entries.Length; i++)
            {
                Pte pte = table.Entries[i];
                if (pte.Kind == PteKind.Present)
                    Present(mm, table.Start + i, pte);
                else if (pte.Kind == PteKind.Migration && !IsWriteLocked(LockKind.Folio, pte.Page))
                    Tell(Races.StepMigration, $"a migration entry for {pte.Page} at page {table.Start + i} of {mm}", $"it to be locked");
            }
        }
    }

    private void Present(Mm mm, VirtualPage address, Pte pte)
    {
        if (pte.Page.IsFreed)
            Tell(Races.StepLive, $"page {address} of {mm} maps {pte.Page}, which has been freed", $"a page that is there");

        if (pte.Page.Mapping is null)
            Tell(Races.StepLive, $"page {address} of {mm} maps {pte.Page}, which belongs to no file any more", $"it to be unmapped first");

        counts[pte.Page.Pfn.Number]++;
        if (pte.IsWritable && mm.Lookup(address)?.Has(VmFlags.Write) != true && !IsWriteLocked(LockKind.MmapLock, mm))
            Tell(Races.StepPermission, $"page {address} of {mm} can be written", $"a VMA there that allows it");

        if (pte.IsWritable && pte.Page.Mapping is AnonVma && !(pte.Page.IsAnonExclusive && pte.Page.MapCount == 1))
            Tell(Races.StepPermission, $"page {address} of {mm} can be written, and {pte.Page} is not its own", $"a page of its own");
    }

    private bool IsWriteLocked(LockKind kind, object of)
    {
        foreach (TaskLock one in block.Locks)
        {
            if (one.Kind == kind && one.Of == of && one.Writer is not null)
                return true;
        }

        return false;
    }

    /// <summary>A walk under way: the places that have mapped its page since it began, and whether it has been there.</summary>
    private sealed class Walk
    {
        private readonly Page page;
        private readonly List<(Mm Mm, VirtualPage At, bool IsVisited)> places = [];
        private readonly List<(Mm Mm, VirtualPage At)> now = [];

        internal Walk(BlockTask task, Page page, List<Mm> mms)
        {
            (Task, this.page) = (task, page);
            Find(mms);
            places.AddRange(now.Select(place => (place.Mm, place.At, false)));
        }

        internal BlockTask Task { get; }

        /// <summary>A place that has not been visited, or null.</summary>
        internal (Mm Mm, VirtualPage At)? Missed
        {
            get
            {
                int index = places.FindIndex(place => !place.IsVisited);
                return index < 0 ? null : (places[index].Mm, places[index].At);
            }
        }

        internal void Visit(Mm mm, VirtualPage at)
        {
            int index = places.FindIndex(place => place.Mm == mm && place.At == at);
            if (index >= 0)
                places[index] = (mm, at, true);
        }

        /// <summary>Drops what no longer maps the page; what has gone from one place of an mm and come to another has moved.</summary>
        internal void Follow(List<Mm> mms)
        {
            Find(mms);
            for (int i = places.Count - 1; i >= 0; i--)
            {
                (Mm mm, VirtualPage at, bool isVisited) = places[i];
                if (now.Contains((mm, at)))
                    continue;

                int moved = now.FindIndex(place => place.Mm == mm && !places.Exists(known => known.Mm == mm && known.At == place.At));
                if (moved >= 0)
                    places[i] = (mm, now[moved].At, isVisited);
                else
                    places.RemoveAt(i);
            }
        }

        private void Find(List<Mm> mms)
        {
            now.Clear();
            foreach (Mm mm in mms)
            {
                foreach (PteTable table in mm.PageTable.Tables)
                {
                    for (int i = 0; i < table.Entries.Length; i++)
                    {
                        if (table.Entries[i].Maps(page))
                            now.Add((mm, table.Start + i));
                    }
                }
            }
        }
    }
}
