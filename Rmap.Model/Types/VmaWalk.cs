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
        bool isFirst = Current.Vma is null;
        VirtualPage at = isFirst ? range.Start : Current.Part.End;
        int index = mm.IndexOf(isFirst ? at : at - 1);
        if (!isFirst && mm.At(index) is { } modified && modified.Start < at)
        {
            at = modified.End;
            index++;
        }

        if (at >= range.End || mm.At(index) is not { } vma || vma.Start >= range.End)
            return false;

        Current = (vma, vma.Range.Intersect(new PageRange(at, range.End)));
        return true;
    }
}
