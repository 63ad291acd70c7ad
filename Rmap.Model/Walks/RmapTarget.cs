namespace Rmap.Model.Walks;

/// <summary>Which page an operation on one page means.</summary>
internal static class RmapTarget
{
    /// <summary>
    /// The page mapped at an address, or the swap cache of the swap entry there.
    /// </summary>
    /// <param name="mm">Where to look.</param>
    /// <param name="address">The address.</param>
    /// <param name="errno">EFAULT: no VMA. EINVAL: the zero page. ENOENT: nothing there, or swapped out and not cached.</param>
    internal static Page? Find(Mm mm, VirtualPage address, out Errno errno)
    {
        Pte pte = mm.PageTable[address];
        Page? page = pte.Kind switch
        {
            PteKind.Present => pte.Page,
            PteKind.Swap => pte.Slot.Cache,
            _ => null,
        };
        errno = mm.Lookup(address) is null ? Errno.EFAULT
            : pte.Kind == PteKind.ZeroPage ? Errno.EINVAL
            : page is null ? Errno.ENOENT
            : Errno.None;
        return errno == Errno.None ? page : null;
    }
}
