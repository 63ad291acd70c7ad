using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using Process = System.Diagnostics.Process;

namespace Rmap.Regressions.Kernel;

/// <summary>
/// A program that is asked and answers in lines. Asking never blocks and waiting for an answer always ends: pipes are served by threads
/// of their own, which are left behind should somebody else keep a pipe open.
/// </summary>
internal sealed class LineProcess : IDisposable
{
    private const int LongestLine = 1 << 26, LongestConsole = 1 << 16, LinesAhead = 1 << 12;

    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(5);

    private readonly Process process;
    private readonly CancellationTokenSource stop = new();
    private readonly BlockingCollection<ReadOnlyMemory<byte>> requests = [];
    private readonly BlockingCollection<byte[]> lines = new(LinesAhead);
    private readonly StringBuilder console = new();
    private readonly Thread consoleReader;

    /// <param name="start">What to start.</param>
    /// <param name="processor">The processor to stay on, counted among those that this process may use; null for any.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    internal LineProcess(ProcessStartInfo start, int? processor = null)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        process = Process.Start(start)!;
        if (processor is { } number && OperatingSystem.IsLinux())
            StayOn(number);

        Begin(WriteRequests);
        Begin(ReadLines);
        consoleReader = Begin(ReadConsole);
    }

    /// <summary>Its end: the exit code, 128 plus the signal if a signal ended it; null while it runs.</summary>
    internal int? ExitCode => process.HasExited ? process.ExitCode : null;

    /// <summary>What it wrote to its standard error; of very much the end.</summary>
    internal string Console
    {
        get
        {
            lock (console)
            {
                return console.ToString();
            }
        }
    }

    /// <summary>Puts bytes into its standard input, now or when it reads again.</summary>
    internal void Write(ReadOnlyMemory<byte> bytes) => requests.Add(bytes);

    /// <summary>Ends its standard input after what was written.</summary>
    internal void EndInput() => requests.CompleteAdding();

    /// <summary>The next line of its standard output, without its end; null if none came in time, or none will come.</summary>
    /// <param name="within">How long to wait.</param>
    /// <param name="hasEnded">Whether none will come.</param>
    internal byte[]? Read(TimeSpan within, out bool hasEnded)
    {
        bool taken = lines.TryTake(out byte[]? line, within);
        hasEnded = !taken && lines.IsCompleted;
        return line;
    }

    /// <summary>Waits until it has ended and its standard error is read, but not for ever.</summary>
    internal bool WaitForEnd(TimeSpan within) => process.WaitForExit(within) && consoleReader.Join(within);

    /// <summary>Ends it, if it runs, and what it has started.</summary>
    public void Dispose()
    {
        try
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or AggregateException or System.ComponentModel.Win32Exception)
        {
            // It ended by itself meanwhile.
        }

        WaitForEnd(Parting);
        stop.Cancel();
        process.Dispose();
    }

    [SupportedOSPlatform("linux")]
    private void StayOn(int number)
    {
        try
        {
            using var self = Process.GetCurrentProcess();
            long mask = self.ProcessorAffinity;
            long[] allowed = [.. Enumerable.Range(0, 64).Select(bit => 1L << bit).Where(bit => (mask & bit) != 0)];
            process.ProcessorAffinity = (nint)allowed[number % allowed.Length];
        }
        catch (Exception refused) when (refused is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // Then it may use any processor: slower, with the same answers.
        }
    }

    private static Thread Begin(Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception ended) when (ended is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // The other end of the pipe is gone, or nobody waits any more.
            }
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }

    private void WriteRequests()
    {
        using Stream input = process.StandardInput.BaseStream;
        foreach (ReadOnlyMemory<byte> bytes in requests.GetConsumingEnumerable(stop.Token))
        {
            input.Write(bytes.Span);
            input.Flush();
        }
    }

    private void ReadLines()
    {
        try
        {
            Stream output = process.StandardOutput.BaseStream;
            var line = new MemoryStream();
            byte[] buffer = new byte[1 << 16];
            for (int count; line.Length <= LongestLine && (count = output.Read(buffer)) > 0;)
            {
                ReadOnlySpan<byte> rest = buffer.AsSpan(0, count);
                for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
                {
                    line.Write(rest[..end]);
                    lines.Add(line.ToArray(), stop.Token);
                    line.SetLength(0);
                }

                line.Write(rest);
            }
        }
        finally
        {
            lines.CompleteAdding();
        }
    }

    private void ReadConsole()
    {
        StreamReader error = process.StandardError;
        char[] buffer = new char[1 << 12];
        for (int count; (count = error.Read(buffer, 0, buffer.Length)) > 0;)
        {
            lock (console)
            {
                console.Append(buffer, 0, count);
                console.Remove(0, Math.Max(0, console.Length - LongestConsole));
            }
        }
    }
}
