namespace Rmap.Model.Walks;

/// <summary>Which page an operation on one page means.</summary>
internal static class RmapTarget
{
    /// <summary>
    /// Does it with the page mapped at an address of the process, or the swap cache of the swap entry there. EFAULT: no VMA. EINVAL: the
    /// zero page. ENOENT: nothing there, or swapped out and not cached.
    /// </summary>
    internal static Outcome Execute(TaskStruct current, VirtualPage address, Func<Page, Outcome> operation)
    {
        if (current.Mm.Lookup(address) is null)
            return Errno.EFAULT;

        Pte pte = current.Mm.PageTable[address];
        return pte.Kind switch
        {
            PteKind.Present => operation(pte.Page),
            PteKind.Swap when pte.Slot.Cache is { } cached => operation(cached),
            PteKind.ZeroPage => Errno.EINVAL,
            _ => Errno.ENOENT,
        };
    }
}
