namespace Rmap.Model;

internal static class VmaModify
{
    /// <summary><c>vma_modify_flags</c>: gives part of a VMA new flags: merges with neighbours, else splits. The VMA that now covers the range.</summary>
    internal static VmArea? Flags(VmArea vma, PageRange range, VmFlags flags, out Errno errno) => throw new NotImplementedException();
}
