namespace Rmap.Properties.Checking;

/// <summary>An operation in whose place another thing is done, so that it does not do what it is for.</summary>
/// <param name="What">In a few words.</param>
/// <param name="Scenario">What comes before.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Instead">The operations that are executed in its place; it may be among them.</param>
/// <param name="Outcome">What it is said to come to.</param>
/// <param name="Change">What is done by hand in the end.</param>
internal sealed partial record WrongEffect(
    string What, string Scenario, string Operation, string Instead = "", string Outcome = "0", Action<Machine>? Change = null)
{
    private const string Written = "P0 mmap 0+4 rw private anon\nP0 write 0 = 1\n";
    private const string Forked = Written + "P0 fork P1\n";
    private const string PrivateFile = "F0 create 4 tmpfs = 7\nP0 mmap 0+4 rw private F0\n";
    private const string Merged =
        "P0 mmap 0+4 rw private anon\nP0 madvise 0+4 mergeable\nP0 write 0 = 5\nP0 write 1 = 5\nksm scan\n";

    /// <summary>What the effects and the costs say of it.</summary>
    internal Violation? Violation()
    {
        Machine machine = CorruptionTests.Build(Scenario, new Linux618());
        Step step = ScenarioText.Parse($"{Operation} => {Outcome}").Steps[0];
        var effects = new Effects();
        var costs = new CostChecker(machine);
        effects.Before(machine, step.Operation);
        costs.Before(step.Operation);
        foreach (Step other in ScenarioText.Parse(Instead).Steps)
            machine.Execute(other.Operation);

        Change?.Invoke(machine);
        // What is told of costs leaves out what an access does besides.
        bool isCost = Costs.Concat(RightCosts).Any(cost => ReferenceEquals(cost, this));
        return (isCost ? null : effects.After(machine, step.Operation, step.Expected!)) ?? costs.After(step.Operation, step.Expected!);
    }

    public override string ToString() => What;

    private static Mm Mm(Machine machine, int process = 0) => machine.Find(new ProcessId(process))!.Mm;

    private static VmArea Vma(Machine machine, long page = 0, int process = 0) => Mm(machine, process).Lookup(new(page))!;

    private static Page Page(Machine machine) => Mm(machine).PageTable[new(0)].Page;

    private static void Prepare(Machine machine) => AnonVmas.Prepare(new TaskStruct(machine), Vma(machine, 8));

    /// <summary>Gives the VMA of page 8 the AV of the first.</summary>
    private static void Lend(Machine machine)
    {
        VmArea vma = Vma(machine, 8);
        AnonVma anonVma = Vma(machine).AnonVma!;
        var link = new AnonVmaChain(vma, anonVma);
        anonVma.Tree.Insert(link.Node, vma.AnonPageOffset, vma.LastAnonPageOffset);
        vma.AddToChain(link);
        vma.AnonVma = anonVma;
        anonVma.NumActiveVmas++;
    }
}
