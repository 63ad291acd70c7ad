namespace Rmap.Model.Space;

/// <summary>
/// <c>mbind</c> (<c>mm/mempolicy.c</c>, 6.18), as far as it splits and merges VMAs. Left out: nodes, of which there is one here, and so
/// MPOL_MF_MOVE and MPOL_MF_STRICT; the policies of shared objects.
/// </summary>
internal static class Mbind
{
    internal static Outcome Execute(TaskStruct current, Operation.Mbind mbind)
    {
        if (UnmappedArea.Wraps(mbind.Range))
            return Errno.EINVAL;

        if (mbind.Range.Pages == 0)
            return Errno.None;

        Errno errno = QueuePages(current.Mm, mbind.Range, mayHaveHoles: mbind.Policy == MemoryPolicy.Default);
        var walk = new VmaWalk(current.Mm, mbind.Range);
        while (errno == Errno.None && walk.Next(out VmArea? vma, out PageRange part))
        {
            errno = Range(current, ref vma, part, mbind.Policy);
            walk.Skip(vma);
        }

        return errno;
    }

    /// <summary><c>queue_pages_range</c>: nothing mapped at all, or a hole where none may be, is told before anything changes.</summary>
    private static Errno QueuePages(Mm mm, PageRange range, bool mayHaveHoles)
    {
        bool isMapped = false;
        var walk = new VmaWalk(mm, range);
        while (walk.Next(out _, out _))
            isMapped = true;

        return isMapped && (mayHaveHoles || !walk.HasHole) ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>mbind_range</c>: one VMA, or the part of it that lies in the range.</summary>
    private static Errno Range(TaskStruct current, ref VmArea vma, PageRange part, MemoryPolicy policy)
    {
        if (vma.Policy == policy)
            return Errno.None;

        if (VmaModify.Policy(current, vma, part, policy, out Errno errno) is not { } modified)
            return errno;

        vma = current.Rules.MbindGoesOnWith(vma, modified);
        if (vma.IsDetached)
            throw new KernelBug($"mbind uses the VMA {vma}, which has been freed.");

        if (vma.End <= part.Start)
            throw new KernelBug($"mbind never ends: after {part} it goes on behind the VMA {vma}, which lies before.");

        vma.Policy = policy;
        return Errno.None;
    }
}
