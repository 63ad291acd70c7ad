namespace Rmap.Properties.Defects;

/// <summary>
/// 2010, fixed by ea90002b0fa7; 2.6.34-rc. A page read from a swap slot that several processes share was tied to the AV of the one that
/// came first. The others are not in that AV, and when that process exits the page points to a freed one.
/// </summary>
public sealed class A07SharedPageYoungestAnonVma() : Defect("A07", "a shared page belongs to the youngest AV")
{
    public override AnonVma AnonVmaForNewPage(VmArea vma, bool exclusive) => vma.AnonVma!;
}

/// <summary>
/// 2022, before c145e0b47c77: a page was reused for a store by its mapcount, without a look at the count of its slot. A process that still
/// has it as a swap entry then sees what another one wrote.
/// </summary>
public sealed class A27ReuseIgnoresSwapCount() : Defect("A27", "a store goes to a page that others have in swap")
{
    public override bool MayReuse(Page page) => !page.IsKsm && page.MapCount == 1 && !page.IsHeld;
}

/// <summary>Every store through a read-only entry goes to the page itself, whoever else maps it.</summary>
public sealed class M34ReuseWhateverIsShared() : Defect("M34", "a store goes to a shared page")
{
    public override bool MayReuse(Page page) => !page.IsKsm;
}

/// <summary>Every swap-in gives an exclusive page.</summary>
public sealed class M39SwapInAlwaysExclusive() : Defect("M39", "every swap-in is exclusive")
{
    public override bool SwapInTrustsExclusiveEntry(Pte entry) => true;
}
