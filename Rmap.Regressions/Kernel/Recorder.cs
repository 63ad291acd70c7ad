namespace Rmap.Regressions.Kernel;

/// <summary>
/// Records scenarios, each twice: in two boots, the second time in the opposite order. A recording stands for its kernel only if both
/// are the same, byte by byte.
/// </summary>
/// <param name="program">The kernel.</param>
/// <param name="folder">Where the recordings go: NAME.json.</param>
/// <param name="kernels">Kernels at once.</param>
internal sealed class Recorder(KernelProgram program, string folder, int kernels)
{
    /// <summary>Records; says of each recording that is not to be had, or not twice the same, why.</summary>
    /// <exception cref="KernelException">The kernel does not start.</exception>
    internal IReadOnlyList<string> Record(IReadOnlyList<Sequence> sequences)
    {
        Directory.CreateDirectory(folder);
        List<string> problems = Pass(sequences, Write);
        problems.AddRange(Pass([.. sequences.Reverse()], Compare));
        return [.. problems.Distinct().Order(StringComparer.Ordinal)];
    }

    private string PathOf(KernelRun run) => Path.Combine(folder, run.Sequence.Name + ".json");

    private string? Write(KernelRun run)
    {
        File.WriteAllBytes(PathOf(run), run.ToFile());
        return null;
    }

    private string? Compare(KernelRun run)
    {
        string path = PathOf(run);
        if (File.Exists(path) && run.ToFile().AsSpan().SequenceEqual(File.ReadAllBytes(path)))
            return null;

        File.Delete(path);
        return $"{run.Sequence.Name}: another boot gave another recording.";
    }

    private List<string> Pass(IReadOnlyList<Sequence> sequences, Func<KernelRun, string?> use)
    {
        var problems = new List<string>();
        Parallel.For(0, kernels, new ParallelOptions { MaxDegreeOfParallelism = kernels }, kernel =>
        {
            using var runner = new KernelRunner(program, kernel);
            foreach (KernelRun run in runner.Run(sequences.Where((_, i) => i % kernels == kernel)))
            {
                string? problem = run.Incident is { } incident
                    ? $"{run.Sequence.Name}: {incident.Title} at step {incident.Step + 1}."
                    : use(run);
                if (problem is not null)
                {
                    lock (problems)
                    {
                        problems.Add(problem);
                    }
                }
            }
        });

        return problems;
    }
}
