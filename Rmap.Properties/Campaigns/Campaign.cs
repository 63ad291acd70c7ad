using System.Collections.Concurrent;
using Rmap.Properties.Generating;
using Rmap.Properties.Reporting;
using Rmap.Properties.Running;
using Rmap.Properties.Shrinking;

namespace Rmap.Properties.Campaigns;

/// <summary>What a campaign is to do.</summary>
/// <param name="Rules">The rules to verify.</param>
/// <param name="Profiles">The profiles, which take turns.</param>
/// <param name="Seed">The first case's seed; the others follow from it.</param>
/// <param name="Scenarios">How many cases at most.</param>
/// <param name="Workers">Threads.</param>
public sealed record CampaignPlan(
    Rules Rules, IReadOnlyList<Profile> Profiles, ulong Seed = 1, long Scenarios = 20_000, int Workers = 1)
{
    /// <summary>The size of the cases.</summary>
    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>Observers look on at one case in so many: what they do costs more than the case itself.</summary>
    public int ObserveEvery { get; init; } = 16;

    /// <summary>Whether <see cref="Costs"/> are checked, too, after the invariants.</summary>
    public bool ChecksCosts { get; init; } = true;

    /// <summary>After this many failures no new case is begun.</summary>
    public int MostFailures { get; init; } = 100;

    /// <summary>The only cases to run, of those that there are; null for all.</summary>
    public IReadOnlyList<long>? Cases { get; init; }

    /// <summary>The seed of a case.</summary>
    public ulong SeedOf(long index) => new SplitMix(Seed + ((ulong)index * 0x9E3779B97F4A7C15)).Next();

    /// <summary>The profile of a case.</summary>
    public Profile ProfileOf(long index) => Profiles[(int)(index % Profiles.Count)];
}

/// <summary>How far a campaign has come.</summary>
/// <param name="Scenarios">Cases finished.</param>
/// <param name="Operations">Operations executed and checked.</param>
/// <param name="Failures">Cases that failed.</param>
public readonly record struct CampaignProgress(long Scenarios, long Operations, int Failures);

/// <summary>One invariant that a campaign saw broken.</summary>
/// <param name="Index">The first case that broke it.</param>
/// <param name="Cases">How many did.</param>
/// <param name="Scenario">The simplest minimal scenario of the first few.</param>
/// <param name="Failure">How it fails.</param>
/// <param name="SavedAs">The file it was saved to, or null.</param>
public sealed record BrokenInvariant(long Index, int Cases, Scenario Scenario, Failure Failure, string? SavedAs);

/// <summary>
/// Verifies rules on many generated cases, on several threads. What is found depends only on the plan, not on the threads, as long as
/// it is neither cancelled nor ended by too many failures.
/// </summary>
/// <param name="plan">What to do.</param>
/// <param name="repros">Where failing scenarios are saved, or null.</param>
/// <param name="observers">Makes an observer for each thread, or null.</param>
public sealed class Campaign(CampaignPlan plan, ReproStore? repros = null, Func<IStepObserver>? observers = null)
{
    /// <summary>So many failures of an invariant are shrunk: they may have failed in different ways, of which one takes least.</summary>
    private const int MostShrunk = 3;

    private readonly ConcurrentBag<IStepObserver> watching = [];
    private readonly ConcurrentBag<(long Index, Scenario Scenario, Failure Failure)> failures = [];
    private readonly Lock saving = new();
    private readonly long[] excused = new long[Enum.GetValues<KnownFault>().Length];
    private long next;
    private long scenarios;
    private long operations;

    /// <summary>How far it has come; may be asked from any thread.</summary>
    public CampaignProgress Progress => new(Interlocked.Read(ref scenarios), Interlocked.Read(ref operations), failures.Count);

    /// <summary>The observers, one of each thread.</summary>
    public IReadOnlyCollection<IStepObserver> Observers => watching;

    /// <summary>How many pages each known fault of Linux may have cost somebody, so that their contents were not judged.</summary>
    internal IEnumerable<(KnownFault Fault, long Pages)> Excused => Enum.GetValues<KnownFault>().Zip(excused);

    /// <summary>The cases that failed, in order.</summary>
    public IReadOnlyList<long> FailedCases => [.. failures.Select(failure => failure.Index).Order()];

    /// <summary>Runs all cases, then shrinks the first failures of each invariant. Cancelling ends it with what it has.</summary>
    public IReadOnlyList<BrokenInvariant> Run(CancellationToken cancellation = default)
    {
        var threads = new Thread[plan.Workers];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(() => Work(cancellation)) { IsBackground = true };
            threads[i].Start();
        }

        foreach (Thread thread in threads)
            thread.Join();

        return Shrink();
    }

    private void Work(CancellationToken cancellation)
    {
        IStepObserver? observer = observers?.Invoke();
        if (observer is not null)
            watching.Add(observer);

        while (!cancellation.IsCancellationRequested && failures.Count < plan.MostFailures)
        {
            long turn = Interlocked.Increment(ref next) - 1;
            if (turn >= (plan.Cases?.Count ?? plan.Scenarios))
                return;

            long index = plan.Cases is null ? turn : plan.Cases[(int)turn];
            (Scenario scenario, Failure? failure) =
                GeneratedRun.Check(
                    plan.ProfileOf(index), plan.SeedOf(index), plan.Rules, plan.Limits,
                    index / plan.Profiles.Count % plan.ObserveEvery == 0 ? observer : null, plan.ChecksCosts, excused);
            if (failure is not null)
            {
                Save(scenario, failure);
                failures.Add((index, scenario, failure));
            }

            Interlocked.Add(ref operations, scenario.Steps.Length);
            Interlocked.Increment(ref scenarios);
        }
    }

    private string? Save(Scenario scenario, Failure failure)
    {
        lock (saving)
        {
            return repros?.Save(scenario, failure);
        }
    }

    private List<BrokenInvariant> Shrink()
    {
        var findings = new List<BrokenInvariant>();
        foreach (var broken in failures.GroupBy(failure => failure.Failure.Violation.Invariant.Id))
        {
            var first = broken.OrderBy(found => found.Index).Take(MostShrunk).ToArray();
            (Scenario minimal, Failure last) =
                Minimiser.Simplest(first.Select(found => Minimiser.Minimise(found.Scenario, found.Failure, plan.Rules)));
            findings.Add(new BrokenInvariant(first[0].Index, broken.Count(), minimal, last, Save(minimal, last)));
        }

        findings.Sort((left, right) => left.Index.CompareTo(right.Index));
        return findings;
    }
}
