namespace Rmap.Properties.Defects;

/// <summary>
/// 2020, CVE-2020-29374, fixed by 17839856fd58, 09854ba94c6a and at last 6c287605fd56; all kernels before. A page that nobody else maps any
/// more was written in place, although somebody who had mapped it still held it, in a pipe for instance, and read what was not for him.
/// </summary>
public sealed class A25CowReuseByCount() : Defect("A25", "a store goes to a page that others hold")
{
    public override bool MayReuse(Page page) => !page.IsKsm && page.MapCount == 1 && page.SwapCache is null or { Count: 0 };
}

/// <summary>
/// 2020, fixed by 70e806e4e645. Fork write-protected a page that the parent had pinned. The parent's next store made a copy, and the device
/// went on with a page that the parent no longer saw.
/// </summary>
public sealed class A26ForkSharesPinnedPage() : Defect("A26", "fork shares a pinned page")
{
    public override bool ForkMustCopy(Page page, VmArea parent) => false;
}

/// <summary>
/// 2020, the first form of 70e806e4e645, put right by 935a8b620210. The copy for the child was made of any pinned page of a private
/// mapping, a file's page as well. The child no longer saw what was written to the file.
/// </summary>
public sealed class A26ForkCopiesFilePage() : Defect("A26b", "fork copies a pinned page of a file")
{
    public override bool ForkMustCopy(Page page, VmArea parent) => page.IsPinned && parent.IsCow;
}

/// <summary>Whatever is pinned has to be exclusive, so that the fault for a page that belongs to a file is repeated for ever.</summary>
public sealed class N43GupUnsharesFilePage() : Defect("N43", "get_user_pages wants a file's page for itself")
{
    public override bool GupMustUnshare(VmArea vma, Page? page, GupKind kind) =>
        (kind == GupKind.Pin && page is { IsAnonExclusive: false }) || base.GupMustUnshare(vma, page, kind);
}

/// <summary>A page that is exclusive already is to become so, and stays read-only: get_user_pages faults for ever.</summary>
public sealed class N44GupUnsharesExclusive() : Defect("N44", "get_user_pages unshares what is exclusive")
{
    public override bool GupMustUnshare(VmArea vma, Page? page, GupKind kind) =>
        (kind == GupKind.Pin && page is { IsAnon: true }) || base.GupMustUnshare(vma, page, kind);
}

/// <summary>
/// Up to 6.1, changed by 84209e87c696. A pin for long of memory that was only read got the zero page, and never saw a store.
/// </summary>
public sealed class N47LongPinKeepsZeroPage() : Defect("N47", "a pin for long takes the zero page")
{
    public override bool GupMustUnshare(VmArea vma, Page? page, GupKind kind) =>
        page is not null && base.GupMustUnshare(vma, page, kind);
}

/// <summary>
/// The same of a private mapping: it got the page of the file, and saw what others write there, and not its owner's stores.
/// </summary>
public sealed class N48LongPinKeepsFilePage() : Defect("N48", "a pin for long takes a file's page from a private mapping")
{
    public override bool GupMustUnshare(VmArea vma, Page? page, GupKind kind) =>
        page is not { IsAnon: false } && base.GupMustUnshare(vma, page, kind);
}

/// <summary>
/// 2022, fixed by 1493a1913e34. Exclusivity was lost when a page was swapped out. Who had got the page from get_user_pages and still held
/// it did not see the next store, which went to a copy.
/// </summary>
public sealed class A27SwapDropsExclusive() : Defect("A27b", "a swap entry forgets exclusivity")
{
    public override bool SwapEntryIsExclusive(bool exclusive) => false;
}
