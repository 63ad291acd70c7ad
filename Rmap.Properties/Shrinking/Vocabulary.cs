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
        ProcessId[] processes = [.. scenario.SelectMany(Mentioned.Processes).Distinct().OrderBy(process => process.Number)];
        VirtualPage[] places = [.. scenario.SelectMany(Places.Of).Where(page => page.Number >= 0).Distinct().Order().Take(MostPlaces)];
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
            Operation.Exit or Operation.Exec or Operation.MemoryMerge or Operation.Mlockall or Operation.Munlockall
                or Operation.RlimitMemlock or Operation.SetMdwe => processes.Select(process =>
                new OperationRewriter.Place(process, default, default).Rewrite(operation)),
            Operation.UffdMove or Operation.FailNth or not Operation.ByProcess => [operation],
            _ => throw new InvalidOperationException($"Nobody knows whether {operation.GetType().Name} has a place."),
        };
    }

    /// <summary>The operation itself, and such as might do its work and that of others.</summary>
    private static IEnumerable<Operation> Alike(Operation operation)
    {
        yield return operation;
        switch (operation)
        {
            case Operation.Write o:
                yield return new Operation.Read(o.Process, o.Page);
                yield return new Operation.Madvise(o.Process, One(o), Advice.PopulateWrite);
                yield return new Operation.Mlock(o.Process, One(o));

                // It splits the VMA where it is to move to, and gives it an AV, whatever comes of it.
                yield return new Operation.UffdMove(o.Process, o.Page, o.Page + 1, Pages: 1);
                break;
            case Operation.Shmat o:
                yield return new Operation.Mmap(o.Process, One(o), Protection.Read | Protection.Write, Shared: true);
                break;
            case Operation.Mmap { File: not null } o:
                yield return o with { File = null, FileOffset = 0, Shared = true };
                break;
            case Operation.Mlock o:
                yield return new Operation.Munlock(o.Process, o.Range);
                break;
            case Operation.Reclaim:
                yield return new Operation.SwapOffOn();
                break;
            case Operation.KsmScan:
                yield return new Operation.KsmRun(2);
                break;
        }
    }

    private static PageRange One(Operation.OnPage operation) => PageRange.Of(operation.Page, 1);

    /// <summary>Where the ranges and pages begin and end that an operation names.</summary>
    private sealed class Places : Operands
    {
        private readonly List<VirtualPage> places = [];

        internal static IEnumerable<VirtualPage> Of(Operation operation)
        {
            var named = new Places();
            OperationTable.Through(operation, named);
            return named.places;
        }

        internal override VirtualPage Page(VirtualPage page, string json = "") => Range(PageRange.Of(page, 1)).Start;

        internal override VirtualPage To(VirtualPage page, long pages) => Range(PageRange.Of(page, pages)).Start;

        internal override PageRange Range(PageRange range, string start = "", string length = "")
        {
            places.AddRange([range.Start, range.End]);
            return range;
        }

        internal override (VirtualPage? Target, long NewLength, MremapFlags Flags) Move(Operation.Mremap mremap)
        {
            if (mremap.Target is { } target)
                To(target, mremap.NewLength);

            return base.Move(mremap);
        }
    }
}
