using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Rmap.Properties.Generating;

namespace Rmap.Regressions.Fuzzing;

/// <summary>An input for which something did not hold.</summary>
/// <param name="Index">Which one.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Problem">What did not hold.</param>
/// <param name="Input">The input.</param>
internal sealed record FuzzFinding(long Index, FuzzKind Kind, string Problem, byte[] Input)
{
    /// <summary>What findings of one kind have in common: the problem without its numbers.</summary>
    internal string Sort => Regex.Replace($"{Kind.Name}: {Problem.Split('\n')[0]}", "[0-9]+", "N");
}

/// <summary>
/// Tries damaged inputs: none may end in an exception, take for ever, or break an invariant. Each follows from seed and number alone.
/// </summary>
/// <param name="kinds">The kinds, which take turns.</param>
/// <param name="seed">The seed.</param>
/// <param name="inputs">How many.</param>
internal sealed class Fuzz(IReadOnlyList<FuzzKind> kinds, ulong seed, long inputs)
{
    /// <summary>
    /// An input that takes longer does not end: what is done with one is bounded, and most take a millisecond. It is processor time, for
    /// each thread: on a machine with other work a process may stand still for as long.
    /// </summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Whoever does not end cannot be ended, so not many can be waited for.</summary>
    private const int MostEndless = 4;

    private readonly ConcurrentBag<FuzzFinding> findings = [];
    private readonly FuzzCounts[] counts = [.. kinds.Select(_ => new FuzzCounts())];
    private long next;

    private long Most => inputs;

    /// <summary>The kinds.</summary>
    internal IReadOnlyList<FuzzKind> Kinds => kinds;

    /// <summary>What became of the inputs, kind by kind.</summary>
    internal IReadOnlyList<FuzzCounts> Counts => counts;

    /// <summary>How many inputs were tried.</summary>
    internal long Tried => counts.Sum(each => each.Tried);

    /// <summary>How many did not hold.</summary>
    internal int Failed => findings.Count;

    /// <summary>The first finding of each sort.</summary>
    internal IReadOnlyList<FuzzFinding> Findings =>
        [.. findings.GroupBy(finding => finding.Sort).Select(sort => sort.MinBy(finding => finding.Index)!)
            .OrderBy(finding => finding.Index)];

    /// <summary>The input of a number.</summary>
    internal byte[] Input(long index)
    {
        FuzzKind kind = kinds[(int)(index % kinds.Count)];
        var random = new SplitMix(seed + ((ulong)index * 0x9E3779B97F4A7C15));
        byte[] input = kind.Inputs[random.Below(kind.Inputs.Count)];
        return Mutation.Of(input, kind.Inputs[random.Below(kind.Inputs.Count)], kind.MostLines, ref random);
    }

    /// <summary>Tries them all, until it is cancelled.</summary>
    internal void Run(int threads, CancellationToken cancellation = default)
    {
        List<Worker> workers = [.. Enumerable.Range(0, threads).Select(_ => new Worker(this, cancellation))];
        int endless = 0;
        while (workers.Count > 0 && endless < MostEndless)
        {
            long overdue = Environment.CpuUsage.TotalTime.Ticks - (Longest.Ticks * workers.Count);
            for (int i = workers.Count - 1; i >= 0; i--)
            {
                if (workers[i].Ended(TimeSpan.FromMilliseconds(100)))
                {
                    workers.RemoveAt(i);
                }
                else if (workers[i].Since < overdue)
                {
                    long index = workers[i].Current;
                    findings.Add(new FuzzFinding(
                        index, kinds[(int)(index % kinds.Count)],
                        $"It has not ended after {Longest.TotalSeconds} s of processor time.", Input(index)));
                    workers[i] = new Worker(this, cancellation);
                    endless++;
                }
            }
        }
    }

    private void Try(long index)
    {
        int kind = (int)(index % kinds.Count);
        byte[] input = Input(index);
        counts[kind].Try();
        try
        {
            if (kinds[kind].Try(input, counts[kind]) is { } problem)
                findings.Add(new FuzzFinding(index, kinds[kind], problem, input));
        }
#pragma warning disable CA1031 // Whatever it is, it is a finding.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            string place = exception.StackTrace?.Split('\n')[0].Trim() ?? "";
            findings.Add(new FuzzFinding(index, kinds[kind], $"{exception.GetType().Name}: {exception.Message} {place}", input));
        }
    }

    /// <summary>A thread that tries one input after the other.</summary>
    private sealed class Worker
    {
        private readonly Thread thread;
        private long current = -1;
        private long since = Environment.CpuUsage.TotalTime.Ticks;

        internal Worker(Fuzz fuzz, CancellationToken cancellation)
        {
            thread = new Thread(() => Work(fuzz, cancellation)) { IsBackground = true };
            thread.Start();
        }

        /// <summary>The input that it tries.</summary>
        internal long Current => Volatile.Read(ref current);

        /// <summary>The processor time that the process had taken when it began with it.</summary>
        internal long Since => Volatile.Read(ref since);

        private void Work(Fuzz fuzz, CancellationToken cancellation)
        {
            while (!cancellation.IsCancellationRequested && Interlocked.Increment(ref fuzz.next) - 1 is var index && index < fuzz.Most)
            {
                Volatile.Write(ref since, Environment.CpuUsage.TotalTime.Ticks);
                Volatile.Write(ref current, index);
                fuzz.Try(index);
            }
        }

        internal bool Ended(TimeSpan wait) => thread.Join(wait);
    }
}
