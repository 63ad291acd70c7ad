using System.Collections.Immutable;

namespace Rmap.Properties.Strace;

/// <summary>An address space, as far as the model does not know it: where the heap ends, in pages.</summary>
internal sealed class Space
{
    internal long? Break { get; set; }
}

/// <summary>A process of the log.</summary>
/// <param name="Id">Its number in the scenario.</param>
/// <param name="Space">Its memory.</param>
internal sealed record LogTask(ProcessId Id, Space Space);

/// <summary>
/// The scenario that is being made of a log, and a machine on which it is carried out meanwhile, to know what is mapped.
/// </summary>
/// <param name="pages">The addresses of the log as page numbers.</param>
/// <param name="files">The files of the log.</param>
internal sealed class Import(PageMap pages, LogFiles files)
{
    private readonly Machine machine = new();
    private readonly ImmutableArray<Step>.Builder steps = ImmutableArray.CreateBuilder<Step>();
    private readonly SortedDictionary<(LeftOutReason, string), int> leftOut = [];
    private int processes;

    internal PageMap Pages => pages;

    internal LogFiles Files => files;

    internal Segments Segments { get; } = new();

    /// <summary>Who is there, by the number in the log.</summary>
    internal Dictionary<long, LogTask> Tasks { get; } = [];

    internal ImmutableArray<Step> Steps => steps.ToImmutable();

    internal IReadOnlyList<LeftOut> LeftOut => [.. leftOut.Select(each => new LeftOut(each.Key.Item1, each.Key.Item2, each.Value))];

    /// <summary>A process, under the next free number.</summary>
    internal LogTask NewTask(Space space) => new(new ProcessId(processes++), space);

    internal void Leave(LeftOutReason reason, string what) =>
        leftOut[(reason, what)] = leftOut.GetValueOrDefault((reason, what)) + 1;

    /// <summary>Carries an operation out and writes it down.</summary>
    internal void Add(Operation operation, Outcome? expected = null)
    {
        machine.Execute(operation);
        steps.Add(new Step(operation, expected));
    }

    /// <summary>The pages that a call names.</summary>
    internal PageRange RangeOf((long Start, long Pages) range) => PageRange.Of(pages[range.Start], range.Pages);

    /// <summary>Whether all of a range is memory that calls have mapped.</summary>
    internal bool IsMapped(LogTask task, PageRange range)
    {
        VirtualPage at = range.Start;
        while (at < range.End && VmaAt(task, at) is { } vma)
            at = vma.End;

        return at >= range.End;
    }

    /// <summary>Whether any of a range is memory that calls have mapped.</summary>
    internal bool IsMappedAnywhere(LogTask task, PageRange range) => Mm(task)?.Intersecting(range) is not null;

    internal VmArea? VmaAt(LogTask task, VirtualPage page) => Mm(task)?.Lookup(page);

    /// <summary>Touches the first and the last page: which ones the program has touched no log tells.</summary>
    internal void TouchEnds(LogTask task, PageRange range)
    {
        Touch(task, range.Start);
        if (range.Pages > 1)
            Touch(task, range.End - 1);
    }

    /// <summary>Writes a page if it may be written, or else reads it if it may be read.</summary>
    internal void Touch(LogTask task, VirtualPage page)
    {
        VmArea? vma = VmaAt(task, page);
        if (vma is not null && vma.Has(VmFlags.Write))
            Add(new Operation.Write(task.Id, page, (byte)steps.Count));
        else if (vma is not null && vma.Has(VmFlags.Read))
            Add(new Operation.Read(task.Id, page));
    }

    /// <summary>Writes a page of each VMA that fork makes copies of.</summary>
    internal void TouchWritable(LogTask task, Func<VmArea, VirtualPage> where)
    {
        foreach (VmArea vma in (Mm(task)?.Vmas ?? []).Where(vma => vma.Has(VmFlags.Write) && !vma.Has(VmFlags.Shared)).ToList())
            Touch(task, where(vma));
    }

    /// <summary>Whether limits are known to concern the processes of the log.</summary>
    internal bool HasLimits { get; init; }

    /// <summary>How many pages a process may lock.</summary>
    internal long LimitOf(LogTask task) => machine.Find(task.Id)?.MemlockLimit ?? long.MaxValue;

    /// <summary>What PR_SET_MDWE has set.</summary>
    internal Mdwe MdweOf(LogTask task) => Mm(task)?.Mdwe ?? Mdwe.None;

    /// <summary>Whether new mappings are locked.</summary>
    internal bool LocksAll(LogTask task) => Mm(task) is { DefFlags: not VmFlags.None };

    /// <summary>Whether a page of the range has any of these flags.</summary>
    internal bool HasAnywhere(LogTask task, PageRange range, VmFlags flags) =>
        Mm(task)?.Vmas.Any(vma => vma.Range.Overlaps(range) && vma.Has(flags)) == true;

    /// <summary>What pidfd_open has returned, by the process that called it.</summary>
    internal Dictionary<(long Pid, string Descriptor), long> Pidfds { get; } = [];

    /// <summary>The process that a pidfd names, or null.</summary>
    internal LogTask? OfPidfd(long pid, string descriptor)
    {
        string number = descriptor.Split('<')[0];
        long target = number is "PIDFD_SELF" or "-10000" ? pid : Pidfds.GetValueOrDefault((pid, number), -1);
        return Tasks.GetValueOrDefault(target);
    }

    /// <summary>Null if the process is not there any more: memory was out.</summary>
    private Mm? Mm(LogTask task) => machine.Find(task.Id)?.Mm;
}
