namespace Rmap.Model.Ksm;

/// <summary>
/// The zero pages that KSM placed (<c>use_zero_pages</c>; <c>include/linux/ksm.h</c>, 6.18), counted for each mm and in all. Whoever stores
/// or clears such an entry calls one of these.
/// </summary>
public sealed class KsmZeroPages
{
    /// <summary><c>ksm_zero_pages</c>: of all mms.</summary>
    public int Count { get; private set; }

    /// <summary>How many of these stand for no entry; see <see cref="Mm.KsmZeroPagesAstray"/>.</summary>
    public int Astray { get; private set; }

    /// <summary><c>ksm_map_zero_page</c>.</summary>
    internal void Mapped(Mm mm)
    {
        Count++;
        mm.KsmZeroPages++;
    }

    /// <summary><c>ksm_might_unmap_zero_page</c>: the entry has been replaced or cleared.</summary>
    internal void MightUnmap(Mm mm, Pte old)
    {
        if (old.IsKsmZero)
        {
            Count--;
            mm.KsmZeroPages--;
        }
    }

    /// <summary>UFFDIO_MOVE has moved the entry, and what is at its new place is an ordinary zero page.</summary>
    internal void Moved(Mm mm, Pte old)
    {
        if (mm.Machine.Rules.UffdMoveUncountsKsmZeroPage)
        {
            MightUnmap(mm, old);
        }
        else if (old.IsKsmZero)
        {
            Astray++;
            mm.KsmZeroPagesAstray++;
        }
    }

    /// <summary>
    /// A fork fails before <c>ksm_fork</c> has added the child's entries to the sum. They are taken from it all the same when the child
    /// is taken down, so that it is too small from then on.
    /// </summary>
    /// <param name="copied">Entries with such a zero page that were copied.</param>
    internal void ForkFailed(int copied) => Astray -= copied;

    /// <summary>
    /// <c>dup_mm</c>, <c>ksm_fork</c>: the child has its parent's number; to the sum it is added if the parent is registered.
    /// </summary>
    /// <param name="parent">The parent.</param>
    /// <param name="child">The child, whose page table is complete.</param>
    /// <param name="copied">Entries with such a zero page that were copied.</param>
    internal void Forked(Mm parent, Mm child, int copied)
    {
        child.KsmZeroPages = parent.Machine.Rules.KsmZeroPagesOfChild(parent, copied);
        child.KsmZeroPagesAstray = Math.Max(0, child.KsmZeroPages - copied);
        if (parent.KsmSlot is not null)
        {
            Count += child.KsmZeroPages;
            Astray += child.KsmZeroPagesAstray;
        }
    }
}
