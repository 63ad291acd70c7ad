using System.Diagnostics;
using System.Globalization;
using Rmap.Properties.Campaigns;

namespace Rmap.Regressions.Kernel;

/// <summary>A campaign at the console: it tells how far it has come, and Ctrl-C ends it with what it has.</summary>
internal static class LongRun
{
    /// <summary>Runs it to its end. A second Ctrl-C ends the program at once.</summary>
    /// <param name="work">What runs until it has done all or is cancelled.</param>
    /// <param name="progress">How far it has come.</param>
    /// <param name="most">How long it may take, or null.</param>
    /// <returns>How long it took.</returns>
    internal static TimeSpan Follow(Action<CancellationToken> work, Func<CampaignProgress> progress, TimeSpan? most = null)
    {
        using var stop = new CancellationTokenSource();
        if (most is { } time)
            stop.CancelAfter(time);

        ConsoleCancelEventHandler cancel = (_, pressed) =>
        {
            pressed.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        };
        Console.CancelKeyPress += cancel;
        try
        {
            var watch = Stopwatch.StartNew();
            Task running = Task.Run(() => work(stop.Token));
            while (Task.WaitAny([running], TimeSpan.FromSeconds(10)) < 0)
                Console.WriteLine($"{watch.Elapsed.TotalSeconds,5:0} s  {Told(progress(), watch.Elapsed)}");

            running.GetAwaiter().GetResult();
            return watch.Elapsed;
        }
        finally
        {
            Console.CancelKeyPress -= cancel;
        }
    }

    internal static string Told(CampaignProgress now, TimeSpan time) =>
        $"{Number(now.Scenarios)} scenarios, {Number(now.Operations)} operations, {Number(now.Failures)} disagree; "
        + $"{now.Scenarios / time.TotalSeconds:0} scenarios a second";

    internal static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
