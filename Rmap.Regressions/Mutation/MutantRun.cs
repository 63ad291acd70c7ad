using System.Collections.Concurrent;
using Process = System.Diagnostics.Process;
using ProcessStartInfo = System.Diagnostics.ProcessStartInfo;

namespace Rmap.Regressions.Mutation;

/// <summary>What became of a mutant.</summary>
/// <param name="IsKilled">Whether a test has failed.</param>
/// <param name="By">The test, or what else happened.</param>
internal sealed record Verdict(bool IsKilled, string By);

/// <summary>
/// Measures a commit: its tree, built apart; the model with all mutants in it; what each test reaches; then the mutants, on several
/// processors. Each stage leaves a file behind, the last one a line for each mutant: what was interrupted goes on where it was.
/// </summary>
internal sealed class MutantRun
{
    private readonly string checkout;
    private readonly string folder;
    private readonly string tree;

    internal MutantRun(string checkout)
    {
        this.checkout = checkout;
        Commit = Git("rev-parse", "--short=12", "HEAD");
        folder = Path.Combine(checkout, "artifacts", "mutation", Commit);
        tree = Path.Combine(folder, "tree");
        Directory.CreateDirectory(folder);
    }

    /// <summary>What is measured. Changes that are not committed are not.</summary>
    internal string Commit { get; }

    private string Output => Path.Combine(tree, "Rmap.Regressions", "bin", "Release", "net10.0");

    private string Program => Path.Combine(Output, "Rmap.Regressions.dll");

    private string ReachFile => Path.Combine(folder, "reach.tsv");

    private string VerdictFile => Path.Combine(folder, "verdicts.tsv");

    /// <summary>Builds the commit, plants the mutants and looks what the tests reach, as far as that has not been done.</summary>
    internal IReadOnlyList<Mutant> Prepare()
    {
        if (!File.Exists(VerdictFile))
        {
            Directory.CreateDirectory(tree);
            Git("archive", "-o", Path.Combine(folder, "tree.tar"), Commit);
            Run(tree, "tar", "xf", Path.Combine(folder, "tree.tar"));
            Run(
                tree, "dotnet", "build", "Rmap.Regressions", "-c", "Release", "-v", "q",
                "-p:EmitCompilerGeneratedFiles=true", "-p:RunAnalyzers=false");
        }

        string model = Path.Combine(tree, "Rmap.Model");
        IReadOnlyList<Mutant> mutants = new MutatedModel(model, Path.Combine(model, "obj", "Release", "net10.0"))
            .Write(Path.Combine(Output, "Rmap.Model.dll"));
        if (!File.Exists(VerdictFile))
        {
            Run(tree, "dotnet", Program, "mutants", "--reach", ReachFile);
            File.WriteAllLines(VerdictFile, KilledBefore());
        }

        return mutants;
    }

    /// <summary>What has been measured so far: what became of the mutants, by their keys.</summary>
    internal IReadOnlyDictionary<string, Verdict> Measured() => Read(VerdictFile).ToDictionary();

    /// <summary>Measures those that have not been yet.</summary>
    internal void Measure(IReadOnlyList<Mutant> mutants, IEnumerable<int> chosen, int workers, Action<int, int> progress)
    {
        IReadOnlyDictionary<string, Verdict> measured = Measured();
        (IReadOnlySet<int> once, IReadOnlyList<Reach> reaches) = Reach.Read(ReachFile);
        ILookup<bool, int> left = chosen.Where(number => !measured.ContainsKey(mutants[number].Key))
            .ToLookup(number => once.Contains(number) || reaches.Any(reach => reach.Mutants.Contains(number)));
        int done = 0;
        using var verdicts = new StreamWriter(new FileStream(VerdictFile, FileMode.Append, FileAccess.Write, FileShare.Read));
        void Tell(int mutant, string verdict)
        {
            lock (verdicts)
            {
                verdicts.WriteLine($"{mutants[mutant].Key}\t{verdict}");
                verdicts.Flush();
                progress(++done, left.Sum(part => part.Count()));
            }
        }

        foreach (int mutant in left[false])
            Tell(mutant, "survived\tno test reaches it");

        var queue = new ConcurrentQueue<int>(left[true]);
        Task.WaitAll([.. Enumerable.Range(0, workers).Select(_ => Task.Factory.StartNew(
            () => Work(queue, once, Tell), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))]);
    }

    /// <summary>
    /// One worker after the other. A mutant that spoils what is static, or comes after such a one, that ends its worker, or that is reached
    /// only as what is static is made, is tried in a process of its own.
    /// </summary>
    private void Work(ConcurrentQueue<int> queue, IReadOnlySet<int> once, Action<int, string> tell)
    {
        WorkerProcess? worker = null;
        while (queue.TryDequeue(out int mutant))
        {
            string? answer = null;
            if (!once.Contains(mutant))
            {
                worker ??= new WorkerProcess(Program, ReachFile, null);
                answer = worker.Ask(mutant);
                if (answer is null or MutantWorker.Spoiled)
                {
                    worker.Dispose();
                    worker = null;
                }
            }

            if (answer is null or MutantWorker.Spoiled)
            {
                using var own = new WorkerProcess(Program, ReachFile, mutant);
                answer = own.Ask(mutant) ?? "killed\tends the process";
            }

            tell(mutant, answer);
        }

        worker?.Dispose();
    }

    /// <summary>
    /// What was killed before in the same model, measured at another commit: tests are only added, so it need not be tried again, as what
    /// has survived must.
    /// </summary>
    private IEnumerable<string> KilledBefore() =>
        from file in Directory.GetFiles(Path.GetDirectoryName(folder)!, "verdicts.tsv", SearchOption.AllDirectories)
        where file != VerdictFile && HasSameModel(Path.GetFileName(Path.GetDirectoryName(file)!))
        from verdict in Read(file)
        where verdict.Value.IsKilled
        group verdict.Value by verdict.Key into same
        select $"{same.Key}\tkilled\t{same.First().By}";

    private bool HasSameModel(string commit) =>
        Git("diff", "--name-only", commit, Commit, "--", "Rmap.Model/*.cs").Length == 0;

    private static IEnumerable<KeyValuePair<string, Verdict>> Read(string file) =>
        from line in File.ReadAllLines(file)
        let parts = line.Split('\t')
        where parts.Length == 7
        select KeyValuePair.Create(string.Join('\t', parts[..5]), new Verdict(parts[5] == "killed", parts[6]));

    private string Git(params string[] arguments) => Run(checkout, "git", arguments).Trim();

    private static string Run(string folder, string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}, in {folder}.\n{output}");
    }
}
