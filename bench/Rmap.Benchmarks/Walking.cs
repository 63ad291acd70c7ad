using BenchmarkDotNet.Attributes;

namespace Rmap.Benchmarks;

/// <summary>
/// Walks from a page that all processes of a fork tree share. Here the cost grows, as it does in Linux: a walk visits every VMA that
/// may map the page.
/// </summary>
public class Walking
{
    private readonly ProcessId parent = new(0);
    private Machine machine = new();
    private Page page = null!;

    [Params(1, 10, 100, 1_000)]
    public int Processes { get; set; }

    [GlobalSetup]
    public void Build()
    {
        machine = new Machine();
        machine.Execute(new Operation.Mmap(parent, PageRange.Of(new(0), 8), Protection.Read | Protection.Write, Shared: false));
        machine.Execute(new Operation.Write(parent, new(0), 1));
        for (int number = 1; number < Processes; number++)
        {
            machine.Execute(new Operation.Fork(parent, new ProcessId(number)));
        }

        page = machine.Find(parent)!.Mm.PageTable[new VirtualPage(0)].Page;
    }

    [Benchmark]
    public int Walk()
    {
        int places = 0;
        foreach (RmapVisit visit in RmapWalk.Visits(page, machine.Rules))
        {
            places += visit.Vma.IsDetached ? 0 : 1;
        }

        return places;
    }

    [Benchmark]
    public Outcome PageReferenced() => machine.Execute(new Operation.Referenced(parent, new(0)));
}
