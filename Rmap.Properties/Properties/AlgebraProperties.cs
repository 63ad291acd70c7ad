using FsCheck.Xunit;
using Rmap.Model.State;
using Rmap.Properties.Generating;
using Rmap.Properties.Text;

namespace Rmap.Properties.Properties;

/// <summary>Property 6: operations that cancel out, commute, or are repeated from text.</summary>
[Properties(Arbitrary = [typeof(AnyCase)], MaxTest = 200, Replay = "1,9")]
public class AlgebraProperties
{
    [Property]
    public void Replaying_a_printed_scenario_gives_the_same_state(Scenario scenario)
    {
        Scenario read = ScenarioText.Parse(ScenarioText.Print(scenario));
        Assert.Equal(FullState.Of(Final.State(scenario)), FullState.Of(Final.State(read)));
    }

    [Property]
    public void Splitting_the_inside_of_a_VMA_and_merging_it_again_restores_it(Scenario scenario)
    {
        Machine machine = Final.StateWithRoom(scenario);
        foreach (Process process in machine.Processes)
        {
            foreach (VmArea vma in process.Mm.Vmas.Where(vma => vma.Pages > 2 && vma.File is not { HasClose: true }).ToList())
            {
                string before = VmasOf(process);
                var middle = PageRange.Of(vma.Start + 1, 1);
                bool isDontCopy = vma.Has(VmFlags.DontCopy);
                machine.Must(new Operation.Madvise(process.Id, middle, isDontCopy ? Advice.DoFork : Advice.DontFork));
                machine.Must(new Operation.Madvise(process.Id, middle, isDontCopy ? Advice.DontFork : Advice.DoFork));
                Assert.Equal(before, VmasOf(process));
            }
        }
    }

    [Property]
    public void A_child_that_only_lives_and_dies_leaves_its_parent_the_VMAs_and_the_contents(Scenario scenario)
    {
        Machine machine = Final.StateWithRoom(scenario);
        var child = new ProcessId(1000);
        foreach (Process process in machine.Processes.ToList())
        {
            string before = VmasOf(process);
            string entries = EntriesOf(process);
            machine.Must(new Operation.Fork(process.Id, child));
            machine.Must(new Operation.Exit(child));
            Assert.Equal(before, VmasOf(process));
            Assert.Equal(entries, EntriesOf(process));
        }
    }

    [Property]
    public void Asking_whether_a_page_was_used_changes_hints_only(Scenario scenario)
    {
        Machine machine = Final.State(scenario);
        string before = FullState.Of(machine, Role.Hint);
        foreach ((Process process, VirtualPage address, _) in Final.Entries(machine).ToList())
        {
            machine.Execute(new Operation.Referenced(process.Id, address));
        }

        Assert.Equal(before, FullState.Of(machine, Role.Hint));
    }

    [Property]
    public void Operations_of_unrelated_processes_commute(ulong first, ulong second)
    {
        Scenario one = PrivateCase(first, new ProcessId(100));
        Scenario other = PrivateCase(second, new ProcessId(200));
        Machine straight = Unrelated();
        Machine crossed = Unrelated();
        Run(straight, one);
        Run(straight, other);
        Run(crossed, other);
        Run(crossed, one);
        foreach (int process in new[] { 100, 200 })
            Assert.Equal(FullState.Of(straight.Find(new(process))!), FullState.Of(crossed.Find(new(process))!));
    }

    /// <summary>Two processes that have nothing in common: forked before anything was mapped.</summary>
    private static Machine Unrelated()
    {
        var machine = new Machine();
        machine.Must(new Operation.Fork(new(0), new(100)));
        machine.Must(new Operation.Fork(new(0), new(200)));
        return machine;
    }

    /// <summary>The operations of a generated case that one process does on private memory, done by another one.</summary>
    private static Scenario PrivateCase(ulong seed, ProcessId process) => Scenario.Of(
        GeneratedRun.Check(Profile.Find("vma")!, seed, new Linux618()).Scenario.Steps
            .Select(step => step.Operation)
            .OfType<Operation.OnRange>()
            .Where(operation => operation is not Operation.Mmap { File: not null } and not Operation.Mmap { Shared: true }
                and not Operation.Mlock and not Operation.Msync)
            .Select(operation => operation with { Process = process })
            .SelectMany<Operation.OnRange, Operation>(operation =>
                [operation, new Operation.Write(process, operation.Range.Start, (byte)operation.Range.Pages)]));

    private static void Run(Machine machine, Scenario scenario)
    {
        foreach (Step step in scenario.Steps)
            machine.Execute(step.Operation);
    }

    private static string VmasOf(Process process) =>
        string.Join('\n', process.Mm.Vmas.Select(vma =>
            $"{vma.Range} {vma.PageOffset} {vma.Flags} {vma.File?.Mapping} {vma.AnonVma is null} {vma.ChainLength}"));

    private static string EntriesOf(Process process) =>
        string.Join('\n', from entry in process.Mm.PageTable.Entries()
                          let pte = entry.Pte
                          let value = pte.IsPresent ? pte.Page.Value : pte.Kind == PteKind.Swap ? pte.Slot.Value : 0
                          select $"{entry.Page} {pte.Kind} {value}");
}
