using Rmap.Model.Memory;
using Rmap.Model.Sched;

namespace Rmap.Model.Space;

/// <summary>
/// <c>mprotect</c>, <c>pkey_mprotect</c> (<c>mm/mprotect.c</c>, 6.18). Left out: what a key forbids, growing stacks, memory limits.
/// </summary>
internal static class Mprotect
{
    internal static Outcome Execute(TaskStruct current, Operation.Mprotect mprotect) =>
        Execute(current, mprotect.Range, mprotect.Protection, key: -1);

    internal static Outcome Execute(TaskStruct current, Operation.PkeyMprotect mprotect) =>
        Execute(current, mprotect.Range, mprotect.Protection, mprotect.Key);

    /// <summary><c>do_mprotect_pkey</c>; with -1 for a key, each VMA keeps its own. The last key is that of execute-only memory.</summary>
    private static Errno Execute(TaskStruct current, PageRange range, Protection protection, int key)
    {
        using HeldLock _ = current.MmapWrite();
        if (range.Pages == 0)
            return Errno.None;

        if (UnmappedArea.Wraps(range))
            return Errno.ENOMEM;

        return key is < -1 or >= 15 ? Errno.EINVAL : current.Mm.ForEach(range, (current, protection, key), static (with, vma, part) =>
        {
            (TaskStruct current, Protection protection, int key) = with;
            VmFlags pkey = key >= 0 ? VmFlagsExtensions.OfPkey(key) : current.Rules.PkeyAfterMprotect(vma, protection);
            return Fixup(current, vma, part, protection, (vma.Flags & ~(VmFlags.Access | VmFlags.Pkey)) | protection.ToFlags() | pkey);
        }, stopsAtHole: true);
    }

    /// <summary><c>mprotect_fixup</c>: one VMA, or the part of it that lies in the range.</summary>
    private static Errno Fixup(TaskStruct current, VmArea vma, PageRange range, Protection protection, VmFlags flags)
    {
        VmFlags old = vma.Flags;
        if (!current.Rules.MprotectMayGrant(vma, protection) || !current.Rules.MayHaveAccess(vma.Mm.Mdwe, old, flags))
            return Errno.EACCES;

        if (!current.Rules.MayModify(vma))
            return Errno.EPERM;

        if (flags == old)
            return Errno.None;

        flags = current.Rules.AccountAfterMprotect(vma, flags);
        if (VmaModify.Flags(current, vma, range, flags) is not { } modified)
            return Errno.ENOMEM;

        current.Step("set the VMA's protection");
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
            else if (pte is { Kind: PteKind.Migration, IsWritable: true } && current.Rules.Does(LinuxStep.MprotectChangesMigrationEntry))
            {
                vma.Mm.PageTable[address] = pte.Without(PteBits.Writable).With(pte.Page.IsAnon ? PteBits.Exclusive : PteBits.None);
            }
        }
    }
}
