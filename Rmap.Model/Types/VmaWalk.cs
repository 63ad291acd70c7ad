using System.Diagnostics.CodeAnalysis;

namespace Rmap.Model.Types;

/// <summary>
/// <c>for_each_vma_range</c>: the VMAs of a range, by address, each with its part of the range. Whoever changes one on the way goes on
/// behind what became of it.
/// </summary>
internal struct VmaWalk(Mm mm, PageRange range)
{
    private VirtualPage at = range.Start;

    /// <summary>Whether pages were passed over that no VMA has.</summary>
    internal bool HasHole { get; private set; }

    /// <summary>Goes on to the next VMA.</summary>
    internal bool Next([NotNullWhen(true)] out VmArea? vma, out PageRange part)
    {
        vma = mm.Intersecting(new PageRange(at, range.End));
        part = default;
        if (vma is null)
        {
            HasHole |= at < range.End;
            return false;
        }

        HasHole |= at < vma.Start;
        part = new PageRange(VirtualPage.Max(at, vma.Start), VirtualPage.Min(vma.End, range.End));
        at = part.End;
        return true;
    }

    /// <summary>Goes on behind this VMA, which has come to cover the part.</summary>
    internal void Skip(VmArea modified) => at = VirtualPage.Max(at, modified.End);
}
