using FsCheck.Xunit;
using Rmap.Properties.Generating;

namespace Rmap.Properties.Properties;

/// <summary>Property 7: the page table against a dictionary, over the whole address space.</summary>
[Trait("Speed", "Quick")]
public class PageTableProperties
{
    [Property(MaxTest = 200, Replay = "1,13")]
    public void It_keeps_what_a_dictionary_keeps(ulong seed)
    {
        var random = new SplitMix(seed);
        var table = new PageTable();
        var naive = new Dictionary<long, Pte>();
        for (int i = 0; i < 300; i++)
        {
            long page = AnyPage(ref random);
            Pte pte = random.Chance(30) ? default : Pte.Zero((PteBits)random.Below(16));
            table[new VirtualPage(page)] = pte;
            naive[page] = pte;
        }

        Assert.All(naive, entry => Assert.Equal(entry.Value, table[new VirtualPage(entry.Key)]));
        Assert.Equal(naive.Values.Count(pte => !pte.IsNone), table.InUse);
    }

    [Property(MaxTest = 200, Replay = "1,15")]
    public void A_walk_of_a_range_is_the_entries_one_by_one(ulong seed)
    {
        var random = new SplitMix(seed);
        var table = new PageTable();
        long start = AnyPage(ref random) % (PageTable.Pages - 2000);
        for (int i = 0; i < 100; i++)
            table[new VirtualPage(start + random.Below(1500))] = Pte.Zero(PteBits.Young);

        PageRange range = PageRange.Of(new(start), 1500);
        var found = new List<(VirtualPage, Pte)>();
        foreach ((VirtualPage, Pte) entry in table.Walk(range))
            found.Add(entry);

        Assert.Equal(table.Entries().Where(entry => range.Contains(entry.Page)), found);
    }

    /// <summary>Pages close together and at every distance at which another table begins.</summary>
    private static long AnyPage(ref SplitMix random) =>
        (random.Below(4) + ((long)random.Below(3) << (9 * random.Below(4)))) % PageTable.Pages;
}
