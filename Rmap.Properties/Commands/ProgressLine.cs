using System.Diagnostics;
using System.Globalization;

namespace Rmap.Properties.Commands;

/// <summary>
/// How far a command has come, in one line that is written over: where standard error is a terminal, and only if it takes a second.
/// </summary>
/// <param name="error">Standard error.</param>
/// <param name="what">What it works on.</param>
internal sealed class ProgressLine(TextWriter error, string what)
{
    private const int Milliseconds = 1_000;

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private long next = Console.IsErrorRedirected ? long.MaxValue : Milliseconds;
    private string told = "";

    internal void Tell(int done, int all)
    {
        if (watch.ElapsedMilliseconds < next)
            return;

        next = watch.ElapsedMilliseconds + (Milliseconds / 4);
        told = string.Create(CultureInfo.InvariantCulture, $"{what}: {done:N0} of {all:N0} calls");
        error.Write($"\r{told}");
    }

    /// <summary>Takes it away again.</summary>
    internal void Clear() => error.Write(told.Length == 0 ? "" : $"\r{"".PadRight(told.Length)}\r");
}
