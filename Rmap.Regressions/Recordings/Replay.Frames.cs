namespace Rmap.Regressions.Recordings;

internal sealed partial class Replay
{
    private readonly List<Place> sorted = [];

    private void CompareFrames(RecordedState state)
    {
        CompareCount(FieldKind.Frames, "frames", state.Frames, machine.Frames.All, each => each.Name, pages.Of);
        foreach (RecordedFrame recorded in state.Frames)
        {
            if (pages.Find(recorded.Name) is { IsFreed: false } page)
            {
                CompareFrame(recorded, page);
            }
            else
            {
                Report(FieldKind.Frames, recorded.Name, "there", "none");
                Skip(FieldKind.Mapping, FieldKind.RmapVisited);
            }
        }
    }

    private void CompareWalks(RecordedState state)
    {
        foreach (RecordedFrame recorded in state.Frames)
        {
            if (pages.Find(recorded.Name) is { IsFreed: false } page)
                CompareWalk(recorded, page);
        }
    }

    private void CompareFrame(RecordedFrame recorded, Page page)
    {
        string kind = KindOf(page);
        if (recorded.Kind != kind)
            Report(FieldKind.Mapping, recorded.Name + " kind", recorded.Kind, kind);
        else if (!Undetermined.HasMapping(page) && !SameMapping(recorded.Mapping, page.Mapping))
            Report(FieldKind.Mapping, recorded.Name + " mapping", recorded.Mapping, Name(page.Mapping));

        Compare(recorded, page);
        if (recorded.IsWriteback || recorded.IsLocked || !recorded.IsOnLru || !recorded.IsUptodate)
            Report(FieldKind.AtRest, recorded.Name, "under writeback, locked, off the LRU or not up to date", "at rest");
    }

    /// <summary>What the walk finds: the places it looks at where the PTE maps the page.</summary>
    private void CompareWalk(RecordedFrame recorded, Page page)
    {
        if (page.Mapping is AnonVma { IsFreed: true })
            return;

        bool canWalk = page.Mapping is not (null or StableNode { IsFreed: true });
        if (recorded.RmapVisited is not { } visited || !canWalk)
        {
            if (recorded.RmapVisited is not null || canWalk)
            {
                Report(FieldKind.RmapVisited, recorded.Name + " walk", recorded.RmapVisited is null ? "impossible" : "possible",
                    canWalk ? "possible" : "impossible");
                Skip(FieldKind.Rmap, FieldKind.RmapOrder);
            }

            return;
        }

        int visits = 0;
        walked.Clear();
        foreach (RmapVisit visit in RmapWalk.Visits(page, machine.Rules))
        {
            visits++;
            if (visit.Vma.Mm.PageTable[visit.Address].Maps(page))
                walked.Add(new Place(visit.Vma.Mm.Owner.Number, visit.Address.Number));
        }

        if (visited != visits)
            Report(FieldKind.RmapVisited, recorded.Name + " VMAs visited", visited, visits);

        CompareSequence(FieldKind.RmapOrder, recorded.Name, " rmap in walk order", recorded.RmapOrder, walked);
        sorted.Clear();
        sorted.AddRange(walked);
        sorted.Sort();
        int unique = 0;
        for (int i = 0; i < sorted.Count; i++)
        {
            if (unique == 0 || sorted[i] != sorted[unique - 1])
                sorted[unique++] = sorted[i];
        }

        sorted.RemoveRange(unique, sorted.Count - unique);
        CompareSequence(FieldKind.Rmap, recorded.Name, " rmap", recorded.Rmap, sorted);
    }

    private static string KindOf(Page page) => page.Mapping switch
    {
        AnonVma => "anon",
        StableNode => "ksm",
        AddressSpace { IsShmem: true } => "shmem",
        AddressSpace => "file",
        _ => "swapcache",
    };

    private bool SameMapping(string? recorded, PageMapping? mapping) => mapping switch
    {
        AnonVma anonVma => anonVmas.Same(recorded, anonVma),
        StableNode node when node != StableNode.Null => stableNodes.Same(recorded, node),
        AddressSpace file => SameFile(recorded, file),
        _ => recorded is null,
    };

    private string Name(PageMapping? mapping) => mapping switch
    {
        AnonVma anonVma => anonVmas.Of(anonVma),
        StableNode node => stableNodes.Of(node),
        AddressSpace file => files.Of(file),
        _ => "none",
    };
}
