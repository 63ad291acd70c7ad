namespace Rmap.Model.State;

/// <content>Pages, swap, and the AVs through which pages are found.</content>
public abstract partial class StateVisitor
{
    /// <summary>The flags that say how a page is used, and where reclaim finds it.</summary>
    protected const PageFlags Activity =
        PageFlags.Referenced | PageFlags.Active | PageFlags.Mlocked | PageFlags.Unevictable | PageFlags.Reclaim;

    /// <summary>The pages in the order of their frames.</summary>
    /// <param name="frames">The physical memory.</param>
    /// <param name="isByNumber">Whether something knows a frame by its number, so that the free ones count, too.</param>
    protected void Visit(Frames frames, bool isByNumber)
    {
        for (int number = 1; number < frames.End; number++)
        {
            Page? page = frames[new Pfn(number)];
            if (page is not null || isByNumber)
                Thing("frames", page);
        }

        End();
    }

    /// <summary>A page.</summary>
    protected void Visit(Page page)
    {
        Thing("mapping", page.Mapping, Role.Index);
        Number("index", page.Index, Role.Index);
        Number("value", page.Value);
        Number("mapcount", page.MapCount, Role.Index);
        Number("_refcount", page.RefCount, Role.Report);
        Thing("swapcache", page.SwapCache);
        Number("pins", page.Pins, Role.Index);
        Number("gets", page.Gets, Role.Index);
        Number("flags", (long)(page.Flags & ~Activity));
        Number("activity", (long)(page.Flags & Activity), Role.Hint);
        Number("mlock_count", page.MlockCount, Role.Hint);
        Fact("freed", page.IsFreed);
    }

    /// <summary>A swap slot.</summary>
    protected void Visit(SwapSlot slot)
    {
        Number("count", slot.Count, Role.Index);
        Number("value", slot.Value);
        Thing("cache", slot.Cache);
        Thing("of", slot.Owner);
    }

    /// <summary>A page that was handed out.</summary>
    protected void Visit(Pin pin)
    {
        Thing("page", pin.Page);
        Number("gup", (long)pin.Kind);
    }

    /// <summary>An AV with its interval tree.</summary>
    protected void Visit(AnonVma anonVma)
    {
        Fact("freed", anonVma.IsFreed, Role.Index);
        if (anonVma.IsFreed)
            return;

        Thing("root", anonVma.Root, Role.Index);
        Thing("parent", anonVma.Parent, Role.Index);
        Number("children", anonVma.NumChildren, Role.Index);
        Number("active", anonVma.NumActiveVmas, Role.Index);
        Number("refcount", anonVma.RefCount, Role.Index);
        for (IntervalNode<AnonVmaChain>? node = anonVma.Tree.FirstInOrder; node is not null; node = node.NextInOrder())
            Interval("rb_root", node.Start, node.Last, node.Value.Vma);

        End();
    }
}
