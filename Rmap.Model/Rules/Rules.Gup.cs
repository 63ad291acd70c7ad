namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>gup_must_unshare</c>: whether a page that is mapped read-only has to become exclusive, by a copy if need be, before it is handed
    /// out: what is pinned must stay the page that its owner maps. The zero page, and a page of a file, is handed out as it is, but since
    /// 6.2 not for long where a store would make a copy of it.
    /// </summary>
    /// <param name="vma">Where it is mapped.</param>
    /// <param name="page">The page; null for the zero page.</param>
    /// <param name="kind">How it is handed out.</param>
    public virtual bool GupMustUnshare(VmArea vma, Page? page, GupKind kind) => page is { IsAnon: true }
        ? kind is GupKind.Pin or GupKind.LongTerm && !page.IsAnonExclusive
        : kind == GupKind.LongTerm && vma.IsCow && Since(6, 2);

    /// <summary>
    /// <c>unpin_user_page</c>, <c>put_page</c>: whether a holder gives its page back by the first, else by the second: as it got it.
    /// </summary>
    public virtual bool ReleaseUnpins(Pin pin) => pin.Kind != GupKind.Get;
}
