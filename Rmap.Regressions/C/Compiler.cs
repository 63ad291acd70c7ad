using Rmap.Regressions.Kernel;

namespace Rmap.Regressions.C;

/// <summary>A C compiler. No more of them run at once than there are processors: side by side, all would take too long.</summary>
/// <param name="path">The compiler.</param>
/// <param name="longest">How long it may take for one program.</param>
internal sealed class Compiler(string path, TimeSpan longest)
{
    private const string WhatToDo = "Is the machine busy, or short of memory? Try again when it is not, or with less at once: "
        + "dotnet test Rmap.Regressions -c Release --filter CProgramTests";

    private static readonly SemaphoreSlim Free = new(Environment.ProcessorCount);

    /// <summary>The compiler that the path leads to, or null.</summary>
    internal static string? Path { get; } = OtherProgram.Find("cc", "gcc");

    /// <summary>That one.</summary>
    internal static Compiler Own { get; } = new(Path ?? "cc", TimeSpan.FromMinutes(2));

    /// <summary>Compiles a program of some sources in a folder.</summary>
    /// <returns>What was wrong; null if nothing was.</returns>
    internal string? Compile(string folder, string program, params IEnumerable<string> arguments)
    {
        Free.Wait();
        try
        {
            OtherProgram compiled = OtherProgram.Run(longest, folder, path, ["-o", program, .. arguments]);
            return compiled.TookTooLong
                ? $"{path} did not compile {program} in {longest.TotalSeconds} s and was ended. {WhatToDo}"
                : compiled.ExitCode == 0 ? null
                : $"{program} does not compile (exit code {compiled.ExitCode}):\n{compiled.Error}";
        }
        finally
        {
            Free.Release();
        }
    }
}
