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

        return current.Mm.ForEach(
            mprotect.Range, (current, mprotect.Protection),
            static (with, vma, part) => Fixup(with.current, vma, part, with.Protection), stopsAtHole: true);
    }

    /// <summary><c>mprotect_fixup</c>: one VMA, or the part of it that lies in the range.</summary>
    private static Errno Fixup(TaskStruct current, VmArea vma, PageRange range, Protection protection)
    {
        if (!current.Rules.MprotectMayGrant(vma, protection))
            return Errno.EACCES;

        VmFlags old = vma.Flags;
        VmFlags flags = (old & ~VmFlags.Access) | protection.ToFlags();
        if (flags == old)
            return Errno.None;

        flags = current.Rules.AccountAfterMprotect(vma, flags);
        if (VmaModify.Flags(current, vma, range, flags) is not { } modified)
            return Errno.ENOMEM;

        ChangeProtection(current, modified, range);
        if ((old & (VmFlags.Write | VmFlags.Shared | VmFlags.Locked)) == VmFlags.Locked && (flags & VmFlags.Write) != 0)
            Populate.VmaRange(current, modified, range, keepsLock: true);

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
