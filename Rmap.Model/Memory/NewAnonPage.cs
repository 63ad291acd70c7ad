using Rmap.Model.Rmap;

namespace Rmap.Model.Memory;

/// <summary>What <c>do_anonymous_page</c>, <c>do_cow_fault</c> and <c>wp_page_copy</c> have in common (<c>mm/memory.c</c>, 6.18).</summary>
internal static class NewAnonPage
{
    /// <summary>What a fault needs before it maps a new page: an AV, and memory. False without.</summary>
    internal static bool Prepare(TaskStruct current, in Vmf vmf) => AnonVmas.Prepare(current, vmf.Vma) && !current.ShouldFailPage();

    /// <summary>A new exclusive page with this content, mapped for what the fault is for.</summary>
    internal static void Map(TaskStruct current, in Vmf vmf, byte value)
    {
        Page page = current.Machine.Frames.Allocate(value);
        PageRmap.AddNewAnon(current, page, vmf.Vma, vmf.Address, exclusive: true);
        Pte pte = Pte.Present(page, PteBits.Young);
        vmf.Set(vmf.IsWrite ? pte.With(PteBits.Dirty).MaybeMkwrite(vmf.Vma) : pte);
    }
}
