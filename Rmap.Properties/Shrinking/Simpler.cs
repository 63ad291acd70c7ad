namespace Rmap.Properties.Shrinking;

/// <summary>The simpler forms that one operation could have, the most daring first.</summary>
internal static class Simpler
{
    internal static IEnumerable<Operation> Forms(Operation operation) => operation switch
    {
        Operation.Mmap o => Mmap(o),
        Operation.Mremap o => Mremap(o),
        Operation.Mprotect o => Simplified(o)
            .Append(o with { Protection = Protection.Read }).Append(o with { Protection = Protection.Read | Protection.Write }),
        Operation.Madvise o => Madvise(o).Concat(Simplified(o)),
        Operation.Mbind o => Simplified(o).Append(o with { Policy = MemoryPolicy.Bind }),
        Operation.Write o => Simplified(o).Prepend(new Operation.Read(o.Process, o.Page)),
        Operation.Exec o => [new Operation.Exit(o.Process)],
        Operation.CloneVm o => [new Operation.Fork(o.Process, o.Child)],
        Operation.KsmScan o => Enumerable.Range(1, 3).Select(passes => o with { Passes = passes }),
        Operation.FileCreate o => FileCreate(o),
        Operation.Truncate o => Simplified(o).Append(o with { Pages = 0 }),
        Operation.Pin o => Pin(o),
        Operation.PinWrite o => Simplified(o).Prepend(new Operation.PinRead(o.Id)),
        Operation.FailNth o => Enumerable.Range(0, Math.Clamp(o.Nth, 0, 16)).Select(nth => o with { Nth = nth }),
        _ => Simplified(operation),
    };

    /// <summary>The same operation with one of its operands simpler, whatever it is.</summary>
    private static IEnumerable<Operation> Simplified(Operation operation)
    {
        for (int way = 0; ; way++)
        {
            var simplify = new Simplify(way);
            Operation simpler = OperationTable.Through(operation, simplify);
            if (!simplify.IsDone)
                yield break;

            yield return simpler;
        }
    }

    /// <summary>Makes one operand simpler, in one of all the ways in which operands can be.</summary>
    private sealed class Simplify(int way) : Operands
    {
        private int left = way;

        internal bool IsDone => left < 0;

        internal override PageRange Range(PageRange range, string start = "", string length = "") => One(range, Ranges(range));

        internal override PageRange Source(PageRange range) => One(range, Shorter(range));

        internal override PageRange FileRange(PageRange range) =>
            One(range, [.. Shorter(range), PageRange.Of(new VirtualPage(0), range.Pages)]);

        internal override long FilePage(long page) => One(page, [0]);

        internal override long Pages(long pages) => One(pages, Lengths(pages));

        internal override byte Value(byte value) => One(value, Values(value));

        internal override T Word<T>(T value, Words<T> words) =>
            One(value, value is bool && words.IsOptional ? [words.All[0].Value] : []);

        private T One<T>(T operand, IEnumerable<T> ways)
        {
            T[] all = [.. ways];
            bool isMine = left >= 0 && left < all.Length;
            T one = isMine ? all[left] : operand;
            left -= all.Length;
            return one;
        }
    }

    private static IEnumerable<Operation> Mmap(Operation.Mmap o)
    {
        yield return o with { Shared = false, File = null, FileOffset = 0, Placement = Placement.Fixed, NoReserve = false, Locked = false };
        yield return o with { File = null, FileOffset = 0 };
        yield return o with { Shared = false };
        yield return o with { FileOffset = 0 };
        yield return o with { Placement = Placement.Fixed };
        yield return o with { NoReserve = false };
        yield return o with { Locked = false };
        yield return o with { Protection = Protection.Read | Protection.Write };
        foreach (PageRange range in Ranges(o.Range))
            yield return o with { Range = range };
    }

    private static IEnumerable<Operation> Mremap(Operation.Mremap o)
    {
        yield return new Operation.Munmap(o.Process, o.Range);
        yield return o with { Flags = o.Flags & ~MremapFlags.DontUnmap };
        foreach (PageRange range in Ranges(o.Range))
        {
            yield return o with { Range = range, NewLength = range.Pages };
            yield return o with { Range = range };
        }

        foreach (long length in Lengths(o.NewLength))
            yield return o with { NewLength = length };
    }

    private static IEnumerable<Operation> Madvise(Operation.Madvise o)
    {
        switch (o.Advice)
        {
            case Advice.DontNeed:
                yield return new Operation.Munmap(o.Process, o.Range);
                break;
            case Advice.PopulateWrite:
                yield return new Operation.Write(o.Process, o.Range.Start, 1);
                break;
            case Advice.PopulateRead:
                yield return new Operation.Read(o.Process, o.Range.Start);
                break;
            case Advice.PageOut:
                yield return new Operation.Reclaim(o.Process, o.Range.Start);
                break;
        }
    }

    private static IEnumerable<Operation> Pin(Operation.Pin o)
    {
        yield return new Operation.Read(o.Process, o.Page);
        yield return new Operation.Write(o.Process, o.Page, 0);
        for (GupKind kind = GupKind.Pin; kind < o.Kind; kind++)
            yield return o with { Kind = kind };
    }

    private static IEnumerable<Operation> FileCreate(Operation.FileCreate o)
    {
        yield return o with { FileSystem = FileSystem.Tmpfs };
        yield return o with { Fill = null };
        foreach (long pages in Lengths(o.Pages))
            yield return o with { Pages = pages };

        foreach (byte value in Values(o.Fill ?? 0))
            yield return o with { Fill = value };
    }

    private static IEnumerable<PageRange> Ranges(PageRange range)
    {
        foreach (long pages in Lengths(range.Pages))
        {
            yield return PageRange.Of(range.Start, pages);
            yield return new PageRange(range.End - pages, range.End);
        }
    }

    private static IEnumerable<PageRange> Shorter(PageRange range) =>
        Lengths(range.Pages).Select(pages => PageRange.Of(range.Start, pages));

    private static IEnumerable<long> Lengths(long length) => length > 1 ? new[] { 1, length / 2, length - 1 }.Distinct() : [];

    private static IEnumerable<byte> Values(byte value)
    {
        for (byte smaller = 0; smaller < Math.Min(value, (byte)3); smaller++)
            yield return smaller;
    }
}
