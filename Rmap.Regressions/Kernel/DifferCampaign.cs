using System.Collections.Concurrent;
using Rmap.Properties.Campaigns;
using Rmap.Properties.Reporting;
using Rmap.Regressions.Recordings;

namespace Rmap.Regressions.Kernel;

/// <summary>One kind of disagreement that a campaign saw.</summary>
/// <param name="Index">The first case that showed it.</param>
/// <param name="Cases">How many did.</param>
/// <param name="Verdict">On the minimal scenario, in a kernel that has done nothing else; the kernel's own if it then agrees.</param>
/// <param name="IsSteady">Whether a kernel that has done nothing else disagrees in the same way.</param>
/// <param name="SavedAs">The file it was saved to, or null.</param>
internal sealed record DifferFinding(long Index, int Cases, Verdict Verdict, bool IsSteady, string? SavedAs);

/// <summary>
/// Runs generated cases on a kernel and on the model, a kernel for each thread, and compares the complete state after every operation.
/// </summary>
/// <param name="plan">What to do; its rules are those that the model follows.</param>
/// <param name="program">The kernel.</param>
/// <param name="repros">Where what disagrees is saved, or null.</param>
internal sealed class DifferCampaign(CampaignPlan plan, KernelProgram program, ReproStore? repros = null)
{
    /// <summary>Of more kinds than these, which the first ones usually explain, only one scenario each is told, as it was found.</summary>
    private const int MostShrunk = 3;

    private readonly ConcurrentBag<(long Index, Verdict Verdict)> disagreements = [];
    private readonly Lock saving = new();
    private readonly ConcurrentBag<Incident> unexplained = [];
    private readonly KernelCases cases = new(program, plan.Rules);
    private long next;
    private long scenarios;
    private long operations;
    private int boots;

    /// <summary>How far it has come; may be asked from any thread.</summary>
    internal CampaignProgress Progress => new(Interlocked.Read(ref scenarios), Interlocked.Read(ref operations), disagreements.Count);

    /// <summary>How often a kernel was started.</summary>
    internal int Boots => boots;

    /// <summary>What the kernel complained of that no scenario alone makes it complain of, a line each.</summary>
    internal IReadOnlyList<string> Unexplained =>
        [.. unexplained.Select(incident => incident.Title).Except(disagreements.Select(found => found.Verdict.Kind!))
            .Order(StringComparer.Ordinal)];

    /// <summary>The rules of the model for a kernel: it is started to ask for its version.</summary>
    /// <exception cref="KernelException">It does not start, or does not tell.</exception>
    internal static (string Kernel, Rules Rules) Identify(KernelProgram program)
    {
        using var runner = new KernelRunner(program);
        Verdict verdict = Verdict.Of(runner.RunAlone(Scenario.Of()), []);
        return verdict.Kernel is { } kernel
            ? (kernel, KernelRules.Of(kernel))
            : throw new KernelException($"{program.Path} does not answer: {verdict.Incident}");
    }

    /// <summary>Runs all cases, and saves those that disagree. Cancelling ends it with what it has.</summary>
    /// <exception cref="KernelException">The kernel does not start.</exception>
    internal void Run(CancellationToken cancellation = default)
    {
        Task[] workers = [.. Enumerable.Range(0, plan.Workers).Select(worker => Task.Factory.StartNew(
            () => Work(worker, cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Task.WaitAll(workers, CancellationToken.None);
    }

    /// <summary>Shrinks on the kernel what was found: the first of each kind.</summary>
    /// <exception cref="KernelException">The kernel does not start.</exception>
    internal IReadOnlyList<DifferFinding> Examine() =>
        [.. disagreements.GroupBy(found => found.Verdict.Kind!)
            .Select(kind => (First: kind.MinBy(found => found.Index), Count: kind.Count()))
            .OrderBy(kind => kind.First.Index)
            .Select((kind, i) => (kind.First, kind.Count, Number: i))
            .AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Min(plan.Workers, MostShrunk))
            .Select(kind => Examine(kind.Number, kind.First.Index, kind.Count, kind.First.Verdict))];

    private void Work(int worker, CancellationToken cancellation)
    {
        using var runner = new KernelRunner(program, worker);
        var indices = new Queue<long>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (KernelRun run in runner.Run(Cases(indices, cancellation)))
        {
            long index = indices.Dequeue();
            Verdict verdict = Verdict.Of(run, names, plan.Rules);
            if (!verdict.Agrees)
            {
                Save(verdict);
                disagreements.Add((index, verdict));
            }

            Interlocked.Add(ref operations, run.Scenario.Steps.Length);
            Interlocked.Increment(ref scenarios);
        }

        Interlocked.Add(ref boots, runner.Boots);
        foreach (Incident incident in runner.Unexplained)
            unexplained.Add(incident);
    }

    private IEnumerable<Sequence> Cases(Queue<long> indices, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && disagreements.Count < plan.MostFailures)
        {
            long index = Interlocked.Increment(ref next) - 1;
            if (index >= plan.Scenarios)
                yield break;

            indices.Enqueue(index);
            yield return cases.Draw(plan.ProfileOf(index), plan.SeedOf(index), plan.Limits);
        }
    }

    private DifferFinding Examine(int number, long index, int count, Verdict verdict)
    {
        using var runner = new KernelRunner(program, number);
        Verdict alone = Verdict.Of(runner.RunAlone(verdict.Scenario), [], plan.Rules);
        bool isSteady = alone.Kind == verdict.Kind;
        if (isSteady && number < MostShrunk && verdict.Step >= 0)
            alone = Disagreement.Shrink(runner, program, cases, alone);

        verdict = isSteady ? alone : verdict;
        return new DifferFinding(index, count, verdict, isSteady, Save(verdict));
    }

    private string? Save(Verdict verdict)
    {
        lock (saving)
        {
            return repros?.Save(verdict.Scenario, DifferReport.FileName(verdict), DifferReport.Heading(verdict));
        }
    }
}
