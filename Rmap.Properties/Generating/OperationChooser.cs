namespace Rmap.Properties.Generating;

/// <summary>
/// Chooses the next operation of a case while looking at the machine as it stands, so that most operations meet something: ranges
/// come from VMAs, half of the moved pages go home (to the address that their page offset names), values are few, so that
/// pages become equal.
/// </summary>
public sealed class OperationChooser
{
    private readonly Limits limits;
    private readonly OperationKind[] kinds;
    private readonly bool isBlind;
    private readonly bool isLocking;
    private readonly OperandDraws draws;
    private readonly UniformDraws uniform;

    private int files;
    private int segments;
    private ProcessId? failing;

    /// <summary>A chooser for one case.</summary>
    public OperationChooser(Profile profile, ulong seed, Limits? limits = null)
    {
        this.limits = limits ?? Limits.Default;
        draws = new OperandDraws(this.limits, seed);
        Options = OptionDraws.Draw(ref Random, this.limits, draws.Layout);
        uniform = new UniformDraws(this.limits, Options, draws);
        kinds = profile.DrawKinds(ref Random);
        isBlind = !kinds.AsSpan().ContainsAnyExcept(OperationKind.Blind);
        isLocking = kinds.AsSpan().Contains(OperationKind.Mlock);
    }

    /// <summary>The settings drawn for the case's machine.</summary>
    public MachineOptions Options { get; }

    private ref SplitMix Random => ref draws.Random;

    /// <summary>The next operation.</summary>
    public Operation Next(Machine machine)
    {
        Operation operation = Drawn(machine);
        while (Filling.IsTooMuch(machine, operation))
            operation = Drawn(machine);

        return operation;
    }

    private Operation Drawn(Machine machine)
    {
        if (isBlind)
            return uniform.Draw();

        if (machine.Processes.Count == 0)
            return new Operation.SwapOffOn();

        if (Failing(machine) is { } about)
            return (Random.Chance(30) ? Joining(about) : null) ?? Choose(DrawAllocatingKind(), machine, about);

        if (machine.Faults.FailsSwapRead && Random.Chance(30))
            return new Operation.SwapOffOn();

        Process process = machine.Processes[Random.Below(machine.Processes.Count)];
        return process.Mm.Vmas.Count == 0 && !Random.Chance(20) ? MmapAnonymous(process) : Choose(DrawKind(), machine, process);
    }

    private OperationKind DrawKind() => kinds[Random.Below(kinds.Length)];

    /// <summary>A kind of operation that changes VMAs, if a few tries find one: these allocate most.</summary>
    private OperationKind DrawAllocatingKind()
    {
        OperationKind kind = DrawKind();
        for (int tries = 0; tries < 6 && !Allocates(kind); tries++)
            kind = DrawKind();

        return kind;
    }

    private static bool Allocates(OperationKind kind) => kind is OperationKind.MmapAnonymous or OperationKind.MmapShared
        or OperationKind.MmapFile or OperationKind.Munmap or OperationKind.Mprotect or OperationKind.Mremap or OperationKind.Fork
        or OperationKind.ForkAdvice or OperationKind.KsmAdvice or OperationKind.Mlock or OperationKind.Forbid or OperationKind.SysV;

    private Operation Choose(OperationKind kind, Machine machine, Process process) => kind switch
    {
        OperationKind.MmapAnonymous => MmapAnonymous(process),
        OperationKind.MmapShared => new Operation.Mmap(
            process.Id, draws.FreshRange(process.Mm), draws.Protection(), Shared: true, Placement: Placement(), NoReserve: NoReserve(),
            Locked: Locked()),
        OperationKind.MmapFile => MmapFile(process),
        OperationKind.Munmap => draws.Draw<Operation.Munmap>(machine, process),
        OperationKind.Mprotect =>
            (Random.Chance(15) ? Joining(process) : null)
            ?? (Random.Chance(10) ? PkeyMprotect(process) : draws.Draw<Operation.Mprotect>(machine, process)),
        OperationKind.Mremap => Mremap(process),
        OperationKind.Read => draws.Draw<Operation.Read>(machine, process),
        OperationKind.Mincore => draws.Draw<Operation.Mincore>(machine, process),
        OperationKind.Write => draws.Draw<Operation.Write>(machine, process),
        OperationKind.Fork => draws.Draw<Operation.Fork>(machine, process),
        OperationKind.CloneVm => draws.Draw<Operation.CloneVm>(machine, process),
        OperationKind.Exec => draws.Draw<Operation.Exec>(machine, process),
        OperationKind.Exit => machine.Processes.Count > 1 || Random.Chance(5)
            ? new Operation.Exit(process.Id)
            : draws.Draw<Operation.Fork>(machine, process),
        OperationKind.Discard => Madvise(process, Random.Below(10) switch
        {
            0 => Advice.DontNeedLocked,
            < 6 => Advice.DontNeed,
            _ => Advice.Free,
        }),
        OperationKind.ForkAdvice => ForkAdvice(process),
        OperationKind.KsmAdvice => KsmAdvice(process),
        OperationKind.PopulateAdvice => new Operation.Madvise(
            process.Id, draws.PartToFill(process.Mm), Random.Below(2) == 0 ? Advice.PopulateRead : Advice.PopulateWrite),
        OperationKind.ReclaimAdvice => Madvise(process, Random.Chance(30) ? Advice.Cold : Advice.PageOut),
        OperationKind.KsmScan => KsmScan(machine.Ksm),
        OperationKind.Reclaim => new Operation.Reclaim(process.Id, draws.UsedPage(process.Mm)),
        OperationKind.Migrate => new Operation.Migrate(process.Id, draws.UsedPage(process.Mm)),
        OperationKind.Referenced => new Operation.Referenced(process.Id, draws.UsedPage(process.Mm)),
        OperationKind.SwapOffOn => new Operation.SwapOffOn(),
        OperationKind.Mlock => Mlock(process),
        OperationKind.Forbid => Forbid(process),
        OperationKind.FileCreate => FileCreate(),
        OperationKind.Truncate => Truncate(process),
        OperationKind.FileWrite => FileWrite(process),
        OperationKind.SysV => SysV(process),
        OperationKind.UffdMove => UffdMove(process),
        OperationKind.Pin => Pin(machine, process),
        OperationKind.FailNth => machine.Swap.InUse > 0 && Random.Chance(50) ? new Operation.SwapFailRead() : FailNth(process),
        _ => uniform.Draw(),
    };

    /// <summary>Which kind an operation is of: what <see cref="Choose"/> is asked for when it comes out.</summary>
    internal static OperationKind KindOf(Operation operation) => operation switch
    {
        Operation.Mmap { File: not null } => OperationKind.MmapFile,
        Operation.Mmap { Shared: true } => OperationKind.MmapShared,
        Operation.Mmap => OperationKind.MmapAnonymous,
        Operation.Munmap => OperationKind.Munmap,
        Operation.Mprotect or Operation.PkeyMprotect => OperationKind.Mprotect,
        Operation.Mremap => OperationKind.Mremap,
        Operation.Read => OperationKind.Read,
        Operation.Mincore => OperationKind.Mincore,
        Operation.Write => OperationKind.Write,
        Operation.Fork => OperationKind.Fork,
        Operation.CloneVm => OperationKind.CloneVm,
        Operation.Exec => OperationKind.Exec,
        Operation.Exit => OperationKind.Exit,
        Operation.Madvise { Advice: Advice.DontNeed or Advice.DontNeedLocked or Advice.Free } => OperationKind.Discard,
        Operation.Madvise { Advice: Advice.Mergeable or Advice.Unmergeable } or Operation.MemoryMerge => OperationKind.KsmAdvice,
        Operation.Madvise { Advice: Advice.PopulateRead or Advice.PopulateWrite } => OperationKind.PopulateAdvice,
        Operation.Madvise { Advice: Advice.Cold or Advice.PageOut } => OperationKind.ReclaimAdvice,
        Operation.Madvise { Advice: Advice.Remove } => OperationKind.Truncate,
        Operation.Madvise or Operation.Mbind => OperationKind.ForkAdvice,
        Operation.KsmScan or Operation.KsmRun or Operation.KsmMaxSharing => OperationKind.KsmScan,
        Operation.Reclaim => OperationKind.Reclaim,
        Operation.Migrate => OperationKind.Migrate,
        Operation.Referenced => OperationKind.Referenced,
        Operation.SwapOffOn => OperationKind.SwapOffOn,
        Operation.Mlock or Operation.Munlock or Operation.Mlockall or Operation.Munlockall => OperationKind.Mlock,
        Operation.Mseal or Operation.SetMdwe or Operation.RlimitMemlock => OperationKind.Forbid,
        Operation.FileCreate => OperationKind.FileCreate,
        Operation.Truncate or Operation.Punch => OperationKind.Truncate,
        Operation.FileWrite or Operation.Fsync or Operation.Msync => OperationKind.FileWrite,
        Operation.FailNth or Operation.SwapFailRead => OperationKind.FailNth,
        Operation.UffdMove => OperationKind.UffdMove,
        Operation.Pin or Operation.Unpin or Operation.PinRead or Operation.PinWrite => OperationKind.Pin,
        Operation.Shmget or Operation.Shmat or Operation.Shmdt or Operation.Shmrm => OperationKind.SysV,
        _ => throw new InvalidOperationException($"{operation.GetType().Name} is of no kind."),
    };

    private Operation.Mmap MmapAnonymous(Process process) => new(
        process.Id, draws.FreshRange(process.Mm), Random.Chance(80) ? OperandDraws.ReadWrite : draws.Protection(), Shared: false,
        Placement: Placement(), NoReserve: NoReserve(), Locked: Locked());

    private Placement Placement() => Random.Below(100) switch
    {
        < 8 => Model.Values.Placement.Hint,
        < 14 => Model.Values.Placement.NoReplace,
        _ => Model.Values.Placement.Fixed,
    };

    private bool NoReserve() => Random.Chance(5);

    private bool Locked() => isLocking && Random.Chance(4);

    private Operation MmapFile(Process process)
    {
        if (files == 0)
            return FileCreate();

        PageRange range = draws.FreshRange(process.Mm);
        return new Operation.Mmap(
            process.Id, range, Random.Chance(75) ? OperandDraws.ReadWrite : draws.Protection(), Shared: Random.Chance(50), File(),
            Random.Chance(60) ? range.Start.Number % 4 : FileOffset(), Placement(), NoReserve(), Locked());
    }

    /// <summary>Makes a VMA like the one below that it touches, so that they merge; null if a try finds none that differs.</summary>
    private Operation? Joining(Process process)
    {
        Mm mm = process.Mm;
        if (mm.Vmas.Count < 2)
            return null;

        int place = 1 + Random.Below(mm.Vmas.Count - 1);
        (VmArea below, VmArea vma) = (mm.Vmas[place - 1], mm.Vmas[place]);
        const VmFlags access = VmFlags.Read | VmFlags.Write | VmFlags.Exec;
        return below.End != vma.Start ? null
            : (below.Flags & access) != (vma.Flags & access) ? new Operation.Mprotect(process.Id, vma.Range, ProtectionOf(below))
            : KeyOf(below) != KeyOf(vma) ? new Operation.PkeyMprotect(process.Id, vma.Range, ProtectionOf(below), KeyOf(below))
            : below.Policy != vma.Policy ? new Operation.Mbind(process.Id, vma.Range, below.Policy)
            : null;
    }

    /// <summary>Of the keys mostly two, so that VMAs become alike again; as often as not the access stays.</summary>
    private Operation.PkeyMprotect PkeyMprotect(Process process)
    {
        PageRange range = draws.PartOfVma(process.Mm);
        Protection protection = process.Mm.Lookup(range.Start) is { } vma && Random.Chance(50) ? ProtectionOf(vma) : draws.Protection();
        return new(process.Id, range, protection, Random.Chance(90) ? Random.Below(2) : Random.Below(18) - 2);
    }

    private static Protection ProtectionOf(VmArea vma) =>
        (vma.Has(VmFlags.Read) ? Protection.Read : 0) | (vma.Has(VmFlags.Write) ? Protection.Write : 0)
        | (vma.Has(VmFlags.Exec) ? Protection.Exec : 0);

    private static int KeyOf(VmArea vma) => (int)(vma.Flags & VmFlags.Pkey) / (int)VmFlags.Pkey0;

    /// <summary>Near the beginning of a file; if page offsets have a limit that can be met, also near that.</summary>
    private long FileOffset() =>
        Options.PgoffLimit <= limits.Pages && Random.Chance(50) ? Options.PgoffLimit - Random.Below(8) : Random.Below(6);

    private Operation.Mremap Mremap(Process process)
    {
        if (process.Mm.Vmas.Count == 0)
            return new Operation.Mremap(process.Id, draws.BlindRange(), 1 + Random.Below(4), null, MremapFlags.MayMove);

        VmArea vma = draws.AnyVma(process.Mm);
        PageRange range = draws.PartOf(vma);
        long length = Random.Chance(75) ? range.Pages : 1 + Random.Below((int)Math.Min(range.Pages, 8) + 4);
        if (Random.Chance(15))
            return new Operation.Mremap(process.Id, range, length, null, FlagsWithoutTarget());

        MremapFlags flags = MremapFlags.MayMove | MremapFlags.Fixed;
        if (Random.Chance(25))
        {
            flags |= MremapFlags.DontUnmap;
            length = range.Pages;
        }

        return new Operation.Mremap(process.Id, range, length, Target(process.Mm, vma, range, length), flags);
    }

    private MremapFlags FlagsWithoutTarget() => Random.Below(10) switch
    {
        < 4 => MremapFlags.None,
        < 8 => MremapFlags.MayMove,
        8 => MremapFlags.MayMove | MremapFlags.DontUnmap,
        _ => (MremapFlags)Random.Below(8),
    };

    /// <summary>Where moved pages go: half of them home, others next to a VMA, or anywhere.</summary>
    private VirtualPage Target(Mm mm, VmArea vma, PageRange range, long length)
    {
        if (vma.IsAnonymous && Random.Chance(50))
            return new VirtualPage(vma.LinearPageIndex(range.Start));

        VmArea neighbour = draws.AnyVma(mm);
        return Random.Below(3) switch
        {
            0 => neighbour.End,
            1 when neighbour.Start.Number >= length => neighbour.Start - length,
            _ => draws.AnyPage(),
        };
    }

    private Operation Madvise(Process process, Advice advice) =>
        new Operation.Madvise(process.Id, draws.PartOfVma(process.Mm), advice);

    private Operation KsmAdvice(Process process)
    {
        if (Random.Chance(10))
            return new Operation.MemoryMerge(process.Id, On: Random.Chance(75));

        PageRange range = process.Mm.Vmas.Count > 0 && Random.Chance(60) ? draws.AnyVma(process.Mm).Range : draws.PartOfVma(process.Mm);
        Advice advice = Random.Chance(85) ? Advice.Mergeable : Advice.Unmergeable;
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
            return null;

        VirtualPage page = range.Start + Random.Below((int)Math.Min(range.Pages, limits.Pages));
        return mm.PageTable[page] is { IsPresent: true, Page: { MapCount: 1, Mapping: AnonVma } } ? page : null;
    }

    /// <summary>Of the policies mostly two, so that VMAs become alike again.</summary>
    private Operation ForkAdvice(Process process)
    {
        int draw = Random.Below(64);
        PageRange range = draws.PartOfVma(process.Mm);
        return (draw % 16) switch
        {
            < 5 => new Operation.Mbind(process.Id, range, (MemoryPolicy)(Random.Chance(90) ? draw / 32 : Random.Below(4))),
            < 8 => new Operation.Madvise(process.Id, range, Advice.DontDump + Random.Below(7)),
            _ => new Operation.Madvise(process.Id, range, Advice.DontFork + (draw / 16)),
        };
    }

    /// <summary>All of the memory only now and then: pages that are locked are not reclaimed.</summary>
    private Operation Mlock(Process process) => Random.Below(32) switch
    {
        < 18 => new Operation.Mlock(process.Id, draws.PartToFill(process.Mm), OnFault: Random.Chance(20)),
        < 29 => new Operation.Munlock(process.Id, draws.PartOfVma(process.Mm)),
        < 31 => Mlockall(process),
        _ => new Operation.Munlockall(process.Id),
    };

    /// <summary>MCL_CURRENT, MCL_FUTURE or both; now and then neither, which is refused.</summary>
    private Operation.Mlockall Mlockall(Process process)
    {
        int draw = Random.Below(16);
        return new(process.Id, Current: draw % 3 > 0, Future: draw % 2 > 0, OnFault: Random.Chance(30));
    }

    /// <summary>What is sealed is small, and the limit leaves some room: most of what follows is still to be done.</summary>
    private Operation Forbid(Process process) => Random.Below(8) switch
    {
        < 4 => new Operation.Mseal(process.Id, Head(draws.PartOfVma(process.Mm), 1 + Random.Below(3))),
        < 7 => new Operation.RlimitMemlock(process.Id, process.Mm.LockedVm + Random.Below(16) - Random.Below(4)),
        _ => new Operation.SetMdwe(process.Id, NoInherit: Random.Chance(40)),
    };

    private static PageRange Head(PageRange range, int pages) => PageRange.Of(range.Start, Math.Min(range.Pages, pages));

    private Operation KsmScan(KsmState ksm)
    {
        int draw = Random.Below(64);
        return ksm.Run == 2 ? new Operation.KsmRun(draw % 2) : (draw % 16) switch
        {
            0 => new Operation.KsmRun(draw / 16 == 3 ? 0 : 2),
            1 => new Operation.KsmMaxSharing(2 + Random.Below(3)),
            _ => new Operation.KsmScan(draw / 16),
        };
    }

    private Operation.FileCreate FileCreate()
    {
        bool isSparse = Random.Chance(30);
        return new Operation.FileCreate(
            OperandDraws.Name('F', files++), 1 + Random.Below(8), isSparse ? null : draws.Value(),
            Random.Chance(70) ? FileSystem.Tmpfs : FileSystem.Ext4);
    }

    private Operation Truncate(Process process) => Random.Below(3) switch
    {
        _ when files == 0 => FileCreate(),
        0 => new Operation.Punch(File(), Random.Below(6), 1 + Random.Below(4)),
        1 => new Operation.Madvise(process.Id, draws.PartOfVma(process.Mm), Advice.Remove),
        _ => new Operation.Truncate(File(), Random.Below(9)),
    };

    private Operation FileWrite(Process process) => Random.Below(3) switch
    {
        _ when files == 0 => FileCreate(),
        0 => new Operation.Fsync(File()),
        1 => new Operation.Msync(process.Id, draws.PartOfVma(process.Mm)),
        _ => new Operation.FileWrite(File(), Random.Below(8), draws.Value()),
    };

    private Operation SysV(Process process)
    {
        int draw = Random.Below(100);
        if (segments == 0 || draw < 10)
            return new Operation.Shmget(OperandDraws.Name('S', segments++), 1 + Random.Below(6));

        string segment = OperandDraws.Name('S', Random.Below(segments));
        return draw switch
        {
            < 65 => new Operation.Shmat(process.Id, segment, draws.AnyPage(), ReadOnly: Random.Chance(20)),
            < 90 => new Operation.Shmdt(process.Id, process.Mm.Vmas.Count > 0 ? draws.AnyVma(process.Mm).Start : draws.AnyPage()),
            _ => new Operation.Shmrm(segment),
        };
    }

    /// <summary>From pages that are there to a place of anonymous memory where there are none, if a few tries find both.</summary>
    private Operation.UffdMove UffdMove(Process process)
    {
        VirtualPage source = draws.PageOfVma(process.Mm, static (mm, page) => IsPrivate(mm, page) && IsExclusive(mm.PageTable[page]));
        VirtualPage destination = draws.PageOfVma(process.Mm, static (mm, page) => IsPrivate(mm, page) && mm.PageTable[page].IsNone);
        return new Operation.UffdMove(process.Id, source, destination, Random.Below(4) < 3 ? 1 : 1 + Random.Below(3));
    }

    private static bool IsExclusive(Pte pte) =>
        pte.Kind == PteKind.Swap ? pte.IsExclusive : pte is { IsPresent: true, Page.IsAnonExclusive: true };

    private static bool IsPrivate(Mm mm, VirtualPage page) => mm.Lookup(page) is { IsAnonymous: true } vma && vma.Has(VmFlags.Write);

    /// <summary>Pins a page, or does something with one that is pinned. Few are pinned at once.</summary>
    private Operation Pin(Machine machine, Process process)
    {
        const int most = 3;
        int pinned = machine.Pins.All.Count;
        if (pinned == 0 || (pinned < most && Random.Chance(45)))
        {
            VirtualPage page = draws.UsedPage(process.Mm);
            PinId id = Random.Below(32) > 0 ? FreePin(machine) : new PinId(0);
            return new Operation.Pin(process.Id, page, id, (GupKind)Random.Below(4));
        }

        Pin pin = machine.Pins.All[Random.Below(pinned)];
        return Random.Below(3) switch
        {
            0 => new Operation.Unpin(pin.Id),
            1 => new Operation.PinWrite(pin.Id, draws.Value()),
            _ => new Operation.PinRead(pin.Id),
        };
    }

    /// <summary>The lowest number that no pin has.</summary>
    private static PinId FreePin(Machine machine)
    {
        int number = 0;
        while (machine.Pins.Find(new PinId(number)) is not null)
            number++;

        return new PinId(number);
    }

    /// <summary>Small numbers more often: most operations allocate little.</summary>
    private Operation.FailNth FailNth(Process process)
    {
        failing = process.Id;
        return new Operation.FailNth(process.Id, Random.Chance(5) ? 0 : 1 + Random.Below(1 + Random.Below(12)));
    }

    /// <summary>The process of which an allocation is to fail, most of the time, until it has.</summary>
    private Process? Failing(Machine machine)
    {
        if (failing is not { } id)
            return null;

        if (machine.Find(id) is not { FailNth: > 0 } process)
        {
            failing = null;
            return null;
        }

        return Random.Chance(80) ? process : null;
    }

    private string File() => OperandDraws.Name('F', Random.Below(files));
}
