using FsCheck.Xunit;
using Rmap.Model.Walks;

namespace Rmap.Properties.Properties;

/// <summary>Property 5: what the walkers do, against a naive reading of the page tables.</summary>
[Properties(Arbitrary = [typeof(AnyCase)], MaxTest = 300, Replay = "1,7")]
public class WalkerProperties
{
    [Property]
    public void Reclaim_takes_a_page_from_everybody_and_reading_brings_its_content_back(Scenario scenario)
    {
        Machine machine = Final.State(scenario);
        foreach ((Process process, VirtualPage address, Pte pte) in Final.Entries(machine).ToList())
        {
            if (!pte.IsPresent || process.Mm.PageTable[address] != pte)
                continue;

            byte value = pte.Page.Value;
            var mappers = Final.Entries(machine).Where(entry => entry.Pte.Maps(pte.Page)).ToList();
            if (machine.Execute(new Operation.Reclaim(process.Id, address)) is not Outcome.Success { Value: 1 })
                continue;

            Assert.Equal(0, pte.Page.MapCount);
            Assert.All(mappers, entry => Assert.False(entry.Process.Mm.PageTable[entry.Address].Maps(pte.Page)));
            var readers = mappers.Where(entry => pte.Page.Has(PageFlags.SwapBacked) && CanRead(entry.Process, entry.Address));
            foreach ((Process mapper, VirtualPage place, _) in readers)
            {
                Assert.Equal(Rmap.Model.Operations.Outcome.Of(value), machine.Execute(new Operation.Read(mapper.Id, place)));
            }
        }
    }

    [Property]
    public void PageReferenced_counts_the_accessed_bits_and_clears_them(Scenario scenario)
    {
        Machine machine = Final.State(scenario);
        foreach (Page page in machine.Frames.All.Where(page => page.MapCount > 0 && !page.IsKsm).ToList())
        {
            var mappers = Final.Entries(machine).Where(entry => entry.Pte.Maps(page)).ToList();
            if (mappers.Any(entry => entry.Process.Mm.Lookup(entry.Address)!.Has(VmFlags.Locked)))
                continue;

            // MADV_RANDOM and MADV_SEQUENTIAL: whoever comes by such a place is not counted.
            int young = mappers.Count(
                entry => entry.Pte.IsYoung && !entry.Process.Mm.Lookup(entry.Address)!.Has(VmFlags.RandRead | VmFlags.SeqRead));
            Assert.Equal(young, PageReferenced.Count(new TaskStruct(machine), page, out _));
            Assert.Equal(0, PageReferenced.Count(new TaskStruct(machine), page, out _));
        }
    }

    [Property]
    public void Migration_moves_a_page_to_another_frame_and_nothing_else_changes(Scenario scenario)
    {
        Machine machine = Final.State(scenario);
        foreach ((Process process, VirtualPage address, Pte pte) in Final.Entries(machine).ToList())
        {
            if (!pte.IsPresent || process.Mm.PageTable[address] != pte)
                continue;

            (byte value, int mapCount, long index) = (pte.Page.Value, pte.Page.MapCount, pte.Page.Index);
            if (machine.Execute(new Operation.Migrate(process.Id, address)) is not Outcome.Success)
                continue;

            Page moved = process.Mm.PageTable[address].Page;
            Assert.NotSame(pte.Page, moved);
            Assert.True(pte.Page.IsFreed);
            Assert.Equal((value, mapCount, index), (moved.Value, moved.MapCount, moved.Index));
            Assert.DoesNotContain(Final.Entries(machine), entry => entry.Pte.Kind == PteKind.Migration);
        }
    }

    [Property]
    public void Swapoff_leaves_no_slot_in_use(Scenario scenario)
    {
        Machine machine = Final.State(scenario);
        machine.Must(new Operation.SwapOffOn());
        Assert.Equal(0, machine.Swap.InUse);
        Assert.DoesNotContain(Final.Entries(machine), entry => entry.Pte.Kind == PteKind.Swap);
    }

    private static bool CanRead(Process process, VirtualPage address) => process.Mm.Lookup(address)!.Has(VmFlags.Read);
}
