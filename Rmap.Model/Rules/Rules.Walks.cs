namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>vma_address</c>: where in a VMA the page with this index is, or null if not in it. A walk takes it from the tree, so null
    /// means that the tree's key is wrong (VM_BUG_ON_VMA in Linux).
    /// </summary>
    /// <param name="vma">A VMA that the walk has found.</param>
    /// <param name="index">The page's index, in pages.</param>
    public virtual VirtualPage? VmaAddress(VmArea vma, long index)
    {
        VirtualPage address = vma.Start + (index - vma.PageOffset);
        return index >= vma.PageOffset && address < vma.End ? address : null;
    }

    /// <summary>
    /// <c>check_pte</c>: whether the entry that a walk found maps the page. It has to be asked: another page may lie there.
    /// </summary>
    public virtual bool CheckPte(Pte pte, Page page) => pte.Maps(page);

    /// <summary>
    /// <c>rmap_walk_ksm</c>: the page offsets for which an item's AV is searched. All of them: an item knows its address only, and a
    /// VMA that has moved has another page offset there.
    /// </summary>
    public virtual (long First, long Last) KsmWalkInterval(RmapItem item) => (0, long.MaxValue);

    /// <summary><c>rmap_walk_ksm</c>: whether an item's address lies in a VMA that its AV knows.</summary>
    public virtual bool KsmItemLiesIn(VmArea vma, VirtualPage address) => vma.Range.Contains(address);

    /// <summary>
    /// <c>rmap_walk_ksm</c>: whether a VMA is looked at in this round: the item's own mm in the first, all others in the second.
    /// </summary>
    /// <param name="vma">A VMA that covers the item's address.</param>
    /// <param name="item">The item.</param>
    /// <param name="newForks">The second round (<c>search_new_forks</c>).</param>
    public virtual bool KsmWalkTakes(VmArea vma, RmapItem item, bool newForks) => (vma.Mm == item.Mm) != newForks;
}
