namespace Rmap.Model;

public partial class Rules
{
    /// <summary>
    /// <c>gup_must_unshare</c>: whether a page that is mapped read-only has to become exclusive, by a copy if need be, before it is handed
    /// out: what is pinned must stay the page that its owner maps. A page of a file is handed out as it is.
    /// </summary>
    public virtual bool GupMustUnshare(Page page, GupKind kind) => kind == GupKind.Pin && page.IsAnon && !page.IsAnonExclusive;

    /// <summary>
    /// <c>unpin_user_page</c>, <c>put_page</c>: whether a holder gives its page back by the first, else by the second: as it got it.
    /// </summary>
    public virtual bool ReleaseUnpins(Pin pin) => pin.Kind != GupKind.Get;
}
