namespace Rmap.Properties.Shrinking;

/// <summary>The simpler forms that one operation could have, the most daring first.</summary>
internal static class Simpler
{
    internal static IEnumerable<Operation> Forms(Operation operation) => operation switch
    {
        Operation.Mmap o => Mmap(o),
        Operation.Mremap o => Mremap(o),
        Operation.Mprotect o => Ranges(o.Range).Select(range => o with { Range = range })
            .Append(o with { Protection = Protection.Read }).Append(o with { Protection = Protection.Read | Protection.Write }),
        Operation.Madvise o => Madvise(o),
        Operation.Munmap o => Ranges(o.Range).Select(range => o with { Range = range }),
        Operation.Mlock o => Ranges(o.Range).Select(range => o with { Range = range }).Append(o with { OnFault = false }),
        Operation.Mbind o => Ranges(o.Range).Select(range => o with { Range = range }).Append(o with { Policy = MemoryPolicy.Bind }),
        Operation.Munlock o => Ranges(o.Range).Select(range => o with { Range = range }),
        Operation.Msync o => Ranges(o.Range).Select(range => o with { Range = range }),
        Operation.Write o => [new Operation.Read(o.Process, o.Page), .. Values(o.Value).Select(value => o with { Value = value })],
        Operation.Exec o => [new Operation.Exit(o.Process)],
        Operation.CloneVm o => [new Operation.Fork(o.Process, o.Child)],
        Operation.KsmScan o => Enumerable.Range(1, 3).Select(passes => o with { Passes = passes }),
        Operation.FileCreate o => FileCreate(o),
        Operation.Truncate o => Lengths(o.Pages).Append(0).Select(pages => o with { Pages = pages }),
        Operation.Punch o => [.. Lengths(o.Length).Select(length => o with { Length = length }), o with { Page = 0 }],
        Operation.FileWrite o => [o with { Page = 0 }, .. Values(o.Value).Select(value => o with { Value = value })],
        Operation.Shmget o => Lengths(o.Pages).Select(pages => o with { Pages = pages }),
        Operation.Shmat o => [o with { ReadOnly = false }],
        Operation.Pin o => Pin(o),
        Operation.PinWrite o => [new Operation.PinRead(o.Id), .. Values(o.Value).Select(value => o with { Value = value })],
        Operation.FailNth o => Enumerable.Range(0, Math.Clamp(o.Nth, 0, 16)).Select(nth => o with { Nth = nth }),
        Operation.UffdMove o => Lengths(o.Pages).Select(pages => o with { Pages = pages }),
        _ => [],
    };

    private static IEnumerable<Operation> Mmap(Operation.Mmap o)
    {
        yield return o with { Shared = false, File = null, FileOffset = 0, Placement = Placement.Fixed, NoReserve = false };
        yield return o with { File = null, FileOffset = 0 };
        yield return o with { Shared = false };
        yield return o with { FileOffset = 0 };
        yield return o with { Placement = Placement.Fixed };
        yield return o with { NoReserve = false };
        yield return o with { Protection = Protection.Read | Protection.Write };
        foreach (PageRange range in Ranges(o.Range))
        {
            yield return o with { Range = range };
        }
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
        {
            yield return o with { NewLength = length };
        }
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

        foreach (PageRange range in Ranges(o.Range))
        {
            yield return o with { Range = range };
        }
    }

    private static IEnumerable<Operation> Pin(Operation.Pin o)
    {
        yield return new Operation.Read(o.Process, o.Page);
        yield return new Operation.Write(o.Process, o.Page, 0);
        for (GupKind kind = GupKind.Pin; kind < o.Kind; kind++)
        {
            yield return o with { Kind = kind };
        }
    }

    private static IEnumerable<Operation> FileCreate(Operation.FileCreate o)
    {
        yield return o with { FileSystem = FileSystem.Tmpfs };
        yield return o with { Fill = null };
        foreach (long pages in Lengths(o.Pages))
        {
            yield return o with { Pages = pages };
        }

        foreach (byte value in Values(o.Fill ?? 0))
        {
            yield return o with { Fill = value };
        }
    }

    private static IEnumerable<PageRange> Ranges(PageRange range)
    {
        foreach (long pages in Lengths(range.Pages))
        {
            yield return PageRange.Of(range.Start, pages);
            yield return new PageRange(range.End - pages, range.End);
        }
    }

    private static IEnumerable<long> Lengths(long length) => length > 1 ? new[] { 1, length / 2, length - 1 }.Distinct() : [];

    private static IEnumerable<byte> Values(byte value)
    {
        for (byte smaller = 0; smaller < Math.Min(value, (byte)3); smaller++)
        {
            yield return smaller;
        }
    }
}
