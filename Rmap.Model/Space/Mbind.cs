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

        // queue_pages_range: nothing mapped at all, or a hole where none may be, is told before anything changes.
        Mm mm = current.Mm;
        if (mm.Intersecting(mbind.Range) is null || (mbind.Policy != MemoryPolicy.Default && mm.HasHole(mbind.Range)))
            return Errno.EFAULT;

        return mm.ForEach(
            mbind.Range, (current, mbind.Policy), static (with, vma, part) => Range(with.current, vma, part, with.Policy));
    }

    /// <summary><c>mbind_range</c>: one VMA, or the part of it that lies in the range.</summary>
    private static Errno Range(TaskStruct current, VmArea vma, PageRange part, MemoryPolicy policy)
    {
        if (vma.Policy == policy)
            return Errno.None;

        if (VmaModify.Policy(current, vma, part, policy) is not { } modified)
            return Errno.ENOMEM;

        vma = current.Rules.MbindGoesOnWith(vma, modified);
        if (vma.End <= part.Start)
            throw new KernelBug($"walks without end: after {part} it goes on behind the VMA {vma}, which lies before");

        vma.Policy = policy;
        return Errno.None;
    }
}
