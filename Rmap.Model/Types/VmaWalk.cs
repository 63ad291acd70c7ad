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
        VirtualPage at = Current.Vma is null ? range.Start : Current.Part.End;
        if (Current.Vma is not null && mm.Lookup(at - 1) is { } modified)
            at = modified.End;

        if (mm.Intersecting(new PageRange(at, range.End)) is not { } vma)
            return false;

        Current = (vma, vma.Range.Intersect(new PageRange(at, range.End)));
        return true;
    }
}
