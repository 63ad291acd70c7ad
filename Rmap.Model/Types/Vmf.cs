namespace Rmap.Model.Types;

/// <summary><c>struct vm_fault</c>: a page fault under way.</summary>
/// <param name="Vma">Where; it allows the access.</param>
/// <param name="Address">Which page.</param>
/// <param name="Kind">What for.</param>
/// <param name="Tried">FAULT_FLAG_TRIED: whether this fault had to be retried.</param>
/// <param name="OrigPte"><c>orig_pte</c>: the entry that was found there.</param>
internal readonly record struct Vmf(VmArea Vma, VirtualPage Address, FaultKind Kind, bool Tried, Pte OrigPte)
{
    /// <summary>FAULT_FLAG_WRITE.</summary>
    internal bool IsWrite => Kind == FaultKind.Write;

    /// <summary>The page offset of the address (<c>pgoff</c>).</summary>
    internal long PageOffset => Vma.LinearPageIndex(Address);

    /// <summary><c>pte_same</c>: whether the entry is as it was found, or looks so: it may have gone and come again.</summary>
    internal bool IsSame => Vma.Mm.PageTable[Address].LooksLike(OrigPte);

    /// <summary>Stores the entry that ends the fault.</summary>
    internal void Set(Pte pte) => Vma.Mm.PageTable[Address] = pte;
}
