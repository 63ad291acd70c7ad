namespace Rmap.Properties.Operations;

/// <summary>Whom and what operations name.</summary>
internal sealed class Mentioned : Operands
{
    private readonly List<ProcessId> processes = [];
    private readonly List<string> names = [];

    /// <summary>The processes that an operation names: the one that performs it, then its child.</summary>
    internal static IReadOnlyList<ProcessId> Processes(Operation operation) => By(operation).processes;

    /// <summary>The files and segments that an operation names.</summary>
    internal static IReadOnlyList<string> Names(Operation operation) => By(operation).names;

    internal override ProcessId Process(ProcessId process, string json)
    {
        processes.Add(process);
        return process;
    }

    internal override string Name(string name, string json)
    {
        names.Add(name);
        return name;
    }

    internal override string? Backing(string? file) => file is null ? null : Name(file, "");

    private static Mentioned By(Operation operation)
    {
        var mentioned = new Mentioned();
        OperationTable.Through(operation, mentioned);
        return mentioned;
    }
}
