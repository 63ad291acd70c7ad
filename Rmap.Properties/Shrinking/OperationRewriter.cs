namespace Rmap.Properties.Shrinking;

/// <summary>Replaces operands of one sort everywhere in a scenario: the minimiser's global steps are subclasses.</summary>
internal abstract class OperationRewriter
{
    internal Operation Rewrite(Operation operation) => operation switch
    {
        Operation.Mmap o => o with { Process = Process(o.Process), Range = Range(o.Range) },
        Operation.Munmap o => o with { Process = Process(o.Process), Range = Range(o.Range) },
        Operation.Mprotect o => o with { Process = Process(o.Process), Range = Range(o.Range) },
        Operation.Mremap o => Mremap(o),
        Operation.Madvise o => o with { Process = Process(o.Process), Range = Range(o.Range) },
        Operation.Mbind o => o with { Process = Process(o.Process), Range = Range(o.Range) },
        Operation.Mlock o => o with { Process = Process(o.Process), Range = Range(o.Range) },
        Operation.Munlock o => o with { Process = Process(o.Process), Range = Range(o.Range) },
        Operation.Msync o => o with { Process = Process(o.Process), Range = Range(o.Range) },
        Operation.Read o => o with { Process = Process(o.Process), Page = Page(o.Page) },
        Operation.Write o => o with { Process = Process(o.Process), Page = Page(o.Page), Value = Value(o.Value) },
        Operation.Shmat o => o with { Process = Process(o.Process), Page = Page(o.Page) },
        Operation.Shmdt o => o with { Process = Process(o.Process), Page = Page(o.Page) },
        Operation.Reclaim o => o with { Process = Process(o.Process), Page = Page(o.Page) },
        Operation.Migrate o => o with { Process = Process(o.Process), Page = Page(o.Page) },
        Operation.Referenced o => o with { Process = Process(o.Process), Page = Page(o.Page) },
        Operation.Fork o => o with { Process = Process(o.Process), Child = Process(o.Child) },
        Operation.CloneVm o => o with { Process = Process(o.Process), Child = Process(o.Child) },
        Operation.MemoryMerge o => o with { Process = Process(o.Process) },
        Operation.Exec o => o with { Process = Process(o.Process) },
        Operation.Exit o => o with { Process = Process(o.Process) },
        Operation.FailNth o => o with { Process = Process(o.Process) },
        Operation.UffdMove o => UffdMove(o),
        Operation.Pin o => o with { Process = Process(o.Process), Page = Page(o.Page) },
        Operation.PinWrite o => o with { Value = Value(o.Value) },
        Operation.FileCreate o => o with { Fill = o.Fill is { } fill ? Value(fill) : null },
        Operation.FileWrite o => o with { Value = Value(o.Value) },
        _ => operation,
    };

    protected virtual ProcessId Process(ProcessId process) => process;

    protected virtual VirtualPage Page(VirtualPage page) => page;

    protected virtual byte Value(byte value) => value;

    /// <summary>The new length of so many pages from this one on.</summary>
    protected virtual long Length(VirtualPage start, long pages) => Page(start + pages) - Page(start);

    private PageRange Range(PageRange range) => PageRange.Of(Page(range.Start), Length(range.Start, range.Pages));

    private Operation.Mremap Mremap(Operation.Mremap mremap)
    {
        long length = Length(mremap.Target ?? mremap.Range.Start, mremap.NewLength);
        return mremap with
        {
            Process = Process(mremap.Process),
            Range = Range(mremap.Range),
            Target = mremap.Target is { } target ? Page(target) : null,
            NewLength = Math.Max(length, Math.Min(mremap.NewLength, 1)),
        };
    }

    private Operation.UffdMove UffdMove(Operation.UffdMove move) => move with
    {
        Process = Process(move.Process),
        Source = Page(move.Source),
        Destination = Page(move.Destination),
        Pages = Math.Max(Length(move.Source, move.Pages), Math.Min(move.Pages, 1)),
    };

    /// <summary>Gives a process another number; if a process of that number appears, the two become one.</summary>
    internal sealed class RenameProcess(int from, int to) : OperationRewriter
    {
        protected override ProcessId Process(ProcessId process) => process.Number == from ? new ProcessId(to) : process;
    }

    /// <summary>Lets two processes trade their numbers.</summary>
    internal sealed class SwapProcesses(int one, int other) : OperationRewriter
    {
        protected override ProcessId Process(ProcessId process) =>
            process.Number == one ? new ProcessId(other) : process.Number == other ? new ProcessId(one) : process;
    }

    /// <summary>Leaves everything as it is.</summary>
    internal sealed class Same : OperationRewriter;

    /// <summary>Takes one page out of every address space: what lies above moves down, ranges that contain it get shorter.</summary>
    internal sealed class DeletePage(long number) : OperationRewriter
    {
        protected override VirtualPage Page(VirtualPage page) => page.Number > number ? page - 1 : page;
    }

    /// <summary>Lets two places of so many pages trade their numbers.</summary>
    internal sealed class SwapPages(VirtualPage one, VirtualPage other, long pages) : OperationRewriter
    {
        protected override long Length(VirtualPage start, long length) => length;

        protected override VirtualPage Page(VirtualPage page) => Within(page, one) ? other + (page - one)
            : Within(page, other) ? one + (page - other)
            : page;

        private bool Within(VirtualPage page, VirtualPage start) => page >= start && page - start < pages;
    }

    /// <summary>Lets a process do at one place what was done at another: the growth of a range stays what it was.</summary>
    internal sealed class Place(ProcessId process, PageRange from, PageRange to) : OperationRewriter
    {
        protected override ProcessId Process(ProcessId other) => process;

        protected override VirtualPage Page(VirtualPage page) => to.Start + (page - from.Start);

        protected override long Length(VirtualPage start, long pages) => pages + to.Pages - from.Pages;
    }

    /// <summary>Writes another value instead.</summary>
    internal sealed class ReplaceValue(byte from, byte to) : OperationRewriter
    {
        protected override byte Value(byte value) => value == from ? to : value;
    }
}
