using Rmap.Model.Memory;

namespace Rmap.Model.Space;

/// <summary><c>mprotect</c> (<c>mm/mprotect.c</c>, 6.18). Left out: protection keys, growing stacks, memory limits.</summary>
internal static class Mprotect
{
    internal static Errno Execute(Mm mm, PageRange range, Protection protection)
    {
        if (range.Pages == 0)
        {
            return Errno.None;
        }

        if (UnmappedArea.Wraps(range))
        {
            return Errno.ENOMEM;
        }

        VirtualPage at = range.Start;
        while (at < range.End)
        {
            if (mm.Lookup(at) is not { } vma)
            {
                return Errno.ENOMEM;
            }

            VmFlags flags = (vma.Flags & ~VmFlags.Access) | protection.ToFlags();
            if (!mm.Machine.Rules.MprotectMayGrant(vma, protection))
            {
                return Errno.EACCES;
            }

            Errno errno = Fixup(vma, new PageRange(at, VirtualPage.Min(vma.End, range.End)), flags, out at);
            if (errno != Errno.None)
            {
                return errno;
            }
        }

        return Errno.None;
    }

    /// <summary><c>mprotect_fixup</c>: one VMA, or the part of it that lies in the range.</summary>
    private static Errno Fixup(VmArea vma, PageRange range, VmFlags flags, out VirtualPage end)
    {
        end = range.End;
        VmFlags old = vma.Flags;
        if (flags == old)
        {
            return Errno.None;
        }

        flags = vma.Mm.Machine.Rules.AccountAfterMprotect(vma, flags);
        VmArea? modified = VmaModify.Flags(vma, range, flags, out Errno errno);
        if (modified is null)
        {
            return errno;
        }

        ChangeProtection(modified, range);
        if ((old & (VmFlags.Write | VmFlags.Shared | VmFlags.Locked)) == VmFlags.Locked && (flags & VmFlags.Write) != 0)
        {
            Populate.Range(modified, range, keepsLock: true);
        }

        end = modified.End;
        return Errno.None;
    }

    /// <summary>
    /// <c>change_pte_range</c>: entries get the permission of their VMA. What may not be written without a fault stays read-only.
    /// </summary>
    private static void ChangeProtection(VmArea vma, PageRange range)
    {
        Rules rules = vma.Mm.Machine.Rules;
        PteBits added = vma.Mm.Machine.Options.UserModeLinux ? PteBits.Young : PteBits.None;
        for (VirtualPage page = range.Start; page < range.End;)
        {
            ReadOnlySpan<Pte> ptes = vma.Mm.PageTable.From(page, range.End, out long span);
            for (int i = 0; i < ptes.Length; i++)
            {
                if (ptes[i] is { Kind: PteKind.Present or PteKind.ZeroPage } pte)
                {
                    vma.Mm.PageTable[page + i] = pte.IsPresent && rules.MprotectMayMakeWritable(vma, pte)
                        ? pte.With(PteBits.Writable | added)
                        : pte.With(added).Without(PteBits.Writable);
                }
            }

            page += span;
        }
    }
}
