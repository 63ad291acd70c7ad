namespace Rmap.Regressions.Kernel;

/// <summary>A program of the stream that runs, with a temporary home of its own. It ends, and its home goes, with this object.</summary>
internal sealed class RunningKernel : IDisposable
{
    private readonly KernelProgram program;
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("rmap-kernel-");
    private readonly LineProcess process;

    private RunningKernel(KernelProgram program, int? processor)
    {
        this.program = program;
        try
        {
            process = new LineProcess(program.Command(home.FullName), processor);
        }
        catch
        {
            home.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <exception cref="KernelException">It does not start, or is not ready in time.</exception>
    internal static RunningKernel Boot(KernelProgram program, int? processor = null)
    {
        RunningKernel? kernel = null;
        try
        {
            kernel = new RunningKernel(program, processor);
            kernel.WaitUntilReady();
            return kernel;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            throw new KernelException($"Cannot start {program.Path}: {e.Message}");
        }
        catch
        {
            kernel?.Dispose();
            throw;
        }
    }

    /// <summary>What it has said besides answers.</summary>
    internal string Console => process.Console;

    /// <summary>Asks, now or when it listens again. Answers come in the order of the requests.</summary>
    internal void Send(ReadOnlyMemory<byte> requests) => process.Write(requests);

    /// <summary>The next answer; if there is none, what happened instead.</summary>
    internal byte[]? Answer(out Trouble trouble)
    {
        byte[]? answer = process.Read(program.AnswerLimit, out bool hasEnded);
        trouble = answer is not null ? Trouble.None : hasEnded ? Trouble.Crash : Trouble.Hang;
        if (hasEnded)
            process.WaitForEnd(program.AnswerLimit);

        return answer;
    }

    /// <summary>Nothing more will be asked: lets it end by itself and say what it has to say.</summary>
    /// <returns>Whether it ended well.</returns>
    internal bool End()
    {
        process.EndInput();
        return process.WaitForEnd(program.AnswerLimit) && process.ExitCode == 0;
    }

    public void Dispose()
    {
        process.Dispose();
        try
        {
            home.Delete(recursive: true);
        }
        catch (IOException)
        {
            // It is in the folder for temporary files.
        }
    }

    private void WaitUntilReady()
    {
        byte[]? line;
        bool hasEnded;
        do
        {
            line = process.Read(program.BootLimit, out hasEnded);
        }
        while (line is not null && !line.AsSpan().StartsWith("{\"ready\":"u8));

        if (line is null)
        {
            process.WaitForEnd(hasEnded ? program.AnswerLimit : TimeSpan.Zero);
            string what = hasEnded
                ? $"ended with exit code {process.ExitCode}"
                : $"did not get ready in {program.BootLimit.TotalSeconds} s";
            throw new KernelException($"{program.Path} {what}. It said:\n{Console}");
        }
    }
}

/// <summary>What happens in place of an answer.</summary>
internal enum Trouble
{
    None,

    /// <summary>It ended: a panic, a warning with panic_on_warn, a process killed.</summary>
    Crash,

    /// <summary>It did not answer in time.</summary>
    Hang,

    /// <summary>It goes on, but has complained on its console.</summary>
    Complaint,

    /// <summary>What it says is no answer.</summary>
    Garbage,
}

/// <summary>There is no kernel to ask.</summary>
internal sealed class KernelException(string message) : Exception(message);
