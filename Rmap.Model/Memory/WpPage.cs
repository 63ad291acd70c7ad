using Rmap.Model.Rmap;
using Rmap.Model.Swap;

namespace Rmap.Model.Memory;

/// <summary>
/// <c>do_wp_page</c> (<c>mm/memory.c</c>, 6.18): a store through an entry that does not allow it, or a demand for an exclusive page. Shared
/// memory becomes writable; a private page is used as it is if nobody else can see it, else copied.
/// </summary>
internal static class WpPage
{
    internal static VmFault Handle(TaskStruct current, in Vmf vmf)
    {
        if (current.Rules.StoreIsShared(vmf.Vma))
            return FileFault.WpShared(current, vmf);

        Pte pte = vmf.OrigPte;
        if (!pte.IsPresent || !pte.Page.IsAnon || !(pte.Page.IsAnonExclusive || TryReuse(current, pte.Page, vmf.Vma)))
            return Copy(current, vmf);

        pte.Page.Set(PageFlags.AnonExclusive);
        if (vmf.IsWrite)
            vmf.Set(pte.With(PteBits.Young | PteBits.Dirty).MaybeMkwrite(vmf.Vma));

        return VmFault.None;
    }

    /// <summary><c>wp_can_reuse_anon_folio</c>: leaves the swap cache if that is all that still holds the page.</summary>
    private static bool TryReuse(TaskStruct current, Page page, VmArea vma)
    {
        if (!current.Rules.MayReuse(page))
            return false;

        SwapCache.FreeSwap(current, page);
        PageRmap.MoveAnon(current, page, vma);
        return true;
    }

    /// <summary><c>wp_page_copy</c>: an exclusive copy takes the page's place.</summary>
    private static VmFault Copy(TaskStruct current, in Vmf vmf)
    {
        if (!NewAnonPage.Prepare(current, vmf))
            return VmFault.Oom;

        Pte old = vmf.OrigPte;
        NewAnonPage.Map(current, vmf, old.IsPresent ? old.Page.Value : (byte)0);
        if (old.IsPresent)
        {
            PageRmap.Remove(current, old.Page, vmf.Vma);
            SwapCache.FreePageAndSwapCache(current, old.Page);
        }
        else
        {
            KsmZeroPages.MightUnmap(current, vmf.Vma.Mm, old);
        }

        return VmFault.None;
    }
}
