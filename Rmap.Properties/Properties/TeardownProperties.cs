using FsCheck.Xunit;

namespace Rmap.Properties.Properties;

/// <summary>Property 3: what is gone leaves nothing behind, and what was freed is free.</summary>
[Properties(Arbitrary = [typeof(AnyCase)], MaxTest = 300, Replay = "1,5")]
public class TeardownProperties
{
    [Property]
    public void After_munmap_nothing_of_the_range_remains(Scenario scenario)
    {
        Machine machine = Final.State(scenario);
        foreach (Process process in machine.Processes.ToList())
        {
            foreach (VmArea vma in process.Mm.Vmas.ToList())
            {
                if (vma.IsDetached)
                    continue;

                PageRange range = vma.Range;
                if (vma.Has(VmFlags.Sealed))
                {
                    Assert.Equal(Errno.EPERM, machine.Execute(new Operation.Munmap(process.Id, range)));
                    continue;
                }

                machine.Must(new Operation.Munmap(process.Id, range));
                Assert.Null(process.Mm.Intersecting(range));
                Assert.False(process.Mm.PageTable.Walk(range).GetEnumerator().MoveNext());
                Assert.True(vma.IsDetached);
                Assert.Throws<KernelBug>(() => vma.AnonVma);
            }

            Assert.True(process.Mm.Vmas.All(vma => vma.Has(VmFlags.Sealed)));
            Assert.True(process.Mm.PageTable.InUse == 0 || process.Mm.Vmas.Count > 0);
        }
    }

    [Property]
    public void After_the_last_exit_and_a_pass_of_ksmd_only_files_hold_memory(Scenario scenario)
    {
        Machine machine = Final.State(scenario);
        foreach (Process process in machine.Processes.ToList())
            machine.Must(new Operation.Exit(process.Id));

        foreach (Pin pin in machine.Pins.All.ToList())
            machine.Must(new Operation.Unpin(pin.Id));

        machine.Must(new Operation.KsmScan(2));
        Assert.Equal(0, machine.AnonVmas.InUse);
        // A node that has lost its items stays in the stable tree until a search comes by.
        Assert.All(machine.Ksm.StableTree, node => Assert.Empty(node.Items));
        Assert.Empty(machine.Ksm.Slots);
        Assert.All(
            machine.Frames.All, page => Assert.True(page.Mapping is AddressSpace || page.SwapCache is { Owner: not null }, $"{page}"));
        Assert.All(machine.Swap.All, slot => Assert.NotNull(slot.Owner));
        Assert.All(machine.Files.All, file => Assert.True(file.IMmap.IsEmpty));
    }

    [Property]
    public void Exec_leaves_the_process_an_empty_address_space(Scenario scenario)
    {
        Machine machine = Final.State(scenario);
        foreach (Process process in machine.Processes.ToList())
        {
            Mm old = process.Mm;
            machine.Must(new Operation.Exec(process.Id));
            Assert.NotSame(old, process.Mm);
            Assert.Empty(process.Mm.Vmas);
            Assert.Equal(old.Users == 0, old.HasExited);
            Assert.True(!old.HasExited || (old.Vmas.Count == 0 && old.PageTable.InUse == 0));
        }
    }

    [Property]
    public void After_truncation_to_nothing_no_page_of_the_file_is_mapped_or_cached(Scenario scenario)
    {
        Machine machine = Final.State(scenario);
        foreach (AddressSpace file in machine.Files.All.Where(file => file.Kind is FileKind.Tmpfs or FileKind.Ext4).ToList())
        {
            machine.Must(new Operation.Truncate(file.Name, 0));
            Assert.Empty(file.Cache);
            Assert.Empty(file.Swapped);
            foreach ((Process process, VirtualPage address, Pte pte) in Final.Entries(machine))
            {
                Assert.True(process.Mm.Lookup(address)!.File?.Mapping != file || pte.IsNone, $"page {address} of {process.Id} maps {file}");
            }
        }
    }
}
