namespace Rmap.Properties.Seam;

/// <summary>The page is looked for one page too far up.</summary>
internal sealed class OffByOne : Rules
{
    public override string Name => "off-by-one";

    public override VirtualPage? VmaAddress(VmArea vma, long index, long first) => base.VmaAddress(vma, index, first) + 1;
}
