using Rmap.Model;

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
            Operation.OnRange o => from process in processes from range in ranges select At(o, process, range),
            Operation.OnPage o => from process in processes from page in places select At(o, process, page),
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
        _ => [operation],
    };

    private static PageRange One(Operation.OnPage operation) => PageRange.Of(operation.Page, 1);

    private static Operation At(Operation.OnRange operation, ProcessId process, PageRange range) => operation switch
    {
        Operation.Mmap o => o with { Process = process, Range = range },
        Operation.Munmap o => o with { Process = process, Range = range },
        Operation.Mprotect o => o with { Process = process, Range = range },
        Operation.Madvise o => o with { Process = process, Range = range },
        Operation.Mlock o => o with { Process = process, Range = range },
        Operation.Munlock o => o with { Process = process, Range = range },
        Operation.Msync o => o with { Process = process, Range = range },
        _ => operation,
    };

    private static Operation At(Operation.OnPage operation, ProcessId process, VirtualPage page) => operation switch
    {
        Operation.Read o => o with { Process = process, Page = page },
        Operation.Write o => o with { Process = process, Page = page },
        Operation.Shmat o => o with { Process = process, Page = page },
        Operation.Shmdt o => o with { Process = process, Page = page },
        Operation.Reclaim o => o with { Process = process, Page = page },
        Operation.Migrate o => o with { Process = process, Page = page },
        Operation.Referenced o => o with { Process = process, Page = page },
        Operation.Pin o => o with { Process = process, Page = page },
        _ => operation,
    };

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
