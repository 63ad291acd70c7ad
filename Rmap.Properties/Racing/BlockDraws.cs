using System.Collections.Immutable;
using Rmap.Properties.Generating;
using Rmap.Properties.Together;

namespace Rmap.Properties.Racing;

/// <summary>
/// Draws blocks: some operations at rest, so that there is memory that several share, then two or three tasks around one page: at the same
/// place of the same process, as threads, or wherever else the page, its slot or its file is mapped.
/// </summary>
public sealed class BlockDraws
{
    private const int MostInBlock = 6;
    private const long Pages = 8;

    private static readonly Profile Prefix = Profile.Of(
    [
        OperationKind.MmapAnonymous, OperationKind.MmapAnonymous, OperationKind.MmapFile, OperationKind.MmapShared, OperationKind.Write,
        OperationKind.Read, OperationKind.Fork, OperationKind.Mremap, OperationKind.Mprotect, OperationKind.Munmap, OperationKind.Reclaim,
        OperationKind.Migrate, OperationKind.Discard, OperationKind.Exit, OperationKind.FileCreate, OperationKind.CloneVm,
    ]);

    private readonly Machine machine;
    private SplitMix random;
    private int pins;
    private (Mm Mm, VirtualPage At)? prepared;

    private BlockDraws(Rules rules, MachineOptions options, ulong seed)
    {
        random = new SplitMix(seed);
        machine = new Machine(rules, options);
    }

    /// <summary>The block of a seed.</summary>
    /// <param name="seed">The same seed gives the same block under the same rules.</param>
    /// <param name="rules">The rules of the machine that is looked at.</param>
    public static BlockCase Draw(ulong seed, Rules rules)
    {
        var chooser = new OperationChooser(Prefix, seed, new Limits(Processes: 3, Pages: (int)Pages, IsPlain: true));
        MachineOptions options = chooser.Options with { SwapSync = (seed >> 60 & 3) == 0 };
        var draws = new BlockDraws(rules, options, seed ^ 0x5DEECE66D);
        ImmutableArray<Operation>.Builder before = ImmutableArray.CreateBuilder<Operation>();
        int length = 4 + draws.random.Below(12);
        while (before.Count < length || (draws.Places().Count == 0 && before.Count < 40))
        {
            Operation operation = chooser.Next(draws.machine);
            Do(operation);
        }

        foreach (Operation operation in draws.random.Chance(70) ? draws.Prepared() : [])
            Do(operation);

        return new BlockCase(options, before.ToImmutable(), draws.Tasks());

        void Do(Operation operation)
        {
            before.Add(operation);
            draws.machine.Execute(operation);
        }
    }

    /// <summary>What brings a page into a state in which tasks can meet over it; the block is most often about this page then.</summary>
    private IEnumerable<Operation> Prepared()
    {
        if (Places() is not { Count: > 0 } places)
            return [];

        Place place = places[random.Below(places.Count)];
        (ProcessId who, VirtualPage at) = (place.Process.Id, place.At);
        prepared = (place.Vma.Mm, at);
        var write = new Operation.Write(who, at, Value());
        var fork = new Operation.Fork(who, new ProcessId(4));
        switch (random.Below(9))
        {
            case 0:
                return [write];
            case 1:
                return [write, new Operation.Reclaim(who, at)];
            case 2:
                return [write, fork];
            case 3:
                return [write, fork, new Operation.Reclaim(who, at)];
            case 4:
                return [write, new Operation.Reclaim(who, at), fork];
            case 5:
                return [new Operation.Madvise(who, PageRange.Of(at, 1), Advice.DontNeed)];
            case 6:
                return [new Operation.Read(who, at)];
            case 7:
                return [write, fork, new Operation.Write(who, at, Value())];
            default:
                var away = new VirtualPage(Pages + random.Below((int)Pages * 2));
                prepared = (place.Vma.Mm, away);
                return [write, new Operation.Mremap(who, PageRange.Of(at, 1), 1, away, MremapFlags.MayMove | MremapFlags.Fixed)];
        }
    }

    private readonly record struct Place(Process Process, VmArea Vma, VirtualPage At)
    {
        internal Pte Pte => Vma.Mm.PageTable[At];

        internal AddressSpace? File => Vma.File?.Mapping;
    }

    private List<Place> Places() =>
    [
        .. from process in machine.Processes
           from vma in process.Mm.Vmas
           from at in Enumerable.Range(0, (int)Math.Min(vma.Pages, 16))
           select new Place(process, vma, vma.Start + at),
    ];

    private ImmutableArray<ImmutableArray<Operation>> Tasks()
    {
        List<Place> places = Places();
        if (places.Count == 0)
            return [[], []];

        List<Place> mapped = [.. places.Where(place => !place.Pte.IsNone)];
        Place about = mapped.Count > 0 && !random.Chance(15) ? mapped[random.Below(mapped.Count)] : places[random.Below(places.Count)];
        if (prepared is var (mm, page) && places.Find(place => place.Vma.Mm == mm && place.At == page) is { Vma: not null } met)
            about = met;

        List<Place> related = [.. places.Where(place => AreRelated(place, about))];
        int tasks = random.Chance(20) ? 3 : 2;
        int left = MostInBlock;
        var all = new ImmutableArray<Operation>[tasks];
        for (int task = 0; task < tasks; task++)
        {
            int many = random.Below(100) switch { < 60 => 1, < 83 => 2, < 93 => 3, _ => 4 };
            many = Math.Min(many, left - (tasks - 1 - task));
            left -= many;
            all[task] = Operations(many, about, related);
        }

        return [.. all];
    }

    private static bool AreRelated(Place place, Place about) =>
        (place.Vma.Mm == about.Vma.Mm && place.At == about.At)
        || (about.Pte.Target is { } target && place.Pte.Target == target)
        || (about.File is { } file && place.File == file && place.Vma.LinearPageIndex(place.At) == about.Vma.LinearPageIndex(about.At));

    private ImmutableArray<Operation> Operations(int many, Place about, List<Place> related)
    {
        ImmutableArray<Operation>.Builder operations = ImmutableArray.CreateBuilder<Operation>(many);
        Place place = random.Chance(70) ? related[random.Below(related.Count)] : about;
        while (operations.Count < many)
            operations.Add(One(place, operations.Count > 0 ? operations[^1] : null));

        return operations.ToImmutable();
    }

    private Operation One(Place place, Operation? last)
    {
        if (last is Operation.Pin pin && random.Chance(70))
        {
            return random.Chance(60) && pin.Kind == GupKind.PinWrite
                ? new Operation.PinWrite(pin.Id, Value())
                : new Operation.Unpin(pin.Id);
        }

        ProcessId who = place.Process.Id;
        VirtualPage at = place.At;
        if (place.File is { } named && !named.Name.StartsWith("shmem", StringComparison.Ordinal) && random.Chance(25))
            return OfFile(named.Name, place);

        return random.Below(42) switch
        {
            < 3 => new Operation.Read(who, at),
            < 9 => new Operation.Write(who, at, Value()),
            < 12 => new Operation.Fork(who, new ProcessId(5 + random.Below(2))),
            < 15 => new Operation.Munmap(who, Range(place)),
            < 19 => Mremap(place),
            < 22 => new Operation.Mprotect(who, Range(place), random.Chance(60) ? Protection.Read : Protection.Read | Protection.Write),
            < 26 => new Operation.Madvise(who, Range(place), Advice.DontNeed),
            < 28 => new Operation.Madvise(who, Range(place), Advice.Free),
            < 33 => new Operation.Reclaim(who, at),
            < 38 => new Operation.Migrate(who, at),
            < 39 => new Operation.Referenced(who, at),
            < 41 => new Operation.Pin(who, at, new PinId(9 - pins++), random.Chance(70) ? GupKind.PinWrite : GupKind.Pin),
            _ => new Operation.Exit(who),
        };
    }

    private Operation OfFile(string file, Place place)
    {
        long index = place.Vma.LinearPageIndex(place.At);
        return random.Below(3) switch
        {
            0 => new Operation.Truncate(file, index),
            1 => new Operation.Punch(file, index, 1),
            _ => new Operation.FileWrite(file, index, Value()),
        };
    }

    /// <summary>To where the page was first, if it has moved, else to somewhere else.</summary>
    private Operation.Mremap Mremap(Place place)
    {
        PageRange range = Range(place);
        VirtualPage home = new(place.Vma.LinearPageIndex(range.Start));
        bool goesHome = place.Vma.IsAnonymous && home != range.Start && home.Number < Pages * 4 && random.Chance(70);
        VirtualPage to = goesHome ? home : new VirtualPage(random.Below((int)Pages * 2));
        return new Operation.Mremap(place.Process.Id, range, range.Pages, to, MremapFlags.MayMove | MremapFlags.Fixed);
    }

    private PageRange Range(Place place) =>
        random.Chance(60) || place.Vma.Pages > 8 ? PageRange.Of(place.At, 1) : place.Vma.Range;

    private byte Value() => (byte)random.Below(4);
}
