namespace Rmap.Properties.Properties;

/// <summary>The state that a scenario leads to, and plain ways to read it.</summary>
internal static class Final
{
    /// <summary>The machine after a scenario. From there on allocations and reads from swap succeed.</summary>
    internal static Machine State(Scenario scenario, Rules? rules = null)
    {
        var machine = new Machine(rules ?? new Linux618(), scenario.Options);
        foreach (Step step in scenario.Steps)
            machine.Execute(step.Operation);

        foreach (Process process in machine.Processes)
            machine.Execute(new Operation.FailNth(process.Id, 0));

        machine.Faults.FailsSwapRead = false;
        return machine;
    }

    /// <summary>The same on a machine on which neither memory nor the number of VMAs comes to an end.</summary>
    internal static Machine StateWithRoom(Scenario scenario) => State(scenario with
    {
        Options = scenario.Options with { Frames = 1 << 13, MaxMapCount = MachineOptions.Default.MaxMapCount },
    });

    /// <summary>All entries of all VMAs (of huge ones those that are not none), processes that share an mm only once.</summary>
    internal static IEnumerable<(Process Process, VirtualPage Address, Pte Pte)> Entries(Machine machine) =>
        from process in machine.Processes.DistinctBy(process => process.Mm)
        from vma in process.Mm.Vmas
        from offset in Pages(vma)
        let address = vma.Start + offset
        select (process, address, process.Mm.PageTable[address]);

    /// <summary>The pages of a VMA, counted from its start; of a huge one only those that have an entry.</summary>
    private static IEnumerable<long> Pages(VmArea vma)
    {
        const int most = 4096;
        if (vma.Pages <= most)
            return Enumerable.Range(0, (int)vma.Pages).Select(page => (long)page);

        var pages = new List<long>();
        foreach ((VirtualPage address, _) in vma.Mm.PageTable.Walk(vma.Range))
            pages.Add(address - vma.Start);

        return pages;
    }

    /// <summary>Executes an operation that is expected to succeed.</summary>
    internal static void Must(this Machine machine, Operation operation)
    {
        Outcome outcome = machine.Execute(operation);
        Assert.True(outcome.Succeeded, $"{ScenarioText.Print(operation)} => {outcome}");
    }
}
