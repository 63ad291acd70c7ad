using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Rmap.Model.Operations;

/// <summary>What can bring an operation about.</summary>
internal enum Means
{
    /// <summary>A process does it, by system calls or by using its memory.</summary>
    SystemCall,

    /// <summary>The administrator does it, to the whole system or by a kernel for tests.</summary>
    Administrator,

    /// <summary>Only the kernel does it, when it sees fit.</summary>
    Kernel,
}

/// <summary>One operation of the language of scenarios.</summary>
/// <param name="Subject">What stands before the verb: its first operand in the notation, or a word that is no operand.</param>
/// <param name="Verb">What it is called.</param>
/// <param name="Json">What it is called in JSON; null if it does not occur there.</param>
/// <param name="Means">What can bring it about.</param>
/// <param name="Blank">One of its kind, with operands that mean nothing.</param>
/// <param name="Through">Leads its operands through <see cref="Operands"/>, in the order of the text, and makes it anew.</param>
internal sealed record OperationRow(
    string Subject, string Verb, string? Json, Means Means, Operation Blank, Func<Operation, Operands, Operation> Through);

/// <summary>
/// The operations, a row each: what it is called in texts and in JSON, of what it consists, how it is made and taken apart. What reads,
/// writes, measures or rewrites operations goes by this table, so that a new operation is told here and in <see cref="Operation"/>, and
/// a line of <c>docs/scenario.md</c>, which a test asks for.
/// </summary>
internal static class OperationTable
{
    /// <summary>All rows, in the order in which messages tell them.</summary>
    internal static ImmutableArray<OperationRow> Rows { get; } =
    [
        Row<Operation.Mmap>("P mmap", "mmap", (o, x) => new(
            x.Process(o.Process), x.Range(o.Range), x.Word(o.Protection, Words.Prot), x.Word(o.Shared, Words.Shared),
            x.Backing(o.File), x.Offset(o.FileOffset), x.Word(o.Placement, Words.Placement), x.Word(o.NoReserve, Words.NoReserve),
            x.Word(o.Locked, Words.MapLocked))),
        Row<Operation.Munmap>("P munmap", "munmap", (o, x) => new(x.Process(o.Process), x.Range(o.Range))),
        Row<Operation.Mprotect>("P mprotect", "mprotect", (o, x) => new(
            x.Process(o.Process), x.Range(o.Range), x.Word(o.Protection, Words.Prot))),
        Row<Operation.PkeyMprotect>("P pkey-mprotect", null, (o, x) => new(
            x.Process(o.Process), x.Range(o.Range), x.Word(o.Protection, Words.Prot), x.Number(o.Key, "KEY", "a protection key"))),
        Row<Operation.Mseal>("P mseal", null, (o, x) => new(x.Process(o.Process), x.Range(o.Range))),
        Row<Operation.Mremap>("P mremap", "mremap", (o, x) =>
        {
            (ProcessId process, PageRange range) = (x.Process(o.Process), x.Range(o.Range, length: "oldLen"));
            (VirtualPage? target, long length, MremapFlags flags) = x.Move(o);
            return new(process, range, length, target, flags);
        }),
        Row<Operation.Madvise>("P madvise", "madvise", (o, x) => new(
            x.Process(o.Process), x.Range(o.Range), x.Word(o.Advice, Words.Advice))),
        Row<Operation.Mbind>("P mbind", null, (o, x) => new(x.Process(o.Process), x.Range(o.Range), x.Word(o.Policy, Words.Policy))),
        Row<Operation.Mlock>("P mlock", "mlock", (o, x) => new(
            x.Process(o.Process), x.Range(o.Range), x.Word(o.OnFault, Words.OnFault))),
        Row<Operation.Munlock>("P munlock", "munlock", (o, x) => new(x.Process(o.Process), x.Range(o.Range))),
        Row<Operation.Mlockall>("P mlockall", null, (o, x) => new(
            x.Process(o.Process), x.Word(o.Current, Words.Current), x.Word(o.Future, Words.Future), x.Word(o.OnFault, Words.OnFault))),
        Row<Operation.Munlockall>("P munlockall", null, (o, x) => new(x.Process(o.Process))),
        Row<Operation.RlimitMemlock>("P rlimit-memlock", null, (o, x) => new(x.Process(o.Process), x.Pages(o.Pages))),
        Row<Operation.SetMdwe>("P mdwe", null, (o, x) => new(x.Process(o.Process), x.Word(o.NoInherit, Words.NoInherit))),
        Row<Operation.Mincore>("P mincore", "mincore", (o, x) => new(x.Process(o.Process), x.Range(o.Range))),
        Row<Operation.Msync>("P msync", "msync", (o, x) => new(x.Process(o.Process), x.Range(o.Range))),
        Row<Operation.Read>("P read", "read", (o, x) => new(x.Process(o.Process), x.Page(o.Page))),
        Row<Operation.Write>("P write", "write", (o, x) => new(x.Process(o.Process), x.Page(o.Page), x.Value(o.Value))),
        Row<Operation.Fork>("P fork", "fork", (o, x) => new(x.Process(o.Process), x.Process(o.Child, "child"))),
        Row<Operation.CloneVm>("P clone-vm", null, (o, x) => new(x.Process(o.Process), x.Process(o.Child, "child"))),
        Row<Operation.Exec>("P exec", null, (o, x) => new(x.Process(o.Process))),
        Row<Operation.MemoryMerge>("P memory-merge", "memoryMerge", (o, x) => new(x.Process(o.Process), x.Word(o.On, Words.OnOff))),
        Row<Operation.Exit>("P exit", "exit", (o, x) => new(x.Process(o.Process))),
        Row<Operation.Shmat>("P shmat", "shmat", (o, x) => new(
            x.Process(o.Process), x.Name(o.Segment, "seg"), x.Page(o.Page), x.Word(o.ReadOnly, Words.ReadOnly))),
        Row<Operation.Shmdt>("P shmdt", "shmdt", (o, x) => new(x.Process(o.Process), x.Page(o.Page))),
        Row<Operation.Reclaim>("P reclaim", "reclaim", (o, x) => new(x.Process(o.Process), x.Page(o.Page)), Means.Kernel),
        Row<Operation.Migrate>("P migrate", "migrate", (o, x) => new(x.Process(o.Process), x.Page(o.Page)), Means.Kernel),
        Row<Operation.Referenced>("P referenced", "referenced", (o, x) => new(x.Process(o.Process), x.Page(o.Page)), Means.Kernel),
        Row<Operation.Pin>("P pin", null, (o, x) => new(
            x.Process(o.Process), x.Page(o.Page), x.Pin(o.Id), x.Word(o.Kind, Words.Gup)), Means.Kernel),
        Row<Operation.UffdMove>("P uffd-move", "uffdMove", (o, x) =>
        {
            (ProcessId process, PageRange source) = (x.Process(o.Process), x.Source(PageRange.Of(o.Source, o.Pages)));
            return new(process, source.Start, x.To(o.Destination, o.Pages), source.Pages);
        }),
        Row<Operation.FailNth>("P fail-nth", null, (o, x) => new(
            x.Process(o.Process), x.Number(o.Nth, "NUMBER", "a number")), Means.Administrator),
        Row<Operation.PinRead>("G read", null, (o, x) => new(x.Pin(o.Id)), Means.Kernel),
        Row<Operation.PinWrite>("G write", null, (o, x) => new(x.Pin(o.Id), x.Value(o.Value)), Means.Kernel),
        Row<Operation.Unpin>("G unpin", null, (o, x) => new(x.Pin(o.Id)), Means.Kernel),
        Row<Operation.FileCreate>("NAME create", "fileCreate", (o, x) => new(
            x.Name(o.File, "file"), x.Pages(o.Pages), FileSystem: x.Word(o.FileSystem, Words.Fs), Fill: x.Fill(o.Fill))),
        Row<Operation.Truncate>("NAME truncate", "truncate", (o, x) => new(x.Name(o.File, "file"), x.Pages(o.Pages))),
        Row<Operation.Punch>("NAME punch", "punch", (o, x) =>
        {
            (string file, PageRange range) = (x.Name(o.File, "file"), x.FileRange(PageRange.Of(new VirtualPage(o.Page), o.Length)));
            return new(file, range.Start.Number, range.Pages);
        }),
        Row<Operation.FileWrite>("NAME write", "fileWrite", (o, x) => new(
            x.Name(o.File, "file"), x.FilePage(o.Page), x.Value(o.Value))),
        Row<Operation.Fsync>("NAME fsync", "fsync", (o, x) => new(x.Name(o.File, "file"))),
        Row<Operation.Shmget>("NAME shmget", "shmget", (o, x) => new(x.Name(o.Segment, "seg"), x.Pages(o.Pages))),
        Row<Operation.Shmrm>("NAME shmrm", "shmrm", (o, x) => new(x.Name(o.Segment, "seg"))),
        Row<Operation.KsmScan>("ksm scan", "ksmScan", (o, x) => new(x.Passes(o.Passes)), Means.Kernel),
        Row<Operation.KsmRun>("ksm run", "ksmRun", (o, x) => new(x.Number(o.Run, "RUN", "0, 1 or 2")), Means.Administrator),
        Row<Operation.KsmMaxSharing>("ksm max-sharing", "ksmMaxSharing", (o, x) => new(
            x.Number(o.Items, "ITEMS", "a number of items")), Means.Administrator),
        Row<Operation.SwapOffOn>("swap off-on", "swapOffOn", (_, _) => new(), Means.Administrator),
        Row<Operation.SwapFailRead>("swap fail-read", null, (_, _) => new(), Means.Administrator),
    ];

    private static readonly FrozenDictionary<Type, OperationRow> ByType = Rows.ToFrozenDictionary(row => row.Blank.GetType());

    /// <summary>The row of an operation.</summary>
    internal static OperationRow Of(Operation operation) => ByType[operation.GetType()];

    /// <summary>The row of a kind of operation.</summary>
    internal static OperationRow Of<T>()
        where T : Operation => RowOf<T>.Row;

    /// <summary>The operation made of what comes of its operands.</summary>
    internal static Operation Through(Operation operation, Operands operands) => Of(operation).Through(operation, operands);

    private static class RowOf<T>
    {
        internal static readonly OperationRow Row = ByType[typeof(T)];
    }

    private static OperationRow Row<T>(string form, string? json, Func<T, Operands, T> through, Means means = Means.SystemCall)
        where T : Operation
    {
        string[] words = form.Split(' ');
        var blank = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        return new(words[0], words[1], json, means, blank, (operation, operands) => through((T)operation, operands));
    }
}
