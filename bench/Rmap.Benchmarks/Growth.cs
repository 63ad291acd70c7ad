using BenchmarkDotNet.Attributes;

namespace Rmap.Benchmarks;

/// <summary>
/// One operation on a machine with more and more processes, which have nothing to do with each other, and more and more pages. The cost
/// must stay the same: what an operation does not touch, it must not pay for.
/// </summary>
public class Growth
{
    private readonly ProcessId parent = new(0);
    private readonly ProcessId child = new(1_000_000);
    private Machine machine = new();
    private Operation[] pair = [];

    [Params(10, 100, 1_000)]
    public int Processes { get; set; }

    [Params(1_000, 100_000)]
    public int Pages { get; set; }

    [GlobalSetup(Target = nameof(StoreAndDiscard))]
    public void StoreAndDiscardOnePage() => Build(
        new Operation.Write(parent, new(0), 1), new Operation.Madvise(parent, PageRange.Of(new(0), 1), Advice.DontNeed));

    [GlobalSetup(Target = nameof(MapAndUnmap))]
    public void MapAndUnmapEightPages() => Build(
        new Operation.Mmap(parent, PageRange.Of(new(16), 8), Protection.Read | Protection.Write, Shared: false),
        new Operation.Munmap(parent, PageRange.Of(new(16), 8)));

    [GlobalSetup(Target = nameof(ReclaimAndFault))]
    public void ReclaimAndFaultOnePage() => Build(
        new Operation.Reclaim(parent, new(1)), new Operation.Write(parent, new(1), 2));

    [GlobalSetup(Target = nameof(ForkAndExit))]
    public void ForkAndExitOfASmallProcess() => Build(new Operation.Fork(parent, child), new Operation.Exit(child));

    [Benchmark(OperationsPerInvoke = 2)]
    public Outcome StoreAndDiscard() => ExecutePair();

    [Benchmark(OperationsPerInvoke = 2)]
    public Outcome MapAndUnmap() => ExecutePair();

    [Benchmark(OperationsPerInvoke = 2)]
    public Outcome ReclaimAndFault() => ExecutePair();

    [Benchmark(OperationsPerInvoke = 2)]
    public Outcome ForkAndExit() => ExecutePair();

    private Outcome ExecutePair()
    {
        machine.Execute(pair[0]);
        return machine.Execute(pair[1]);
    }

    /// <summary>
    /// The process that is measured has 8 pages; all others were forked from it while it was empty and have the rest, each with one
    /// page swapped out.
    /// </summary>
    private void Build(Operation first, Operation second)
    {
        machine = new Machine();
        for (int number = 1; number < Processes; number++)
        {
            var other = new ProcessId(number);
            machine.Execute(new Operation.Fork(parent, other));
            int pages = Pages / (Processes - 1);
            machine.Execute(new Operation.Mmap(other, PageRange.Of(new(0), pages), Protection.Read | Protection.Write, Shared: false));
            machine.Execute(new Operation.Madvise(other, PageRange.Of(new(0), pages), Advice.PopulateWrite));
            machine.Execute(new Operation.Reclaim(other, new(0)));
        }

        machine.Execute(new Operation.Mmap(parent, PageRange.Of(new(0), 8), Protection.Read | Protection.Write, Shared: false));
        machine.Execute(new Operation.Madvise(parent, PageRange.Of(new(0), 8), Advice.PopulateWrite));
        pair = [first, second];
    }
}
