using Rmap.Model;

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

    private RunningKernel? kernel;
    private int consoleRead;

    /// <summary>How often a kernel was started.</summary>
    internal int Boots { get; private set; }

    /// <summary>Runs scenarios; the answers come in their order.</summary>
    /// <exception cref="KernelException">It does not start.</exception>
    internal IEnumerable<KernelRun> Run(IEnumerable<Scenario> scenarios)
    {
        using IEnumerator<Scenario> source = scenarios.GetEnumerator();
        var asked = new Queue<Scenario>();
        try
        {
            while (true)
            {
                AskAhead(source, asked);
                if (asked.Count == 0)
                {
                    yield break;
                }

                KernelRun run = Listen(asked.Peek());
                asked.Dequeue();
                if (run.Incident is not null)
                {
                    End();
                }

                yield return run;
            }
        }
        finally
        {
            if (asked.Count > 0)
            {
                End(); // nobody will listen to the answers
            }
        }
    }

    /// <summary>Runs one scenario.</summary>
    internal KernelRun Run(Scenario scenario) => Run([scenario]).Single();

    /// <summary>Runs one scenario in a kernel that has done nothing else, and waits until it has said everything.</summary>
    internal KernelRun RunAlone(Scenario scenario)
    {
        End();
        KernelRun run = Run(scenario);
        if (run.Incident is null && !kernel!.End())
        {
            run = run with { Incident = new Incident(Trouble.Crash, scenario.Steps.Length, kernel.Console) };
        }

        run = run.Incident is null ? Complaining(run) : run;
        End();
        return run;
    }

    public void Dispose() => End();

    private void AskAhead(IEnumerator<Scenario> source, Queue<Scenario> asked)
    {
        if (kernel is null)
        {
            kernel = RunningKernel.Boot(program, processor);
            consoleRead = 0;
            Boots++;
            foreach (Scenario scenario in asked)
            {
                Ask(scenario);
            }
        }

        while (asked.Count < Ahead && source.MoveNext())
        {
            asked.Enqueue(source.Current);
            Ask(source.Current);
        }
    }

    private void End()
    {
        kernel?.Dispose();
        kernel = null;
    }

    private void Ask(Scenario scenario)
    {
        kernel!.Send(Requests.Of(scenario, "scenario"));
        kernel.Send(Requests.End);
    }

    private KernelRun Listen(Scenario scenario)
    {
        int steps = scenario.Steps.Length;
        var answers = new List<byte[]>(steps + 1);
        while (answers.Count <= steps + 1)
        {
            if (kernel!.Answer(out Trouble trouble) is not { } answer)
            {
                return new KernelRun(scenario, answers, new Incident(trouble, answers.Count - 1, kernel.Console));
            }

            answers.Add(answer);
        }

        answers.RemoveAt(steps + 1); // that to Requests.End
        return Complaining(new KernelRun(scenario, answers, null));
    }

    private KernelRun Complaining(KernelRun run)
    {
        string console = kernel!.Console;
        string news = console[Math.Min(consoleRead, console.Length)..];
        consoleRead = console.Length;
        return Incident.IsComplaint(news)
            ? run with { Incident = new Incident(Trouble.Complaint, run.Scenario.Steps.Length, news) }
            : run;
    }
}
