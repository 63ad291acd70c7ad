namespace Rmap.Model.Types;

/// <summary>
/// <c>for_each_vma_range</c>: the VMAs of a range, by address, each with its part of the range. Whoever changes one on the way goes on
/// behind what has become of it.
/// </summary>
internal struct VmaWalk(Mm mm, PageRange range)
{
    public (VmArea Vma, PageRange Part) Current { readonly get; private set; }

    public readonly VmaWalk GetEnumerator() => this;

    public bool MoveNext()
    {
        VirtualPage at = range.Start;
        int index = mm.IndexOf(at);
        if (Current.Vma is not null)
        {
            at = Current.Part.End;
            index = mm.IndexOf(at - 1);
            if (mm.At(index) is { } modified && modified.Start < at)
            {
                at = modified.End;
                index++;
            }
        }

        if (at >= range.End || mm.At(index) is not { } vma || vma.Start >= range.End)
            return false;

        Current = (vma, vma.Range.Intersect(new PageRange(at, range.End)));
        return true;
    }
}
