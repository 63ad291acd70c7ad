using System.Text;
using FsCheck;
using FsCheck.Fluent;

using Outcome = Rmap.Model.Operations.Outcome;

namespace Rmap.Properties.Text;

/// <summary>
/// Scenarios for tests of the text only: every operation, every value that the records can hold, no sense at all.
/// </summary>
public static class AnyScenario
{
    private static readonly Gen<long> Number = Gen.Frequency(
        (8, Gen.Choose(0, 100).Select(number => (long)number)),
        (1, Gen.Choose(-5, -1).Select(number => (long)number)),
        (1, Gen.Elements(long.MinValue, long.MaxValue, int.MaxValue + 1L)));

    private static readonly Gen<VirtualPage> Page = Number.Select(number => new VirtualPage(number));

    private static readonly Gen<PageRange> Range = Page.SelectMany(_ => Number, PageRange.Of);

    private static readonly Gen<ProcessId> Process =
        Gen.Elements(0, 1, 2, 17, -3, int.MaxValue, int.MinValue).Select(id => new ProcessId(id));

    private static readonly Gen<PinId> Pin = Gen.Elements(0, 1, -3, int.MaxValue, int.MinValue).Select(id => new PinId(id));

    private static readonly Gen<string> Name = Gen.Elements("F0", "F1", "S0", "shmem1", "a.b_c-d", "_", "P", "Px", "anonymous", "write");

    private static readonly Gen<byte> Value = Gen.Choose(0, 255).Select(value => (byte)value);

    private static readonly Gen<bool> Flag = Gen.Elements(false, true);

    private static readonly Gen<Protection> Protection = Gen.Choose(0, 7).Select(bits => (Protection)bits);

    private static readonly Gen<Operation> Operation = Gen.OneOf(
        from p in Process
        from range in Range
        from protection in Protection
        from shared in Flag
        from file in Gen.OneOf(Gen.Constant<string?>(null), Name.Select(name => (string?)name))
        from offset in Number
        from placement in Gen.Elements(Enum.GetValues<Placement>())
        from noReserve in Flag
        select (Operation)new Operation.Mmap(p, range, protection, shared, file, offset, placement, noReserve),
        On(Range, (p, range) => new Operation.Munmap(p, range)),
        On(Range, Protection, (p, range, protection) => new Operation.Mprotect(p, range, protection)),
        from p in Process
        from range in Range
        from length in Number
        from target in Gen.OneOf(Gen.Constant<VirtualPage?>(null), Page.Select(page => (VirtualPage?)page))
        from flags in Gen.Choose(0, 7)
        select (Operation)new Operation.Mremap(p, range, length, target, (MremapFlags)flags),
        On(Range, Gen.Elements(Enum.GetValues<Advice>()), (p, range, advice) => new Operation.Madvise(p, range, advice)),
        On(Range, Gen.Elements(Enum.GetValues<MemoryPolicy>()), (p, range, policy) => new Operation.Mbind(p, range, policy)),
        On(Range, Flag, (p, range, onFault) => new Operation.Mlock(p, range, onFault)),
        On(Range, (p, range) => new Operation.Munlock(p, range)),
        On(Range, (p, range) => new Operation.Msync(p, range)),
        On(Page, (p, page) => new Operation.Read(p, page)),
        On(Page, Value, (p, page, value) => new Operation.Write(p, page, value)),
        On(Process, (p, child) => new Operation.Fork(p, child)),
        On(Process, (p, child) => new Operation.CloneVm(p, child)),
        Process.Select(Operation (p) => new Operation.Exec(p)),
        Process.Select(Operation (p) => new Operation.Exit(p)),
        Process.SelectMany(_ => Flag, Operation (p, on) => new Operation.MemoryMerge(p, on)),
        from name in Name
        from pages in Number
        from fill in Gen.OneOf(Gen.Constant<byte?>(null), Value.Select(value => (byte?)value))
        from fileSystem in Gen.Elements(Enum.GetValues<FileSystem>())
        select (Operation)new Operation.FileCreate(name, pages, fill, fileSystem),
        Name.SelectMany(_ => Number, Operation (name, pages) => new Operation.Truncate(name, pages)),
        Name.SelectMany(_ => Range, Operation (name, range) => new Operation.Punch(name, range.Start.Number, range.Pages)),
        from name in Name
        from page in Number
        from value in Value
        select (Operation)new Operation.FileWrite(name, page, value),
        Name.Select(Operation (name) => new Operation.Fsync(name)),
        Name.SelectMany(_ => Number, Operation (name, pages) => new Operation.Shmget(name, pages)),
        from p in Process
        from name in Name
        from page in Page
        from readOnly in Flag
        select (Operation)new Operation.Shmat(p, name, page, readOnly),
        On(Page, (p, page) => new Operation.Shmdt(p, page)),
        Name.Select(Operation (name) => new Operation.Shmrm(name)),
        Gen.Elements(0, 1, 7, -1, int.MaxValue).Select(Operation (passes) => new Operation.KsmScan(passes)),
        Gen.Elements(0, 2, 3, -1, int.MaxValue).Select(Operation (run) => new Operation.KsmRun(run)),
        Gen.Elements(0, 2, 256, -1, int.MaxValue).Select(Operation (items) => new Operation.KsmMaxSharing(items)),
        On(Page, (p, page) => new Operation.Reclaim(p, page)),
        On(Page, (p, page) => new Operation.Migrate(p, page)),
        On(Page, (p, page) => new Operation.Referenced(p, page)),
        Gen.Constant((Operation)new Operation.SwapOffOn()),
        Gen.Constant((Operation)new Operation.SwapFailRead()),
        from p in Process
        from page in Page
        from pin in Pin
        from kind in Gen.Elements(Enum.GetValues<GupKind>())
        select (Operation)new Operation.Pin(p, page, pin, kind),
        Pin.Select(Operation (pin) => new Operation.Unpin(pin)),
        Pin.Select(Operation (pin) => new Operation.PinRead(pin)),
        Pin.SelectMany(_ => Value, Operation (pin, value) => new Operation.PinWrite(pin, value)),
        from p in Process
        from source in Page
        from destination in Page
        from pages in Number
        select (Operation)new Operation.UffdMove(p, source, destination, pages),
        On(Gen.Elements(0, 1, 7, -1, int.MaxValue, int.MinValue), (p, nth) => new Operation.FailNth(p, nth)));

    private static readonly Gen<Outcome?> Expected = Gen.Frequency(
        (3, Gen.Constant<Outcome?>(null)),
        (1, Number.Select(Outcome? (value) => Outcome.Of(value))),
        (1, Gen.Elements(Enum.GetValues<Errno>()).Select(Outcome? (errno) => Outcome.From(errno))),
        (1, Gen.Elements(Enum.GetValues<Signal>()).Select(Outcome? (signal) => Outcome.From(signal))),
        (1, Gen.Choose(0, 9).SelectMany(_ => Gen.Choose(0, 63), Outcome? (count, bits) => new Outcome.References(count, FlagsOf(bits)))));

    private static readonly Gen<MachineOptions> Options =
        from swapSync in Flag
        from faultAround in Gen.Elements(1, 2, 16, 512)
        from maxPageSharing in Gen.Elements(2, 3, 256, int.MaxValue)
        from useZeroPages in Flag
        from mmapBase in Number
        from userModeLinux in Flag
        from pgoffLimit in Gen.Elements(48, 0, -1, long.MaxValue)
        from maxMapCount in Gen.Elements(1, 10, 65530)
        select new MachineOptions
        {
            SwapSync = swapSync,
            FaultAround = faultAround,
            KsmMaxPageSharing = maxPageSharing,
            KsmUseZeroPages = useZeroPages,
            MmapBase = mmapBase,
            UserModeLinux = userModeLinux,
            PgoffLimit = pgoffLimit,
            MaxMapCount = maxMapCount,
        };

    /// <summary>Scenarios, as long as the size says.</summary>
    public static Arbitrary<Scenario> Scenarios() => Any.ToArbitrary();

    /// <summary>Texts of scenarios, damaged in some places.</summary>
    public static Arbitrary<byte[]> DamagedTexts() => (
        from scenario in Any
        from edits in Gen.Choose(0, int.MaxValue).ArrayOf()
        select Damage(Encoding.UTF8.GetBytes(ScenarioText.Print(scenario)), edits)).ToArbitrary();

    private static Gen<Scenario> Any =>

        from options in Options
        from rules in Gen.Elements<string?>(null, "linux-7.2", "my-rules")
        from steps in Operation.SelectMany(_ => Expected, (operation, expected) => new Step(operation, expected)).ArrayOf()
        select new Scenario([.. steps], options, rules);

    private static byte[] Damage(byte[] bytes, int[] edits)
    {
        var damaged = bytes.ToList();
        foreach (int edit in edits.Where(_ => damaged.Count > 0))
        {
            int at = edit / 1024 % damaged.Count;
            byte value = (edit & 1) == 0 ? (byte)(edit / 4) : (byte)" \n#+-=>@0Pax"[edit / 4 % 12];
            switch (edit / 2 % 3)
            {
                case 0: damaged[at] = value; break;
                case 1: damaged.Insert(at, value); break;
                default: damaged.RemoveAt(at); break;
            }
        }

        return [.. damaged];
    }

    private static VmFlags FlagsOf(int bits)
    {
        VmFlags[] flags = [VmFlags.Read, VmFlags.Write, VmFlags.Exec, VmFlags.Shared, VmFlags.Locked, VmFlags.Mergeable];
        return flags.Where((_, index) => (bits & (1 << index)) != 0).Aggregate(VmFlags.None, (all, flag) => all | flag);
    }

    private static Gen<Operation> On<T>(Gen<T> operand, Func<ProcessId, T, Operation> make) =>
        Process.SelectMany(_ => operand, make);

    private static Gen<Operation> On<T1, T2>(Gen<T1> first, Gen<T2> second, Func<ProcessId, T1, T2, Operation> make) =>
        from p in Process
        from one in first
        from two in second
        select make(p, one, two);
}
