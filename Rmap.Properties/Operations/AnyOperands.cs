using Rmap.Properties.Generating;

namespace Rmap.Properties.Operations;

/// <summary>Operations with any operands that the records can hold; the same for the same seed.</summary>
internal sealed class AnyOperands : Operands
{
    private SplitMix random;

    private AnyOperands(int seed)
    {
        random = new SplitMix((ulong)seed);
    }

    internal static Operation Of(OperationRow row, int seed) => row.Through(row.Blank, new AnyOperands(seed));

    internal override ProcessId Process(ProcessId process, string json) => new(One(0, 1, 2, 17, -3, int.MaxValue, int.MinValue));

    internal override PinId Pin(PinId pin) => new(One(0, 1, -3, int.MaxValue, int.MinValue));

    internal override string Name(string name, string json) =>
        One("F0", "F1", "S0", "shmem1", "a.b_c-d", "_", "P", "Px", "anonymous", "write");

    internal override VirtualPage Page(VirtualPage page, string json = "") => new(Number());

    internal override PageRange Range(PageRange range, string start = "", string length = "") => PageRange.Of(Page(default), Number());

    internal override long FilePage(long page) => Number();

    internal override PageRange FileRange(PageRange range) => Range(range);

    internal override long Pages(long pages) => Number();

    internal override byte Value(byte value) => (byte)random.Below(256);

    internal override byte? Fill(byte? value) => random.Chance(50) ? Value(0) : null;

    internal override T Word<T>(T value, Words<T> words) => One(words.All).Value;

    internal override int Number(int number, string notation, string what) => One(0, 1, 7, -1, int.MaxValue, int.MinValue);

    internal override int Passes(int passes) => One(0, 1, 7, -1, int.MaxValue);

    internal override string? Backing(string? file) => random.Chance(50) ? Name("", "") : null;

    internal override long Offset(long pages) => Number();

    internal override (VirtualPage? Target, long NewLength, MremapFlags Flags) Move(Operation.Mremap mremap) =>
        (random.Chance(50) ? Page(default) : null, Number(), (MremapFlags)random.Below(8));

    private long Number() => random.Below(10) switch
    {
        0 => -1 - random.Below(5),
        1 => One(long.MinValue, long.MaxValue, int.MaxValue + 1L),
        _ => random.Below(101),
    };

    private T One<T>(params T[] all) => all[random.Below(all.Length)];
}
