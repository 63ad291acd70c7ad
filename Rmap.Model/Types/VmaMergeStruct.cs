namespace Rmap.Model.Types;

/// <summary>
/// A range that could join a neighbouring VMA (<c>struct vma_merge_struct</c>, <c>mm/vma.c</c>): a new mapping, or the part of an
/// existing VMA whose attributes change, or what mremap copies.
/// </summary>
/// <param name="Range">The range.</param>
/// <param name="PageOffset">Page offset of its first page.</param>
/// <param name="AnonPageOffset">Anonymous page offset of its first page.</param>
/// <param name="Flags">The flags that it is to have.</param>
/// <param name="File">The opening it maps, or null.</param>
/// <param name="Of">The VMA that it continues, changes or copies, whose AV its pages belong to; null for a new mapping.</param>
/// <param name="Middle">The same if the range is part of it, or null.</param>
/// <param name="CopiedFrom">The same if mremap copies it, or null.</param>
/// <param name="Policy">The memory policy that it is to have; a new mapping has none of its own.</param>
public readonly record struct VmaMergeStruct(
    PageRange Range, long PageOffset, long AnonPageOffset, VmFlags Flags, OpenFile? File, VmArea? Of, VmArea? Middle = null,
    VmArea? CopiedFrom = null, MemoryPolicy Policy = MemoryPolicy.Default)
{
    /// <summary><c>VMG_VMA_STATE</c>: a range that is as a VMA is.</summary>
    internal VmaMergeStruct(VmArea vma, PageRange range)
        : this(range, vma.LinearPageIndex(range.Start), vma.LinearAnonPageIndex(range.Start), vma.Flags, vma.File, vma, Policy: vma.Policy)
    {
    }

    /// <summary>The AV that its pages belong to, or null.</summary>
    public AnonVma? AnonVma => Of?.AnonVma;
}
