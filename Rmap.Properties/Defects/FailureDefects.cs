namespace Rmap.Properties.Defects;

/// <summary>
/// 2022, fixed by 9f186f9e5fa9. swapoff mapped the page of the swap cache without asking whether it could be read, so that the process
/// saw what happened to be in memory.
/// </summary>
public sealed class A51SwapOffRandomData() : Defect("A51", "swapoff maps what it could not read")
{
    public override bool SwapOffMayMap(Page page) => true;
}
