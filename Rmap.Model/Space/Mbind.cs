namespace Rmap.Model.Space;

/// <summary>
/// <c>mbind</c> (<c>mm/mempolicy.c</c>, 6.18), as far as it splits and merges VMAs. Left out: nodes, of which there is one here, and so
/// MPOL_MF_MOVE and MPOL_MF_STRICT; the policies of shared objects.
/// </summary>
internal static class Mbind
{
    internal static Errno Execute(Mm mm, PageRange range, MemoryPolicy policy)
    {
        if (UnmappedArea.Wraps(range))
        {
            return Errno.EINVAL;
        }

        if (range.Pages == 0)
        {
            return Errno.None;
        }

        Errno errno = QueuePages(mm, range, mayHaveHoles: policy == MemoryPolicy.Default);
        VirtualPage at = range.Start;
        while (errno == Errno.None && mm.Intersecting(new PageRange(at, range.End)) is { } vma)
        {
            errno = Range(vma, vma.Range.Intersect(range), policy, out at);
        }

        return errno;
    }

    /// <summary><c>queue_pages_range</c>: nothing mapped at all, or a hole where none may be, is told before anything changes.</summary>
    private static Errno QueuePages(Mm mm, PageRange range, bool mayHaveHoles)
    {
        VirtualPage at = range.Start;
        while (at < range.End && mm.Lookup(at) is { } vma)
        {
            at = vma.End;
        }

        bool isMapped = mayHaveHoles ? mm.Intersecting(range) is not null : at >= range.End;
        return isMapped ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>mbind_range</c>: one VMA, or the part of it that lies in the range.</summary>
    private static Errno Range(VmArea vma, PageRange part, MemoryPolicy policy, out VirtualPage end)
    {
        end = vma.End;
        if (vma.Policy == policy)
        {
            return Errno.None;
        }

        if (VmaModify.Policy(vma, part, policy, out Errno errno) is not { } modified)
        {
            return errno;
        }

        vma = vma.Mm.Machine.Rules.MbindGoesOnWith(vma, modified);
        if (vma.IsDetached)
        {
            throw new InvalidOperationException($"mbind uses the VMA {vma}, which has been freed.");
        }

        if (vma.End <= part.Start)
        {
            throw new InvalidOperationException($"mbind never ends: after {part} it goes on behind the VMA {vma}, which lies before.");
        }

        vma.Policy = policy;
        end = vma.End;
        return Errno.None;
    }
}
