using Rmap.Properties.Generating;

namespace Rmap.Properties.Properties;

/// <summary>Walks of a range end with what exists, because they only ascend.</summary>
[Trait("Speed", "Quick")]
public class AscendingTests
{
    private static readonly PageRange All = PageRange.Of(new(0), 40);

    /// <summary>Whoever walks over VMAs may map, unmap, split and merge before and behind.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_walk_over_VMAs_ascends_whatever_is_done_on_the_way(ulong seed)
    {
        var random = new SplitMix(seed);
        int met = 0;
        for (int walks = 0; walks < 50; walks++)
        {
            var machine = new Machine();
            for (int i = 0; i < 12; i++)
                machine.Execute(AnyChange(ref random));

            VirtualPage from = All.Start;
            foreach ((VmArea vma, PageRange part) in machine.Processes[0].Mm.Walk(All))
            {
                Assert.True(part.Start >= from && part.End > part.Start && part.End <= All.End, $"{part} of {vma} behind {from}");
                from = part.End;
                met++;
                for (int changes = random.Below(4); changes > 0; changes--)
                    machine.Execute(AnyChange(ref random));
            }
        }

        Assert.InRange(met, 100, 50 * All.Pages);
    }

    /// <summary>Entries that are stored and cleared on the way, and tables that come and go.</summary>
    [Fact]
    public void A_walk_over_entries_ascends_whatever_is_done_on_the_way()
    {
        var random = new SplitMix(1);
        var table = new PageTable();
        PageRange range = PageRange.Of(new(100), PageTable.EntriesPerTable * 7L);
        for (int i = 0; i < 200; i++)
            table[AnyPage(ref random)] = Pte.Zero(PteBits.Young);

        (VirtualPage from, int met) = (range.Start, 0);
        foreach ((VirtualPage address, _) in table.Walk(range))
        {
            Assert.True(address >= from && address < range.End, $"{address} behind {from}");
            from = address + 1;
            met++;
            table[AnyPage(ref random)] = random.Below(2) == 0 ? Pte.Zero(PteBits.Young) : default;
            table.Free(range.Start, range.End);
        }

        Assert.InRange(met, 50, range.Pages);

        static VirtualPage AnyPage(ref SplitMix random) => new(random.Below(PageTable.EntriesPerTable * 8));
    }

    private static Operation AnyChange(ref SplitMix random)
    {
        PageRange range = PageRange.Of(new(random.Below(36)), 1 + random.Below(4));
        var protection = (Protection)random.Below(8);
        return random.Below(4) switch
        {
            0 => new Operation.Munmap(new(0), range),
            1 => new Operation.Mprotect(new(0), range, protection),
            _ => new Operation.Mmap(new(0), range, protection, Shared: false),
        };
    }
}
