namespace Rmap.Model.Space;

/// <summary><c>mseal</c> (<c>mm/mseal.c</c>, 6.18). Only the end of its address space ends what is sealed.</summary>
internal static class Mseal
{
    internal static Outcome Execute(TaskStruct current, Operation.Mseal mseal)
    {
        if (!current.Rules.HasMseal)
            return Errno.ENOSYS;

        if (UnmappedArea.Wraps(mseal.Range))
            return Errno.EINVAL;

        // A hole anywhere, and nothing is sealed.
        return current.Mm.HasHole(mseal.Range) ? Errno.ENOMEM : current.Mm.ForEach(
            mseal.Range, current, static (current, vma, part) =>
            {
                VmFlags flags = vma.Flags | VmFlags.Sealed;
                return flags == vma.Flags || VmaModify.Flags(current, vma, part, flags) is not null ? Errno.None : Errno.ENOMEM;
            });
    }
}
