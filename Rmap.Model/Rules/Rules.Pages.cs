namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>__folio_set_anon</c>: which AV a new anonymous page points to: the VMA's own if the page is exclusive, else the root, so
    /// that every process that may come to map it is found.
    /// </summary>
    public virtual AnonVma AnonVmaForNewPage(VmArea vma, bool exclusive) => exclusive ? vma.AnonVma! : vma.AnonVma!.Root;

    /// <summary><c>__folio_try_dup_anon_rmap</c>: whether fork takes the AnonExclusive mark from a page that both now map.</summary>
    public virtual bool ForkClearsAnonExclusive => true;
}
