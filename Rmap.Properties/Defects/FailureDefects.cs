namespace Rmap.Properties.Defects;

/// <summary>
/// 2015, fixed by 3fe89b3e2a7b; 3.19 to 4.0. When a clone ran out of memory halfway, the links made so far were taken away, and with them
/// the AV of the target counted one VMA less, although the target had not been counted yet.
/// </summary>
public sealed class A06CloneFailDegreeUnderflow() : Defect("A06", "a clone that fails uncounts a VMA never counted")
{
    public override bool FailedCloneForgetsAnonVma => false;
}

/// <summary>
/// 2023, fixed by 824135c46b00; 6.1 to 6.6. If a merge failed after the VMA that was to grow had been given its neighbour's AVs, it kept
/// them.
/// </summary>
public sealed class A48DupAnonVmaErrorUnwind() : Defect("A48", "a merge that fails leaves the AVs it has handed over")
{
    public override bool FailedMergeUnlinksAnonVma => false;
}

/// <summary>
/// 2024 and 2025, around 985da552a98e. A fork that runs out of memory halfway leaves an mm with some of the VMAs, linked to their AVs and
/// files. What goes by these links, reclaim, KSM, swapoff, came upon it.
/// </summary>
public sealed class A49HalfBuiltForkVisible() : Defect("A49", "a fork that fails leaves what it has copied")
{
    public override bool FailedForkTakesDownCopy => false;
}

/// <summary>
/// 2022, fixed by 9f186f9e5fa9. swapoff mapped the page of the swap cache without asking whether it could be read, so that the process
/// saw what happened to be in memory.
/// </summary>
public sealed class A51SwapOffRandomData() : Defect("A51", "swapoff maps what it could not read")
{
    public override bool SwapOffMayMap(Page page) => true;
}
