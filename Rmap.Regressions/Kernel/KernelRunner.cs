namespace Rmap.Regressions.Kernel;

/// <summary>
/// Runs scenarios on a kernel, many per boot, the next ones asked for while one is answered. Whatever happens, each scenario gets
/// what it came to, and the next one a kernel that is well.
/// </summary>
/// <param name="program">The kernel.</param>
/// <param name="processor">The processor to stay on, or null.</param>
internal sealed class KernelRunner(KernelProgram program, int? processor = null) : IDisposable
{
    /// <summary>Scenarios asked for at a time: the kernel always has something to do.</summary>
    private const int Ahead = 3;

    private readonly List<Incident> unexplained = [];
    private RunningKernel? kernel;

    /// <summary>How often a kernel was started.</summary>
    internal int Boots { get; private set; }

    /// <summary>Complaints that came while several scenarios were under way, and that the one listened to does not cause alone.</summary>
    internal IReadOnlyList<Incident> Unexplained => unexplained;

    /// <summary>Runs scenarios; the answers come in their order.</summary>
    /// <exception cref="KernelException">It does not start.</exception>
    internal IEnumerable<KernelRun> Run(IEnumerable<Sequence> sequences)
    {
        using IEnumerator<Sequence> source = sequences.GetEnumerator();
        var asked = new Queue<Sequence>();
        try
        {
            while (true)
            {
                AskAhead(source, asked);
                if (asked.Count == 0)
                    yield break;

                KernelRun run = Listen(asked.Peek());
                asked.Dequeue();
                if (run.Incident is not null)
                    End();

                yield return run.Incident?.Trouble == Trouble.Complaint ? Explain(run) : run;
            }
        }
        finally
        {
            if (asked.Count > 0)
                End(); // nobody will listen to the answers
        }
    }

    /// <summary>Runs one scenario.</summary>
    internal KernelRun Run(Scenario scenario) => Run([scenario]).Single();

    /// <summary>Runs one scenario in a kernel that has done nothing else, and waits until it has said everything.</summary>
    internal KernelRun RunAlone(Scenario scenario)
    {
        End();
        Boot();
        Ask(scenario);
        KernelRun run = Listen(scenario);
        if (run.Incident is null && !kernel!.End())
            run = run with { Incident = new Incident(Trouble.Crash, scenario.Steps.Length, kernel.Console) };

        run = WithComplaint(run);
        End();
        return run;
    }

    public void Dispose() => End();

    private void AskAhead(IEnumerator<Sequence> source, Queue<Sequence> asked)
    {
        int known = kernel is null ? 0 : asked.Count;
        while (asked.Count < Ahead && source.MoveNext())
            asked.Enqueue(source.Current);

        if (kernel is null && asked.Count > 0)
            Boot();

        foreach (Sequence sequence in asked.Skip(known))
            Ask(sequence);
    }

    private void Boot()
    {
        kernel = RunningKernel.Boot(program, processor);
        Boots++;
    }

    private void Ask(Sequence sequence)
    {
        kernel!.Send(Requests.Of(sequence));
        kernel.Send(Requests.End);
    }

    private void End()
    {
        kernel?.Dispose();
        kernel = null;
    }

    private KernelRun Listen(Sequence sequence)
    {
        int steps = sequence.Scenario.Steps.Length;
        var answers = new List<byte[]>(steps + 1);
        while (answers.Count <= steps + 1)
        {
            if (kernel!.Answer(out Trouble trouble) is not { } answer)
                return new KernelRun(sequence, answers, new Incident(trouble, answers.Count - 1, kernel.Console));

            answers.Add(answer);
        }

        answers.RemoveAt(steps + 1); // that to Requests.End
        return WithComplaint(new KernelRun(sequence, answers, null));
    }

    private KernelRun WithComplaint(KernelRun run) => run.Incident is null && Incident.IsComplaint(kernel!.Console)
        ? run with { Incident = new Incident(Trouble.Complaint, run.Scenario.Steps.Length, kernel.Console) }
        : run;

    /// <summary>The console does not say which scenario it speaks of: whether it is this one shows when nothing else runs.</summary>
    private KernelRun Explain(KernelRun run)
    {
        KernelRun alone = RunAlone(run.Scenario) with { Sequence = run.Sequence };
        if (alone.Incident is null)
            unexplained.Add(run.Incident!);

        return alone;
    }
}
