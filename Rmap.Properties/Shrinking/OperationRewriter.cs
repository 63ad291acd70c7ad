namespace Rmap.Properties.Shrinking;

/// <summary>Replaces operands of one sort everywhere in a scenario: the minimiser's global steps are subclasses.</summary>
internal abstract class OperationRewriter : Operands
{
    internal Operation Rewrite(Operation operation) => OperationTable.Through(operation, this);

    internal override ProcessId Process(ProcessId process, string json) => Process(process);

    internal override VirtualPage Page(VirtualPage page, string json = "") => Page(page);

    internal override PageRange Range(PageRange range, string start = "", string length = "") =>
        PageRange.Of(Page(range.Start), Length(range.Start, range.Pages));

    internal override PageRange Source(PageRange range) =>
        PageRange.Of(Page(range.Start), Math.Max(Length(range.Start, range.Pages), Math.Min(range.Pages, 1)));

    internal override byte? Fill(byte? value) => value is { } fill ? Value(fill) : null;

    internal override (VirtualPage? Target, long NewLength, MremapFlags Flags) Move(Operation.Mremap mremap)
    {
        long length = Length(mremap.Target ?? mremap.Range.Start, mremap.NewLength);
        return (
            mremap.Target is { } target ? Page(target) : null, Math.Max(length, Math.Min(mremap.NewLength, 1)), mremap.Flags);
    }

    protected virtual ProcessId Process(ProcessId process) => process;

    protected virtual VirtualPage Page(VirtualPage page) => page;

    /// <summary>The new length of so many pages from this one on.</summary>
    protected virtual long Length(VirtualPage start, long pages) => Page(start + pages) - Page(start);

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

    /// <summary>Takes pages out of every address space: what lies above moves down, ranges that contain them get shorter.</summary>
    internal sealed class DeletePages(long first, long count = 1) : OperationRewriter
    {
        protected override VirtualPage Page(VirtualPage page) =>
            page.Number > first ? new VirtualPage(Math.Max(page.Number - count, first)) : page;
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
        internal override byte Value(byte value) => value == from ? to : value;
    }
}
