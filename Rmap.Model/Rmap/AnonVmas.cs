namespace Rmap.Model.Rmap;

/// <summary>
/// The life of AVs and of the links between them and VMAs (<c>mm/rmap.c</c>, 6.18). Left out: locks. False means ENOMEM: an
/// allocation failed, and nothing has changed.
/// </summary>
internal sealed class AnonVmas
{
    private readonly SmallestFirst ids = new();
    private readonly List<AnonVma> emptied = [];
    private readonly Rules rules;
    private readonly FaultInjection faults;

    internal AnonVmas(Rules rules, FaultInjection faults)
    {
        this.rules = rules;
        this.faults = faults;
    }

    /// <summary>AVs that have not been freed.</summary>
    internal int Live { get; private set; }

    /// <summary><c>__anon_vma_prepare</c>: gives the VMA an AV before its first anonymous page, if it has none.</summary>
    internal bool Prepare(VmArea vma)
    {
        if (vma.AnonVma is not null)
        {
            return true;
        }

        if (faults.ShouldFail())
        {
            return false;
        }

        AnonVma? anonVma = FindMergeable(vma);
        if (anonVma is null)
        {
            if (faults.ShouldFail())
            {
                return false;
            }

            anonVma = New(null);
        }

        vma.AnonVma = anonVma;
        Link(vma, anonVma);
        anonVma.NumActiveVmas++;
        return true;
    }

    /// <summary><c>anon_vma_clone</c> for split, merge and mremap: the target gets the source's chain and its AV.</summary>
    internal bool Clone(VmArea target, VmArea source)
    {
        if (source.AnonVma is null)
        {
            return true;
        }

        target.AnonVma = source.AnonVma;
        if (!LinkToAll(target, source))
        {
            return false;
        }

        target.AnonVma.NumActiveVmas += rules.CloneCountsActiveVma ? 1 : 0;
        return true;
    }

    /// <summary>
    /// <c>anon_vma_fork</c>: links the child's VMA to all AVs of its parent's, so that rmap finds the pages they share, and gives
    /// it an AV for its own pages: one that nobody uses any more, else a new one.
    /// </summary>
    internal bool Fork(VmArea child, VmArea parent)
    {
        if (parent.AnonVma is null)
        {
            return true;
        }

        if ((rules.ForkAllocatesOwnFirst && !CanAllocateOwn()) || !LinkToAll(child, parent))
        {
            return false;
        }

        if (child.AnonVma is null)
        {
            if (!rules.ForkAllocatesOwnFirst && !CanAllocateOwn())
            {
                Unlink(child);
                return false;
            }

            AnonVma own = New(parent.AnonVma);
            child.AnonVma = own;
            Link(child, own);
            own.Parent.NumChildren++;
        }

        child.AnonVma.NumActiveVmas++;
        return true;
    }

    /// <summary>The AV that a fork may need, and its link.</summary>
    private bool CanAllocateOwn() => !faults.ShouldFail() && !faults.ShouldFail();

    /// <summary>
    /// <c>unlink_anon_vmas</c>: takes the VMA out of every AV it is linked to, and frees those that know no VMA any more.
    /// </summary>
    internal void Unlink(VmArea vma)
    {
        for (int i = vma.ChainLength - 1; i >= 0; i--)
        {
            AnonVmaChain link = vma.ChainFromTail(i);
            link.AnonVma.Tree.Remove(link.Node);
            if (link.AnonVma.Tree.IsEmpty)
            {
                link.AnonVma.Parent.NumChildren -= rules.UnlinkUncountsChild ? 1 : 0;
                emptied.Add(link.AnonVma);
            }
        }

        vma.ClearChain();
        if (vma.AnonVma is not null)
        {
            vma.AnonVma.NumActiveVmas--;
            vma.AnonVma = rules.UnlinkForgetsAnonVma ? null : vma.AnonVma;
        }

        foreach (AnonVma anonVma in emptied)
        {
            if (rules.UnlinkPutsEmptied(anonVma))
            {
                Put(anonVma);
            }
        }

        emptied.Clear();
    }

    /// <summary><c>anon_vma_interval_tree_pre_update_vma</c>: out of all trees, before the VMA's bounds change.</summary>
    internal static void PreUpdate(VmArea vma)
    {
        for (int i = vma.ChainLength - 1; i >= 0; i--)
        {
            AnonVmaChain link = vma.ChainFromTail(i);
            link.AnonVma.Tree.Remove(link.Node);
        }
    }

    /// <summary><c>anon_vma_interval_tree_post_update_vma</c>: back into all trees.</summary>
    internal static void PostUpdate(VmArea vma)
    {
        for (int i = vma.ChainLength - 1; i >= 0; i--)
        {
            Insert(vma.ChainFromTail(i));
        }
    }

    /// <summary><c>get_anon_vma</c>.</summary>
    internal static void Get(AnonVma anonVma) => anonVma.RefCount++;

    /// <summary><c>put_anon_vma</c>, <c>__put_anon_vma</c>: a freed AV lets go of its root.</summary>
    internal void Put(AnonVma anonVma)
    {
        if (--anonVma.RefCount > 0)
        {
            return;
        }

        bool holdsRoot = anonVma.Root != anonVma && rules.AnonVmaHoldsRoot;
        if (holdsRoot && !rules.ChildIsFreedBeforeRoot)
        {
            Put(anonVma.Root);
        }

        Free(anonVma);
        if (holdsRoot && rules.ChildIsFreedBeforeRoot)
        {
            Put(anonVma.Root);
        }
    }

    /// <summary><c>anon_vma_free</c>: waits for whoever walks the tree, which the lock in its root tells.</summary>
    private void Free(AnonVma anonVma)
    {
        if (anonVma.Root.IsFreed && rules.AnonVmaHoldsRoot)
        {
            throw new InvalidOperationException($"anon_vma_free of {anonVma} looks at the lock of its root, which has been freed.");
        }

        anonVma.IsFreed = true;
        ids.Return(anonVma.Id);
        Live--;
    }

    private AnonVma New(AnonVma? parent)
    {
        var anonVma = new AnonVma(ids.Take(), parent) { RefCount = 1, NumChildren = parent is null ? 1 : 0 };
        if (parent is not null && rules.AnonVmaHoldsRoot)
        {
            Get(anonVma.Root);
        }

        Live++;
        return anonVma;
    }

    /// <summary>
    /// <c>anon_vma_clone</c>: links the target to all AVs of the source. A target without an AV, a fork child's, takes the first that
    /// can be reused. The caller counts it.
    /// </summary>
    private bool LinkToAll(VmArea target, VmArea source)
    {
        int links = source.ChainLength;
        for (int i = 0; i < source.ChainLength; i++)
        {
            if (source.ChainLength > links)
            {
                throw new InvalidOperationException($"anon_vma_clone walks the chain of {source}, which grows meanwhile: it never ends.");
            }

            int at = rules.CloneWalksChainFromHead ? links - 1 - i : i;
            AnonVma anonVma = source.ChainFromTail(at).AnonVma;
            if (!rules.CloneLinks(anonVma, target, source))
            {
                continue;
            }

            if (faults.ShouldFail())
            {
                target.AnonVma = rules.FailedCloneForgetsAnonVma ? null : target.AnonVma;
                Unlink(target);
                return false;
            }

            Link(target, anonVma);
            if (target.AnonVma is null && rules.ForkMayReuse(anonVma, source))
            {
                target.AnonVma = anonVma;
            }
        }

        return true;
    }

    private static void Link(VmArea vma, AnonVma anonVma)
    {
        var link = new AnonVmaChain(vma, anonVma);
        vma.AddToChain(link);
        Insert(link);
    }

    private static void Insert(AnonVmaChain link) =>
        link.AnonVma.Tree.Insert(link.Node, link.Vma.PageOffset, link.Vma.LastPageOffset);

    /// <summary>
    /// <c>find_mergeable_anon_vma</c>: a neighbour's AV, so that the two VMAs can merge later; the next one is asked first.
    /// </summary>
    private AnonVma? FindMergeable(VmArea vma)
    {
        if (vma.Mm.After(vma) is { } next && rules.MayLendAnonVma(next, vma, next))
        {
            return next.AnonVma;
        }

        return vma.Mm.Previous(vma.Start) is { } previous && rules.MayLendAnonVma(previous, previous, vma) ? previous.AnonVma : null;
    }
}
