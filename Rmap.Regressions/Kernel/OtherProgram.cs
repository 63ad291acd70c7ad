using System.Diagnostics;
using Process = System.Diagnostics.Process;

namespace Rmap.Regressions.Kernel;

/// <summary>What another program wrote, and how it ended.</summary>
/// <param name="ExitCode">Its exit code; -1 if it took too long.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record OtherProgram(int ExitCode, string Output, string Error)
{
    /// <summary>Whether it took too long, and was ended.</summary>
    internal bool TookTooLong => ExitCode == -1;

    /// <summary>Runs a program to its end, within a time.</summary>
    /// <param name="longest">How long it may take.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="program">The program; looked for on the path.</param>
    /// <param name="arguments">Its arguments.</param>
    internal static OtherProgram Run(TimeSpan longest, string folder, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(longest);
        if (!ended)
            process.Kill(entireProcessTree: true);

        return new OtherProgram(ended ? process.ExitCode : -1, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>The first of these programs that the path leads to, or null.</summary>
    internal static string? Find(params IEnumerable<string> programs)
    {
        string[] folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        return programs.SelectMany(program => folders.Select(folder => Path.Combine(folder, program))).FirstOrDefault(File.Exists);
    }
}
