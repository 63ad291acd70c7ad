namespace Rmap.Model;

public partial class Rules
{
    /// <summary><c>mseal</c>: whether there is such a call. Since 6.10.</summary>
    public virtual bool HasMseal => Since(6, 10);

    /// <summary>
    /// <c>can_modify_vma</c>, <c>vma_is_sealed</c>: whether a VMA may be unmapped, moved, or get another protection; else EPERM.
    /// </summary>
    public virtual bool MayModify(VmArea vma) => !vma.Has(VmFlags.Sealed);

    /// <summary>
    /// <c>can_madvise_modify</c>: whether advice may act on a VMA; else EPERM. What would take the contents of sealed anonymous memory
    /// may not, unless a store might do as much.
    /// </summary>
    public virtual bool MayAdvise(VmArea vma, Advice advice) =>
        MayModify(vma) || !vma.IsAnonymous || vma.Has(VmFlags.Write)
        || advice is not (Advice.DontNeed or Advice.DontNeedLocked or Advice.Free or Advice.Remove or Advice.DontFork or Advice.WipeOnFork);
}
