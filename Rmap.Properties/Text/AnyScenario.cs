using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rmap.Model.Sched;

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

    private static readonly Gen<bool> Flag = Gen.Elements(false, true);

    private static readonly Gen<Operation> Operation =
        from row in Gen.Elements<OperationRow>(OperationTable.Rows)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select AnyOperands.Of(row, seed);

    private static readonly Gen<Outcome?> Expected = Gen.Frequency(
        (3, Gen.Constant<Outcome?>(null)),
        (1, Number.Select(Outcome? (value) => Outcome.Of(value))),
        (1, Gen.Elements(Enum.GetValues<Errno>()).Select(Outcome? (errno) => errno)),
        (1, Gen.Elements(Enum.GetValues<Signal>()).Select(Outcome? (signal) => signal)),
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
        from frames in Gen.Elements(1, 1 << 18, int.MaxValue)
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
            Frames = frames,
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
        from shows in Gen.Choose(0, 255).Select(bits => (StateSections)bits)
        from steps in Operation.SelectMany(_ => Expected, (operation, expected) => new Step(operation, expected)).ArrayOf()
        from expectations in Seen(steps.Length).ArrayOf()
        from blocks in Together(steps.Length)
        select new Scenario([.. steps], options, rules, shows)
        {
            Expectations =
            [
                .. expectations.Where(each => !blocks.Any(block => each.After > block.First && each.After < block.End))
                    .OrderBy(expectation => expectation.After),
            ],
            Blocks = [.. blocks],
        };

    /// <summary>Up to two blocks, one behind the other.</summary>
    private static Gen<Block[]> Together(int steps) =>
        from bounds in Gen.Choose(0, steps).ArrayOf(4)
        from tasks in Gen.Choose(0, Block.MostTasks - 1).ArrayOf(steps)
        from turns in Turns.ArrayOf()
        let order = bounds.Order().ToArray()
        select new[] { (order[0], order[1]), (order[1], order[2]) }
            .Where(range => range.Item1 < range.Item2)
            .Select(range => new Block(range.Item1, [.. tasks[range.Item1..range.Item2]], [.. turns]))
            .ToArray();

    private static readonly Gen<Turn> Turns =
        from task in Gen.Choose(0, Block.MostTasks - 1)
        from taken in Gen.Elements(1, 2, 17, Turn.All - 1, Turn.All)
        select new Turn(task, taken);

    private static Gen<Expectation> Seen(int steps) =>
        from after in Gen.Choose(0, steps)
        from process in Gen.Choose(0, 9).Select(number => new ProcessId(number))
        from page in Number.Select(number => new VirtualPage(number))
        from kind in Gen.Choose(0, 3)
        select kind switch
        {
            0 => new Expectation.Vmas(after, process, []),
            1 => new Expectation.Vmas(after, process, [(PageRange.Of(page, 1), Protection.Read), (PageRange.Of(page, 2), Protection.None)]),
            _ => (Expectation)new Expectation.Pages(after, kind == 2, [(process, page), (process, page + 1)]),
        };

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
}
