using Rmap.Model.Rmap;
using Rmap.Model.Sched;
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
        if (!current.Rules.MayReuse(page) || !current.TryLock(LockKind.Folio, page, out HeldLock folio))
            return false;

        SwapCache.FreeSwap(current, page);
        PageRmap.MoveAnon(current, page, vma);
        folio.Dispose();
        return true;
    }

    /// <summary><c>wp_page_copy</c>: makes an exclusive copy of the page, if the entry is still the same then.</summary>
    private static VmFault Copy(TaskStruct current, in Vmf vmf)
    {
        Pte old = vmf.OrigPte;
        if (old.IsPresent)
            current.Get(old.Page);

        VmFault fault = NewAnonPage.Prepare(current, vmf) ? VmFault.None : VmFault.Oom;
        byte copied = old.IsPresent ? old.Page.Value : (byte)0;
        current.Step("copied the page");
        if (fault == VmFault.None && (!current.HasChanged(vmf) || current.Rules.Skips(LinuxStep.CopyComparesEntry)))
            Replace(current, vmf, copied);

        if (old.IsPresent)
            current.Put(old.Page);

        return fault;
    }

    /// <summary>The copy takes the page's place.</summary>
    private static void Replace(TaskStruct current, in Vmf vmf, byte copied)
    {
        Pte old = vmf.OrigPte;
        NewAnonPage.Map(current, vmf, copied);
        if (old.IsPresent)
        {
            PageRmap.Remove(current, old.Page, vmf.Vma);
            SwapCache.FreePageAndSwapCache(current, old.Page);
        }
        else
        {
            KsmZeroPages.MightUnmap(current, vmf.Vma.Mm, old);
        }
    }
}
