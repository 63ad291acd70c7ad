namespace Rmap.Properties.Shrinking;

/// <summary>
/// The operations that a scenario could consist of instead: of the kinds that it has, or that do the work of several, by its processes,
/// on its pages.
/// </summary>
internal static class Vocabulary
{
    private const int MostPlaces = 6;
    private const int Most = 200;

    internal static Operation[] Of(Operation[] scenario)
    {
        ProcessId[] processes = [.. scenario.SelectMany(Processes).Distinct().OrderBy(process => process.Number)];
        VirtualPage[] places = [.. scenario.SelectMany(Places).Where(page => page.Number >= 0).Distinct().Order().Take(MostPlaces)];
        PageRange[] ranges =
            [.. places.SelectMany(start => places.Where(end => end > start).Select(end => new PageRange(start, end)))];
        return [.. scenario.SelectMany(Alike).Distinct().SelectMany(Placed).Distinct().Take(Most)];

        IEnumerable<Operation> Placed(Operation operation) => operation switch
        {
            Operation.Fork => from one in processes from other in processes where one != other select new Operation.Fork(one, other),
            Operation.CloneVm => from one in processes from other in processes where one != other select new Operation.CloneVm(one, other),
            Operation.Mremap { Target: not null } o =>
                from process in processes
                from range in ranges
                from target in places
                where !range.Overlaps(PageRange.Of(target, range.Pages))
                select o with { Process = process, Range = range, NewLength = range.Pages, Target = target },
            Operation.OnRange o =>
                from process in processes from range in ranges select new OperationRewriter.Place(process, o.Range, range).Rewrite(o),
            Operation.OnPage o =>
                from process in processes
                from page in places
                select new OperationRewriter.Place(process, One(o), PageRange.Of(page, 1)).Rewrite(o),
            Operation.Exit => processes.Select(process => new Operation.Exit(process)),
            Operation.MemoryMerge o => processes.Select(process => o with { Process = process }),
            Operation.Exec => processes.Select(process => new Operation.Exec(process)),
            _ => [operation],
        };
    }

    /// <summary>The operation itself, and such as might do its work and that of others.</summary>
    private static IEnumerable<Operation> Alike(Operation operation) => operation switch
    {
        Operation.Write o =>
        [
            o, new Operation.Read(o.Process, o.Page), new Operation.Madvise(o.Process, One(o), Advice.PopulateWrite),
            new Operation.Mlock(o.Process, One(o)),
        ],
        Operation.Shmat o => [o, new Operation.Mmap(o.Process, One(o), Protection.Read | Protection.Write, Shared: true)],
        Operation.Mmap { File: not null } o => [o, o with { File = null, FileOffset = 0, Shared = true }],
        Operation.Mlock o => [o, new Operation.Munlock(o.Process, o.Range)],
        Operation.Reclaim o => [o, new Operation.SwapOffOn()],
        Operation.KsmScan o => [o, new Operation.KsmRun(2)],
        _ => [operation],
    };

    private static PageRange One(Operation.OnPage operation) => PageRange.Of(operation.Page, 1);

    private static IEnumerable<ProcessId> Processes(Operation operation) => operation switch
    {
        Operation.Fork o => [o.Process, o.Child],
        Operation.CloneVm o => [o.Process, o.Child],
        Operation.ByProcess o => [o.Process],
        _ => [],
    };

    private static IEnumerable<VirtualPage> Places(Operation operation) => operation switch
    {
        Operation.Mremap { Target: { } target } o => [o.Range.Start, o.Range.End, target, target + o.NewLength],
        Operation.OnRange o => [o.Range.Start, o.Range.End],
        Operation.OnPage o => [o.Page, o.Page + 1],
        Operation.UffdMove o => [o.Source, o.Source + o.Pages, o.Destination, o.Destination + o.Pages],
        _ => [],
    };
}
