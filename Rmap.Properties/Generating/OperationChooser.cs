namespace Rmap.Properties.Generating;

/// <summary>
/// Chooses the next operation of a case while looking at the machine as it stands, so that most operations meet something: ranges
/// come from VMAs, half of the moved pages go home (to the address that their page offset names), values are few, so that
/// pages become equal.
/// </summary>
public sealed class OperationChooser
{
    private const int Values = 4;

    private readonly Limits limits;
    private readonly int[] weights = new int[Enum.GetValues<OperationKind>().Length];
    private readonly int total;
    private SplitMix random;

    /// <summary>For what came later to be drawn: so the other draws of all seeds stay what they were.</summary>
    private SplitMix later;

    private int files;
    private int segments;
    private ProcessId? failing;

    /// <summary>A chooser for one case.</summary>
    public OperationChooser(Profile profile, ulong seed, Limits? limits = null)
    {
        this.limits = limits ?? Limits.Default;
        random = new SplitMix(seed);
        later = new SplitMix(~seed);
        Options = DrawOptions();
        profile.DrawWeights(ref random, weights);
        foreach (int weight in weights)
        {
            total += weight;
        }
    }

    /// <summary>The settings drawn for the case's machine.</summary>
    public MachineOptions Options { get; }

    /// <summary>The next operation.</summary>
    public Operation Next(Machine machine)
    {
        if (machine.Processes.Count == 0)
        {
            return new Operation.SwapOffOn();
        }

        if (Failing(machine) is { } about)
        {
            return Choose(DrawAllocatingKind(), machine, about);
        }

        if (machine.Faults.FailsSwapRead && random.Chance(30))
        {
            return new Operation.SwapOffOn();
        }

        Process process = machine.Processes[random.Below(machine.Processes.Count)];
        return process.Mm.Vmas.Count == 0 && !random.Chance(20) ? MmapAnonymous(process) : Choose(DrawKind(), machine, process);
    }

    private MachineOptions DrawOptions() => new()
    {
        SwapSync = random.Chance(25),
        FaultAround = random.Chance(15) ? 16 : 1,
        PgoffLimit = random.Chance(15) ? limits.Pages : MachineOptions.Default.PgoffLimit,
        KsmMaxPageSharing = random.Chance(25) ? 2 + random.Below(3) : 256,
        KsmUseZeroPages = later.Chance(25),
        MmapBase = limits.Pages,
    };

    private OperationKind DrawKind()
    {
        int ticket = random.Below(total);
        int kind = 0;
        while (ticket >= weights[kind])
        {
            ticket -= weights[kind++];
        }

        return (OperationKind)kind;
    }

    /// <summary>A kind of operation that changes VMAs, if a few tries find one: these allocate most.</summary>
    private OperationKind DrawAllocatingKind()
    {
        OperationKind kind = DrawKind();
        for (int tries = 0; tries < 6 && !Allocates(kind); tries++)
        {
            kind = DrawKind();
        }

        return kind;
    }

    private static bool Allocates(OperationKind kind) => kind is OperationKind.MmapAnonymous or OperationKind.MmapShared
        or OperationKind.MmapFile or OperationKind.Munmap or OperationKind.Mprotect or OperationKind.Mremap or OperationKind.Fork
        or OperationKind.ForkAdvice or OperationKind.KsmAdvice or OperationKind.Mlock or OperationKind.SysV;

    private Operation Choose(OperationKind kind, Machine machine, Process process) => kind switch
    {
        OperationKind.MmapAnonymous => MmapAnonymous(process),
        OperationKind.MmapShared => new Operation.Mmap(process.Id, FreshRange(process.Mm), Protection(), Shared: true),
        OperationKind.MmapFile => MmapFile(process),
        OperationKind.Munmap => new Operation.Munmap(process.Id, PartOfVma(process.Mm)),
        OperationKind.Mprotect => new Operation.Mprotect(process.Id, PartOfVma(process.Mm), Protection()),
        OperationKind.Mremap => Mremap(process),
        OperationKind.Read => new Operation.Read(process.Id, PageOfVma(process.Mm)),
        OperationKind.Write => new Operation.Write(process.Id, PageOfVma(process.Mm), Value()),
        OperationKind.Fork => new Operation.Fork(process.Id, Child(machine)),
        OperationKind.CloneVm => new Operation.CloneVm(process.Id, Child(machine)),
        OperationKind.Exec => new Operation.Exec(process.Id),
        OperationKind.Exit => machine.Processes.Count > 1 || random.Chance(5)
            ? new Operation.Exit(process.Id)
            : new Operation.Fork(process.Id, Child(machine)),
        OperationKind.Discard => Madvise(process, random.Chance(50) ? Advice.DontNeed : Advice.Free),
        OperationKind.ForkAdvice => ForkAdvice(process),
        OperationKind.KsmAdvice => KsmAdvice(process),
        OperationKind.PopulateAdvice => Madvise(process, random.Chance(50) ? Advice.PopulateRead : Advice.PopulateWrite),
        OperationKind.ReclaimAdvice => Madvise(process, random.Chance(30) ? Advice.Cold : Advice.PageOut),
        OperationKind.KsmScan => KsmScan(machine.Ksm),
        OperationKind.Reclaim => new Operation.Reclaim(process.Id, UsedPage(process.Mm)),
        OperationKind.Migrate => new Operation.Migrate(process.Id, UsedPage(process.Mm)),
        OperationKind.Referenced => new Operation.Referenced(process.Id, UsedPage(process.Mm)),
        OperationKind.SwapOffOn => new Operation.SwapOffOn(),
        OperationKind.Mlock => random.Chance(60)
            ? new Operation.Mlock(process.Id, PartOfVma(process.Mm), OnFault: random.Chance(20))
            : new Operation.Munlock(process.Id, PartOfVma(process.Mm)),
        OperationKind.FileCreate => FileCreate(),
        OperationKind.Truncate => Truncate(process),
        OperationKind.FileWrite => FileWrite(process),
        OperationKind.SysV => SysV(process),
        OperationKind.UffdMove => UffdMove(process),
        OperationKind.Pin => Pin(machine, process),
        OperationKind.FailNth => machine.Swap.InUse > 0 && random.Chance(50) ? new Operation.SwapFailRead() : FailNth(process),
        _ => Blind(process),
    };

    private Operation.Mmap MmapAnonymous(Process process)
    {
        int draw = random.Below(100);
        return new Operation.Mmap(
            process.Id, FreshRange(process.Mm), random.Chance(80) ? ReadWrite : Protection(), Shared: false,
            Placement: draw < 8 ? Placement.Hint : draw < 14 ? Placement.NoReplace : Placement.Fixed, NoReserve: random.Chance(5));
    }

    private Operation MmapFile(Process process)
    {
        if (files == 0)
        {
            return FileCreate();
        }

        PageRange range = FreshRange(process.Mm);
        return new Operation.Mmap(
            process.Id, range, random.Chance(75) ? ReadWrite : Protection(), Shared: random.Chance(50), File(),
            random.Chance(60) ? range.Start.Number % 4 : FileOffset());
    }

    /// <summary>Near the beginning of a file; if page offsets have a limit that can be met, also near that.</summary>
    private long FileOffset() =>
        Options.PgoffLimit <= limits.Pages && random.Chance(50) ? Options.PgoffLimit - random.Below(8) : random.Below(6);

    private Operation.Mremap Mremap(Process process)
    {
        if (process.Mm.Vmas.Count == 0)
        {
            return new Operation.Mremap(process.Id, BlindRange(), 1 + random.Below(4), null, MremapFlags.MayMove);
        }

        VmArea vma = AnyVma(process.Mm);
        PageRange range = PartOf(vma);
        long length = random.Chance(75) ? range.Pages : 1 + random.Below((int)Math.Min(range.Pages, 8) + 4);
        if (random.Chance(15))
        {
            return new Operation.Mremap(process.Id, range, length, null, random.Chance(50) ? MremapFlags.None : MremapFlags.MayMove);
        }

        MremapFlags flags = MremapFlags.MayMove | MremapFlags.Fixed;
        if (random.Chance(25))
        {
            flags |= MremapFlags.DontUnmap;
            length = range.Pages;
        }

        return new Operation.Mremap(process.Id, range, length, Target(process.Mm, vma, range, length), flags);
    }

    /// <summary>Where moved pages go: half of them home, others next to a VMA, or anywhere.</summary>
    private VirtualPage Target(Mm mm, VmArea vma, PageRange range, long length)
    {
        if (vma.IsAnonymous && random.Chance(50))
        {
            return new VirtualPage(vma.LinearPageIndex(range.Start));
        }

        VmArea neighbour = AnyVma(mm);
        return random.Below(3) switch
        {
            0 => neighbour.End,
            1 when neighbour.Start.Number >= length => neighbour.Start - length,
            _ => AnyPage(),
        };
    }

    private Operation Madvise(Process process, Advice advice) =>
        new Operation.Madvise(process.Id, PartOfVma(process.Mm), advice);

    private Operation KsmAdvice(Process process)
    {
        if (random.Chance(10))
        {
            return new Operation.MemoryMerge(process.Id, On: random.Chance(75));
        }

        PageRange range = process.Mm.Vmas.Count > 0 && random.Chance(60) ? AnyVma(process.Mm).Range : PartOfVma(process.Mm);
        Advice advice = random.Chance(85) ? Advice.Mergeable : Advice.Unmergeable;
        return advice == Advice.Mergeable && PageToFree(process.Mm, range) is { } page
            ? new Operation.Madvise(process.Id, PageRange.Of(page, 1), Advice.Free)
            : new Operation.Madvise(process.Id, range, advice);
    }

    /// <summary>
    /// A page that MADV_FREE can act on, where a VMA is mergeable already: the advice that it is would do nothing there, and of pages that
    /// were given up before ksmd came there would be hardly any.
    /// </summary>
    private VirtualPage? PageToFree(Mm mm, PageRange range)
    {
        if (mm.Lookup(range.Start) is not { } vma || !vma.Has(VmFlags.Mergeable))
        {
            return null;
        }

        VirtualPage page = range.Start + later.Below((int)Math.Min(range.Pages, limits.Pages));
        return mm.PageTable[page] is { IsPresent: true, Page: { MapCount: 1, Mapping: AnonVma } } ? page : null;
    }

    /// <summary>Of the policies two, so that VMAs become alike again.</summary>
    private Operation ForkAdvice(Process process)
    {
        int draw = random.Below(64);
        PageRange range = PartOfVma(process.Mm);
        return draw % 16 < 5
            ? new Operation.Mbind(process.Id, range, (MemoryPolicy)(draw / 32))
            : new Operation.Madvise(process.Id, range, Advice.DontFork + (draw / 16));
    }

    private Operation KsmScan(KsmState ksm)
    {
        int draw = random.Below(64);
        return ksm.Run == 2 ? new Operation.KsmRun(1) : (draw % 16) switch
        {
            0 => new Operation.KsmRun(2),
            1 => new Operation.KsmMaxSharing(2 + random.Below(3)),
            _ => new Operation.KsmScan(draw / 16),
        };
    }

    private Operation.FileCreate FileCreate()
    {
        bool isSparse = random.Chance(30);
        return new Operation.FileCreate(
            Name('F', files++), 1 + random.Below(8), isSparse ? null : Value(), random.Chance(70) ? FileSystem.Tmpfs : FileSystem.Ext4);
    }

    private Operation Truncate(Process process) => random.Below(3) switch
    {
        _ when files == 0 => FileCreate(),
        0 => new Operation.Punch(File(), random.Below(6), 1 + random.Below(4)),
        1 => new Operation.Madvise(process.Id, PartOfVma(process.Mm), Advice.Remove),
        _ => new Operation.Truncate(File(), random.Below(9)),
    };

    private Operation FileWrite(Process process) => random.Below(3) switch
    {
        _ when files == 0 => FileCreate(),
        0 => new Operation.Fsync(File()),
        1 => new Operation.Msync(process.Id, PartOfVma(process.Mm)),
        _ => new Operation.FileWrite(File(), random.Below(8), Value()),
    };

    private Operation SysV(Process process)
    {
        int draw = random.Below(100);
        if (segments == 0 || draw < 10)
        {
            return new Operation.Shmget(Name('S', segments++), 1 + random.Below(6));
        }

        string segment = Name('S', random.Below(segments));
        return draw switch
        {
            < 65 => new Operation.Shmat(process.Id, segment, AnyPage(), ReadOnly: random.Chance(20)),
            < 90 => new Operation.Shmdt(process.Id, process.Mm.Vmas.Count > 0 ? AnyVma(process.Mm).Start : AnyPage()),
            _ => new Operation.Shmrm(segment),
        };
    }

    private Operation.UffdMove UffdMove(Process process)
    {
        PageRange source = PartOfVma(process.Mm);
        PageRange destination = PartOfVma(process.Mm);
        return new Operation.UffdMove(process.Id, source.Start, destination.Start, Math.Min(source.Pages, 3));
    }

    /// <summary>Pins a page, or does something with one that is pinned. Few are pinned at once.</summary>
    private Operation Pin(Machine machine, Process process)
    {
        const int most = 3;
        int pinned = machine.Pins.All.Count;
        if (pinned == 0 || (pinned < most && random.Chance(45)))
        {
            return new Operation.Pin(process.Id, UsedPage(process.Mm), FreePin(machine), (GupKind)random.Below(3));
        }

        Pin pin = machine.Pins.All[random.Below(pinned)];
        return random.Below(3) switch
        {
            0 => new Operation.Unpin(pin.Id),
            1 => new Operation.PinWrite(pin.Id, Value()),
            _ => new Operation.PinRead(pin.Id),
        };
    }

    /// <summary>The lowest number that no pin has.</summary>
    private static PinId FreePin(Machine machine)
    {
        int number = 0;
        while (machine.Pins.Find(new PinId(number)) is not null)
        {
            number++;
        }

        return new PinId(number);
    }

    /// <summary>Small numbers more often: most operations allocate little.</summary>
    private Operation.FailNth FailNth(Process process)
    {
        failing = process.Id;
        return new Operation.FailNth(process.Id, random.Chance(5) ? 0 : 1 + random.Below(1 + random.Below(12)));
    }

    /// <summary>The process of which an allocation is to fail, most of the time, until it has.</summary>
    private Process? Failing(Machine machine)
    {
        if (failing is not { } id)
        {
            return null;
        }

        if (machine.Find(id) is not { FailNth: > 0 } process)
        {
            failing = null;
            return null;
        }

        return random.Chance(80) ? process : null;
    }

    /// <summary>Operands that look at nothing: most of these are refused.</summary>
    private Operation Blind(Process process) => random.Below(8) switch
    {
        0 => new Operation.Munmap(process.Id, BlindRange()),
        1 => new Operation.Mprotect(process.Id, BlindRange(), Protection()),
        2 => new Operation.Mremap(process.Id, BlindRange(), random.Below(6), AnyPage(), (MremapFlags)random.Below(8)),
        3 => new Operation.Madvise(process.Id, BlindRange(), (Advice)random.Below((int)Advice.PopulateWrite + 1)),
        4 => new Operation.Write(process.Id, AnyPage(), Value()),
        5 => new Operation.Read(new ProcessId(random.Below(limits.Processes)), AnyPage()),
        6 => new Operation.Mlock(process.Id, BlindRange()),
        _ => new Operation.Mmap(process.Id, BlindRange(), Protection(), random.Chance(50), Placement: (Placement)random.Below(3)),
    };

    private const Protection ReadWrite = Model.Values.Protection.Read | Model.Values.Protection.Write;

    private Protection Protection() => random.Below(10) switch
    {
        < 6 => ReadWrite,
        < 8 => Model.Values.Protection.Read,
        8 => Model.Values.Protection.None,
        _ => ReadWrite | Model.Values.Protection.Exec,
    };

    private byte Value() => (byte)random.Below(Values);

    private string File() => Name('F', random.Below(files));

    private static string Name(char kind, int number) => number < NameCache.Length && kind == 'F' ? NameCache[number] : $"{kind}{number}";

    private static readonly string[] NameCache = [.. Enumerable.Range(0, 8).Select(number => $"F{number}")];

    /// <summary>The lowest number that no process has; if there are enough processes, one that is taken, to be refused.</summary>
    private ProcessId Child(Machine machine)
    {
        int number = 0;
        while (number < limits.Processes - 1 && machine.Find(new ProcessId(number)) is not null)
        {
            number++;
        }

        return new ProcessId(number);
    }

    private VirtualPage AnyPage() => new(random.Below(limits.Pages));

    private PageRange BlindRange() => PageRange.Of(AnyPage(), random.Below(8));

    /// <summary>A range for a new mapping: half of them touch a VMA, so that they can merge.</summary>
    private PageRange FreshRange(Mm mm)
    {
        int length = 1 + random.Below(6);
        if (mm.Vmas.Count > 0 && random.Chance(50))
        {
            VmArea neighbour = AnyVma(mm);
            if (random.Chance(50) && neighbour.End.Number + length <= limits.Pages)
            {
                return PageRange.Of(neighbour.End, length);
            }

            if (neighbour.Start.Number >= length)
            {
                return PageRange.Of(neighbour.Start - length, length);
            }
        }

        return PageRange.Of(new VirtualPage(random.Below(limits.Pages - length + 1)), length);
    }

    private VmArea AnyVma(Mm mm) => mm.Vmas[random.Below(mm.Vmas.Count)];

    private PageRange PartOfVma(Mm mm) => mm.Vmas.Count == 0 ? BlindRange() : PartOf(AnyVma(mm));

    private VirtualPage PageOfVma(Mm mm)
    {
        if (mm.Vmas.Count == 0)
        {
            return AnyPage();
        }

        VmArea vma = AnyVma(mm);
        return vma.Start + random.Below((int)Math.Min(vma.Pages, limits.Pages));
    }

    /// <summary>A page with an entry, if a few tries find one.</summary>
    private VirtualPage UsedPage(Mm mm)
    {
        VirtualPage page = PageOfVma(mm);
        for (int tries = 0; tries < 4 && mm.PageTable[page].Kind is PteKind.None or PteKind.ZeroPage; tries++)
        {
            page = PageOfVma(mm);
        }

        return page;
    }

    /// <summary>The whole of a VMA, one page, its head, its tail, or something in between.</summary>
    private PageRange PartOf(VmArea vma)
    {
        int pages = (int)Math.Min(vma.Pages, limits.Pages);
        int first = random.Below(pages);
        return random.Below(8) switch
        {
            < 3 => vma.Range,
            3 => PageRange.Of(vma.Start + first, 1),
            4 => PageRange.Of(vma.Start, first + 1),
            5 => new PageRange(vma.Start + first, vma.End),
            6 => PageRange.Of(vma.Start + first, 1 + random.Below(pages - first)),
            _ => PageRange.Of(vma.Start + first, 1 + random.Below(8)),
        };
    }
}
