using Rmap.Model.Memory;

namespace Rmap.Model.Space;

/// <summary><c>mprotect</c> (<c>mm/mprotect.c</c>, 6.18). Left out: protection keys, growing stacks, memory limits.</summary>
internal static class Mprotect
{
    internal static Outcome Execute(TaskStruct current, Operation.Mprotect mprotect)
    {
        if (mprotect.Range.Pages == 0)
            return Errno.None;

        if (UnmappedArea.Wraps(mprotect.Range))
            return Errno.ENOMEM;

        var walk = new VmaWalk(current.Mm, mprotect.Range);
        while (walk.Next(out VmArea? vma, out PageRange part) && !walk.HasHole)
        {
            if (!current.Rules.MprotectMayGrant(vma, mprotect.Protection))
                return Errno.EACCES;

            Errno errno = Fixup(current, ref vma, part, (vma.Flags & ~VmFlags.Access) | mprotect.Protection.ToFlags());
            if (errno != Errno.None)
                return errno;

            walk.Skip(vma);
        }

        return walk.HasHole ? Errno.ENOMEM : Errno.None;
    }

    /// <summary><c>mprotect_fixup</c>: one VMA, or the part of it that lies in the range.</summary>
    private static Errno Fixup(TaskStruct current, ref VmArea vma, PageRange range, VmFlags flags)
    {
        VmFlags old = vma.Flags;
        if (flags == old)
            return Errno.None;

        flags = current.Rules.AccountAfterMprotect(vma, flags);
        if (VmaModify.Flags(current, vma, range, flags, out Errno errno) is not { } modified)
            return errno;

        vma = modified;
        ChangeProtection(current, vma, range);
        if ((old & (VmFlags.Write | VmFlags.Shared | VmFlags.Locked)) == VmFlags.Locked && (flags & VmFlags.Write) != 0)
            Populate.VmaRange(current, vma, range, keepsLock: true);

        return Errno.None;
    }

    /// <summary>
    /// <c>change_pte_range</c>: entries get the permission of their VMA. What may not be written without a fault stays read-only.
    /// </summary>
    private static void ChangeProtection(TaskStruct current, VmArea vma, PageRange range)
    {
        PteBits added = current.Rules.MprotectSets(current.Options);
        foreach ((VirtualPage address, Pte pte) in vma.Mm.PageTable.Walk(range))
        {
            if (pte.Kind is PteKind.Present or PteKind.ZeroPage)
            {
                vma.Mm.PageTable[address] = pte.IsPresent && current.Rules.MprotectMayMakeWritable(vma, pte)
                    ? pte.With(PteBits.Writable | added)
                    : pte.With(added).Without(PteBits.Writable);
            }
        }
    }
}
