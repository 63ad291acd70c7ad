namespace Rmap.Properties.Shrinking;

/// <summary>
/// The order in which one scenario is simpler than another: fewer operations; then plainer kinds of operations; then smaller
/// operands. A candidate is taken only if it costs less, so minimising always ends.
/// </summary>
/// <param name="Length">Operations.</param>
/// <param name="Kinds">How far their kinds are from plain ones, in sum.</param>
/// <param name="Operands">How large their operands are, in sum.</param>
internal readonly record struct Cost(int Length, int Kinds, long Operands) : IComparable<Cost>
{
    internal static Cost Of(ReadOnlySpan<Operation> operations)
    {
        int kinds = 0;
        long operands = 0;
        foreach (Operation operation in operations)
        {
            kinds += Kind(operation);
            operands += Operand(operation);
        }

        return new Cost(operations.Length, kinds, operands);
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
    private static int Kind(Operation operation) => operation switch
    {
        Operation.Mmap { Shared: false, File: null } or Operation.Munmap or Operation.Read or Operation.Write => 0,
        Operation.Fork or Operation.Exit => 1,
        Operation.Mmap or Operation.Mprotect => 2,
        Operation.Mremap mremap => (mremap.Flags & MremapFlags.DontUnmap) != 0 ? 5 : 3,
        Operation.Madvise => 4,
        Operation.KsmScan or Operation.Reclaim or Operation.MemoryMerge => 4,
        Operation.Exec or Operation.CloneVm => 6,
        _ => 5,
    };

    private static long Operand(Operation operation)
    {
        long cost = operation switch
        {
            Operation.Mmap o => Range(o.Range) + Protection(o.Protection) + (o.Shared ? 2 : 0) + (o.File is null ? 0 : 2 + Number(o.File))
                + (o.FileOffset * 2) + (int)o.Placement + (o.NoReserve ? 1 : 0),
            Operation.Mprotect o => Range(o.Range) + Protection(o.Protection),
            Operation.Mremap o => Range(o.Range) + (o.NewLength * 2) + (o.Target?.Number ?? 0) + (int)o.Flags,
            Operation.Madvise o => Range(o.Range) + (int)o.Advice,
            Operation.Mbind o => Range(o.Range) + (int)o.Policy,
            Operation.Mlock o => Range(o.Range) + (o.OnFault ? 1 : 0),
            Operation.OnRange o => Range(o.Range),
            Operation.Write o => o.Page.Number + o.Value,
            Operation.Shmat o => o.Page.Number + (o.ReadOnly ? 1 : 0) + Number(o.Segment),
            Operation.Pin o => o.Page.Number + (o.Id.Number * 3) + (int)o.Kind,
            Operation.OnPage o => o.Page.Number,
            Operation.Unpin o => o.Id.Number * 3,
            Operation.PinRead o => o.Id.Number * 3,
            Operation.PinWrite o => (o.Id.Number * 3) + o.Value + 1,
            Operation.Fork o => o.Child.Number * 3,
            Operation.CloneVm o => o.Child.Number * 3,
            Operation.UffdMove o => o.Source.Number + o.Destination.Number + (o.Pages * 2),
            Operation.FileCreate o => (o.Pages * 2) + (o.Fill is { } fill ? fill + 1 : 0) + (int)o.FileSystem + Number(o.File),
            Operation.Truncate o => o.Pages + Number(o.File),
            Operation.Punch o => o.Page + (o.Length * 2) + Number(o.File),
            Operation.FileWrite o => o.Page + o.Value + Number(o.File),
            Operation.Fsync o => Number(o.File),
            Operation.Shmget o => (o.Pages * 2) + Number(o.Segment),
            Operation.Shmrm o => Number(o.Segment),
            Operation.KsmRun o => o.Run,
            Operation.KsmMaxSharing o => o.Items,
            Operation.KsmScan o => o.Passes == 0 ? 30 : o.Passes,
            Operation.FailNth o => o.Nth,
            _ => 0,
        };
        return operation is Operation.ByProcess by ? cost + (by.Process.Number * 3) : cost;
    }

    private static long Range(PageRange range) => range.Start.Number + (range.Pages * 2);

    private static int Protection(Protection protection) => protection switch
    {
        Model.Values.Protection.Read | Model.Values.Protection.Write => 0,
        Model.Values.Protection.Read => 1,
        _ => 2,
    };

    private static int Number(string name) => name.Length > 1 && int.TryParse(name.AsSpan(1), out int number) ? number : name.Length;
}
