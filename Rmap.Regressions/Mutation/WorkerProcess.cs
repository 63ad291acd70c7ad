using Process = System.Diagnostics.Process;
using ProcessStartInfo = System.Diagnostics.ProcessStartInfo;

namespace Rmap.Regressions.Mutation;

/// <summary>A <see cref="MutantWorker"/>, seen from outside.</summary>
internal sealed class WorkerProcess : IDisposable
{
    /// <summary>A worker that says nothing for so long will not: it ends by itself what uses the processor too long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Process process;

    /// <param name="program">The program.</param>
    /// <param name="reach">The file that says what tests reach.</param>
    /// <param name="on">The mutant that is on from the beginning, if any.</param>
    internal WorkerProcess(string program, string reach, int? on)
    {
        var start = new ProcessStartInfo("dotnet", [program, "mutants", "--work", reach])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x80000000";
        if (on is { } mutant)
            start.Environment[QuickTests.OnVariable] = $"{mutant}";

        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
    }

    /// <summary>What became of a mutant; null if the process ended with it.</summary>
    internal string? Ask(int mutant)
    {
        try
        {
            process.StandardInput.WriteLine(mutant);
            process.StandardInput.Flush();
            Task<string?> answer = process.StandardOutput.ReadLineAsync();
            return answer.Wait(Patience) ? answer.Result : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);

        process.Dispose();
    }
}
