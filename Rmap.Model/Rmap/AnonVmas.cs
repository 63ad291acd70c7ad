using Rmap.Model.Sched;

namespace Rmap.Model.Rmap;

/// <summary>
/// The life of AVs and of the links between them and VMAs (<c>mm/rmap.c</c>, 6.18). The trees of one root change under
/// its lock only. False means ENOMEM: an allocation failed, and nothing has changed.
/// </summary>
internal static class AnonVmas
{
    /// <summary><c>__anon_vma_prepare</c>: gives the VMA an AV before its first anonymous page, if it has none.</summary>
    internal static bool Prepare(TaskStruct current, VmArea vma)
    {
        if (vma.AnonVma is not null)
            return true;

        if (current.ShouldFail())
            return false;

        AnonVma? lent = FindMergeable(current, vma);
        if (lent is null && current.ShouldFail())
            return false;

        current.Step("found or allocated an AV");
        using HeldLock _ = Lock(current, lent);
        if (vma.AnonVma is not null && current.Rules.Does(LinuxStep.PrepareAsksAgain))
            return true;

        vma.AnonVma = lent ?? New(current, null);
        Link(vma, vma.AnonVma);
        LinuxStep count = lent is null ? LinuxStep.PrepareCountsActiveVma : LinuxStep.PrepareCountsBorrower;
        vma.AnonVma.NumActiveVmas += current.Rules.Does(count) ? 1 : 0;
        return true;
    }

    /// <summary><c>anon_vma_clone</c> for split, merge and mremap: the target gets the source's chain and its AV.</summary>
    internal static bool Clone(TaskStruct current, VmArea target, VmArea source)
    {
        if (source.AnonVma is null)
            return true;

        target.AnonVma = source.AnonVma;
        if (!CloneChain(current, target, source))
            return false;

        target.AnonVma.NumActiveVmas += current.Rules.Does(LinuxStep.CloneCountsActiveVma) ? 1 : 0;
        return true;
    }

    /// <summary>
    /// <c>dup_anon_vma</c>, <c>vma_iter_prealloc</c>: an untouched VMA that a merge lets grow gets the AVs of what it takes over, before
    /// anything is changed. If there is no room in the tree of VMAs then, it lets go of them. False without memory.
    /// </summary>
    /// <param name="current">The task.</param>
    /// <param name="target">The VMA that is to grow.</param>
    /// <param name="joined">The VMA, or part of one, that it takes over, or null.</param>
    /// <param name="copiedFrom">The VMA that mremap copies, or null.</param>
    internal static bool Duplicate(TaskStruct current, VmArea target, VmArea? joined, VmArea? copiedFrom)
    {
        Rules rules = current.Rules;
        AnonVma? before = target.AnonVma;
        if ((joined is not null && rules.MergeTakesOverAnonVma(target, joined) && !Clone(current, target, joined))
            || (copiedFrom is not null && rules.MergeTakesOverCopiedAnonVma(target, copiedFrom) && !Clone(current, target, copiedFrom)))
        {
            return false;
        }

        bool hasRoom = !current.ShouldFail();
        if (!hasRoom && target.AnonVma != before && rules.Does(LinuxStep.FailedMergeUnlinksAnonVma))
            Unlink(current, target);

        return hasRoom;
    }

    /// <summary>
    /// <c>anon_vma_fork</c>: links the child's VMA to all AVs of its parent's, so that rmap finds the pages they share, and gives
    /// it an AV for its own pages: one that nobody uses any more, else a new one.
    /// </summary>
    internal static bool Fork(TaskStruct current, VmArea child, VmArea parent)
    {
        if (parent.AnonVma is null)
            return true;

        bool allocatesFirst = current.Rules.ForkAllocatesOwnFirst;
        if ((allocatesFirst && !CanAllocateOwn(current)) || !CloneChain(current, child, parent))
            return false;

        if (child.AnonVma is null)
        {
            if (!allocatesFirst && !CanAllocateOwn(current))
            {
                Unlink(current, child);
                return false;
            }

            using HeldLock _ = Lock(current, parent.AnonVma);
            child.AnonVma = New(current, parent.AnonVma);
            Link(child, child.AnonVma);
            child.AnonVma.Parent.NumChildren++;
        }

        child.AnonVma.NumActiveVmas += current.Rules.Does(LinuxStep.ForkCountsActiveVma) ? 1 : 0;
        return true;
    }

    /// <summary>The AV that a fork may need, and its link.</summary>
    private static bool CanAllocateOwn(TaskStruct current) => !current.ShouldFail() && !current.ShouldFail();

    /// <summary>
    /// <c>unlink_anon_vmas</c>: takes the VMA out of every AV it is linked to; those that know no VMA any more stay in its list for a
    /// second round, which frees them.
    /// </summary>
    internal static void Unlink(TaskStruct current, VmArea vma)
    {
        HeldLock taken = Lock(current, vma.ChainLength > 0 ? vma.ChainFromTail(0).AnonVma : null);
        for (int i = vma.ChainLength - 1; i >= 0; i--)
        {
            AnonVma anonVma = vma.ChainFromTail(i).AnonVma;
            Remove(vma.ChainFromTail(i));
            if (anonVma.Tree.IsEmpty)
                anonVma.Parent.NumChildren -= current.Rules.Does(LinuxStep.UnlinkUncountsChild) ? 1 : 0;
            else
                vma.RemoveFromChain(i);
        }

        if (vma.AnonVma is not null)
        {
            vma.AnonVma.NumActiveVmas -= current.Rules.Does(LinuxStep.UnlinkUncountsActiveVma) ? 1 : 0;
            vma.AnonVma = current.Rules.Does(LinuxStep.UnlinkForgetsAnonVma) ? null : vma.AnonVma;
        }

        taken.Dispose();

        for (int i = vma.ChainLength - 1; i >= 0; i--)
        {
            AnonVma emptied = vma.ChainFromTail(i).AnonVma;
            if (current.Rules.UnlinkPutsEmptied(emptied))
                Put(current, emptied);

            vma.RemoveFromChain(i);
        }
    }

    /// <summary><c>anon_vma_interval_tree_pre_update_vma</c>: out of all trees, before the VMA's bounds change.</summary>
    internal static void PreUpdate(VmArea vma)
    {
        for (int i = vma.ChainLength - 1; i >= 0; i--)
            Remove(vma.ChainFromTail(i));
    }

    /// <summary><c>anon_vma_interval_tree_post_update_vma</c>: back into all trees.</summary>
    internal static void PostUpdate(VmArea vma)
    {
        for (int i = vma.ChainLength - 1; i >= 0; i--)
            Insert(vma.ChainFromTail(i));
    }

    /// <summary><c>anon_vma_lock_write</c>: of the root of its tree; nothing without an AV.</summary>
    internal static HeldLock Lock(TaskStruct current, AnonVma? anonVma) =>
        current.IsAlone || anonVma is null ? default : current.LockRoot(anonVma.Root, write: true);

    /// <summary>The same for the AV of a VMA that is to change, or of a second one if it has none (<c>vma_prepare</c>).</summary>
    internal static HeldLock Lock(TaskStruct current, VmArea vma, VmArea? other) =>
        current.IsAlone ? default : Lock(current, vma.AnonVma ?? other?.AnonVma);

    /// <summary><c>get_anon_vma</c>.</summary>
    internal static void Get(AnonVma anonVma) => anonVma.RefCount++;

    /// <summary><c>put_anon_vma</c>, <c>__put_anon_vma</c>: a freed AV lets go of its root.</summary>
    internal static void Put(TaskStruct current, AnonVma anonVma)
    {
        if (--anonVma.RefCount > 0)
            return;

        Rules rules = current.Rules;
        AnonVma root = anonVma.Root;
        bool holdsRoot = root != anonVma && rules.Does(LinuxStep.AnonVmaHoldsRoot);
        if (holdsRoot && rules.Skips(LinuxStep.ChildIsFreedBeforeRoot))
            Put(current, root);

        Free(current, anonVma);
        if (holdsRoot && rules.Does(LinuxStep.ChildIsFreedBeforeRoot))
            Put(current, root);
    }

    /// <summary><c>anon_vma_free</c>: waits for whoever walks the tree, which the lock in its root tells.</summary>
    private static void Free(TaskStruct current, AnonVma anonVma)
    {
        if (anonVma.Root.IsFreed && current.Rules.Does(LinuxStep.AnonVmaHoldsRoot))
            throw new KernelBug($"looks, in anon_vma_free of {anonVma}, at the lock of the root", anonVma.Root);

        anonVma.IsFreed = true;
        current.Machine.AnonVmas.Return(anonVma.Id);
    }

    private static AnonVma New(TaskStruct current, AnonVma? parent)
    {
        AnonVma? root = parent is null ? null : current.Rules.RootOfForkedAnonVma(parent);
        var anonVma = new AnonVma(current.Machine.AnonVmas.Take(), parent, root) { RefCount = 1, NumChildren = parent is null ? 1 : 0 };
        if (parent is not null && current.Rules.Does(LinuxStep.AnonVmaHoldsRoot))
            Get(anonVma.Root);

        return anonVma;
    }

    /// <summary><c>anon_vma_clone</c>: what was linked until there was no memory is unlinked again.</summary>
    private static bool CloneChain(TaskStruct current, VmArea target, VmArea source)
    {
        HeldLock taken = Lock(current, source.AnonVma);
        bool isLinked = LinkToAll(current, target, source);
        taken.Dispose();
        if (isLinked)
            return true;

        target.AnonVma = current.Rules.Does(LinuxStep.FailedCloneForgetsAnonVma) ? null : target.AnonVma;
        Unlink(current, target);
        return false;
    }

    /// <summary>
    /// Links the target to all AVs of the source. A target without an AV, a fork child's, takes the first that can be reused. The caller
    /// counts it.
    /// </summary>
    private static bool LinkToAll(TaskStruct current, VmArea target, VmArea source)
    {
        Rules rules = current.Rules;
        int links = source.ChainLength;
        for (int i = 0; i < source.ChainLength; i++)
        {
            if (source.ChainLength > links)
                throw new KernelBug($"walks without end, in anon_vma_clone, the chain of {source}, which grows meanwhile");

            int at = rules.CloneWalksChainFromHead ? links - 1 - i : i;
            AnonVma anonVma = source.ChainFromTail(at).AnonVma;
            if (!rules.CloneLinks(anonVma, target, source))
                continue;

            if (current.ShouldFail())
                return false;

            Link(target, anonVma);
            if (target.AnonVma is null && rules.ForkMayReuse(anonVma, source))
                target.AnonVma = anonVma;
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
        link.AnonVma.Tree.Insert(link.Node, link.Vma.AnonPageOffset, link.Vma.LastAnonPageOffset);

    private static void Remove(AnonVmaChain link) => link.AnonVma.Tree.Remove(link.Node);

    /// <summary>
    /// <c>find_mergeable_anon_vma</c>: a neighbour's AV, so that the two VMAs can merge later; the next one is asked first.
    /// </summary>
    private static AnonVma? FindMergeable(TaskStruct current, VmArea vma)
    {
        if (vma.Mm.After(vma) is { } next && current.Rules.ReusableAnonVma(next, vma, next))
            return next.AnonVma;

        return vma.Mm.Previous(vma.Start) is { } previous && current.Rules.ReusableAnonVma(previous, previous, vma)
            ? previous.AnonVma
            : null;
    }
}
