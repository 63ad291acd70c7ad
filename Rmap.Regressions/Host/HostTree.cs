using System.Diagnostics;
using System.Runtime.CompilerServices;
using Rmap.Regressions.Kernel;

namespace Rmap.Regressions.Host;

/// <summary>
/// The init program of the recorded kernel, compiled for the kernel that is running: the same tree of processes, on one processor. It
/// changes no setting of the system.
/// </summary>
/// <param name="Path">The executable.</param>
/// <param name="Ksm">Passes of ksmd, or null where they are not wanted.</param>
internal sealed record HostTree(string Path, HostKsm? Ksm) : KernelProgram(Path)
{
    /// <summary>Compiles it into a folder.</summary>
    /// <exception cref="KernelException">That does not work.</exception>
    internal static string Compile(string folder)
    {
        string program = System.IO.Path.Combine(folder, "tree");
        string[] sources = [.. Directory.GetFiles(Sources(), "*.c").Order(StringComparer.Ordinal)];
        return C.Compiler.Own.Compile(folder, program, ["-O2", "-static", .. sources]) is { } problem
            ? throw new KernelException($"There is no process tree: {problem}")
            : program;
    }

    internal override ProcessStartInfo Command(string home) => new(Path) { WorkingDirectory = home };

    internal override string? Refuses(Operation operation) => Vocabulary.Refuses(operation) ?? (Reason(operation) is { } reason
        ? $"The running kernel cannot be asked for '{ScenarioText.Print(operation)}': {reason}."
        : null);

    internal override string? Refuses(MachineOptions options) => null;

    /// <summary>Linux maps around a fault what lies in the same 16 pages; the other settings nothing here depends on.</summary>
    internal override MachineOptions Adjust(MachineOptions options) => new() { FaultAround = 16 };

    /// <summary>Its files are in memory.</summary>
    internal override Operation Adjust(Operation operation) =>
        operation is Operation.FileCreate create ? create with { FileSystem = FileSystem.Tmpfs } : operation;

    private string? Reason(Operation operation) => operation switch
    {
        Operation.KsmScan => Ksm is null ? $"it changes settings of the system; {HostKsm.Variable}=1 allows that" : null,
        Operation.MemoryMerge when !HostKernel.HasKsm || HostKernel.Version < new Version(6, 4) => "it cannot do that",
        Operation.MemoryMerge or Operation.Madvise { Advice: Advice.Mergeable or Advice.Unmergeable }
            when !HostKernel.HasKsm || (Ksm is null && HostKsm.Runs) => "ksmd is absent, or runs at times of its own",
        Operation.Madvise { Advice: Advice.PageOut } => "what comes of it depends on the swap of this system",
        Operation.UffdMove when HostKernel.Version < new Version(6, 8) => "it cannot do that",
        _ => OperationTable.Of(operation).Means switch
        {
            Means.SystemCall => null,
            Means.Administrator => "it would disturb all others",
            _ => "no system call does that",
        },
    };

    private static string Sources([CallerFilePath] string file = "") => System.IO.Path.GetFullPath(
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, "..", "Linux", "init"));
}
