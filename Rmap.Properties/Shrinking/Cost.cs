using Rmap.Properties.Generating;

namespace Rmap.Properties.Shrinking;

/// <summary>
/// The order in which one scenario is simpler than another: fewer operations; then plainer kinds of operations; then smaller
/// operands. A candidate is taken only if it costs less, so minimising always ends.
/// </summary>
/// <param name="Length">Operations; MAP_LOCKED, which stores to all that it maps, is one more.</param>
/// <param name="Kinds">How far their kinds are from plain ones, in sum.</param>
/// <param name="Operands">How large their operands are, in sum.</param>
internal readonly record struct Cost(int Length, int Kinds, long Operands) : IComparable<Cost>
{
    internal static Cost Of(ReadOnlySpan<Operation> operations)
    {
        int length = operations.Length;
        int kinds = 0;
        var operands = new Measure();
        foreach (Operation operation in operations)
        {
            int locks = operation is Operation.Mmap { Locked: true } ? 1 : 0;
            length += locks;
            kinds += Kind(operation) + locks;
            OperationTable.Through(operation, operands);

            // As a load does with as few operands what a store through a pin does.
            operands.Sum += operation is Operation.PinWrite ? 1 : 0;
        }

        return new Cost(length, kinds, operands.Sum);
    }

    public int CompareTo(Cost other)
    {
        int order = Length.CompareTo(other.Length);
        order = order != 0 ? order : Kinds.CompareTo(other.Kinds);
        return order != 0 ? order : Operands.CompareTo(other.Operands);
    }

    public static bool operator <(Cost left, Cost right) => left.CompareTo(right) < 0;

    public static bool operator >(Cost left, Cost right) => left.CompareTo(right) > 0;

    public static bool operator <=(Cost left, Cost right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Cost left, Cost right) => left.CompareTo(right) >= 0;

    /// <summary>From what everybody knows (0) to what needs an explanation.</summary>
    private static int Kind(Operation operation) => OperationChooser.KindOf(operation) switch
    {
        OperationKind.MmapAnonymous or OperationKind.Munmap or OperationKind.Read or OperationKind.Write => 0,
        OperationKind.Fork or OperationKind.Exit => 1,
        OperationKind.MmapShared or OperationKind.MmapFile or OperationKind.Mprotect => 2,
        OperationKind.Mremap => (((Operation.Mremap)operation).Flags & MremapFlags.DontUnmap) != 0 ? 5 : 3,
        OperationKind.Reclaim => 4,
        OperationKind.Exec or OperationKind.CloneVm => 6,
        _ => operation is Operation.Madvise or Operation.KsmScan or Operation.MemoryMerge ? 4 : 5,
    };

    /// <summary>How large operands are, in sum.</summary>
    private sealed class Measure : Operands
    {
        internal long Sum { get; set; }

        internal override ProcessId Process(ProcessId process, string json) => Add(process, process.Number * 3);

        internal override PinId Pin(PinId pin) => Add(pin, pin.Number * 3);

        internal override string Name(string name, string json) => Add(name, Number(name));

        internal override VirtualPage Page(VirtualPage page, string json = "") => Add(page, page.Number);

        internal override PageRange Range(PageRange range, string start = "", string length = "") =>
            Add(range, range.Start.Number + (range.Pages * 2));

        internal override long FilePage(long page) => Add(page, page);

        internal override PageRange FileRange(PageRange range) => Range(range);

        internal override long Pages(long pages) => Add(pages, pages * 2);

        internal override byte Value(byte value) => Add(value, value);

        internal override byte? Fill(byte? value) => Add(value, value + 1 ?? 0);

        internal override T Word<T>(T value, Words<T> words) => Add(value, (object?)value switch
        {
            Protection.Read | Protection.Write => 0,
            Protection.Read => 1,
            Protection => 2,
            _ => words.IndexOf(value) * (ReferenceEquals(words, Words.Shared) ? 2 : 1),
        });

        internal override int Number(int number, string notation, string what) => Add(number, number);

        internal override int Passes(int passes) => Add(passes, passes == 0 ? 30 : passes);

        internal override string? Backing(string? file) => Add(file, file is null ? 0 : 2 + Number(file));

        internal override long Offset(long pages) => Add(pages, pages * 2);

        internal override (VirtualPage? Target, long NewLength, MremapFlags Flags) Move(Operation.Mremap mremap) => Add(
            base.Move(mremap), (mremap.NewLength * 2) + (mremap.Target?.Number ?? 0) + (int)mremap.Flags);

        private T Add<T>(T operand, long size)
        {
            Sum += size;
            return operand;
        }

        private static int Number(string name) => name.Length > 1 && int.TryParse(name.AsSpan(1), out int number) ? number : name.Length;
    }
}
